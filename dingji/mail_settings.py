"""What the settings say of mail: by which server and account it goes, and addresses that the roster lacks.

The password is not among them: it is typed, or stands in the environment, for one sending.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Final, Literal

from pydantic import Field

from dingji.scheme.told import Section, TableWords, key

PORTS: Final = {"ssl": 465, "starttls": 587}


class Mail(Section):
    """How mail is sent, and to whom that the roster does not tell."""

    words: ClassVar = TableWords("邮件", "用哪个邮箱发、发到哪里；只写草稿的都不用填。密码不写在这里，发送时输入。")
    server: Annotated[str, key("发件服务器", "发件服务器的名称，问邮箱的管理员。", 'server = "smtp.example.cn"')] = ""
    port: Annotated[
        int | None,
        Field(ge=1, le=65535),
        key("端口", "发件服务器的端口；不写，一连上就加密的用 465，连上以后转为加密的用 587。", "port = 465"),
    ] = None
    security: Annotated[
        Literal["ssl", "starttls"],
        key(
            "加密",
            "怎样与发件服务器加密通信；不能加密的不发。",
            'security = "starttls"',
        ),
    ] = "ssl"
    certificate: Annotated[
        str,
        key(
            "根证书",
            "发件服务器用本单位自己签的证书的，写根证书文件放在工作文件夹的哪里；不写，就用系统认可的。",
            'certificate = "单位根证书.pem"',
        ),
    ] = ""
    account: Annotated[
        str, key("账号", "登录发件服务器的账号；不写，就不登录（单位内部的转发服务器）。", 'account = "dangban"')
    ] = ""
    sender: Annotated[str, key("发件邮箱", "从哪个邮箱发出，收件人看得见。", 'sender = "dangban@example.cn"')] = ""
    contacts: Annotated[
        dict[str, str],
        key(
            "收件邮箱",
            "名册“邮箱”栏里没有的收件人：名称或编码 = 邮箱；如不在名册中的上级党组织。名册里有的，以名册为准。",
            'contacts = { "甲党委" = "jia@example.cn" }',
        ),
    ] = Field(default_factory=dict)

    superior: Annotated[
        str,
        key(
            "上级邮箱",
            "结果报给上级的邮箱；上级叫什么，写在“公文”的“报告主送”。",
            'superior = "shangji@example.cn"',
        ),
    ] = ""

    @property
    def own_port(self) -> int:
        """Return the port to connect to."""
        return self.port or PORTS[self.security]
