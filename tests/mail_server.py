"""A mail server on this machine for tests: its own authority, certificate and accounts, and a record of what came."""

from __future__ import annotations

import datetime as dt
import ipaddress
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

ACCOUNT, PASSWORD = "dangban", "password-for-tests"
HOST: Final = "127.0.0.1"
FROM, UNTIL = dt.datetime(2020, 1, 1, tzinfo=dt.UTC), dt.datetime(2100, 1, 1, tzinfo=dt.UTC)


@dataclass
class Post:
    """What a server does with what comes: takes it, but for readers that it `refuses`; `before` hears of each first."""

    refuses: frozenset[str] = frozenset()
    before: Callable[[list[str]], object] = len
    """Told, before a message is taken, who got what was taken so far."""
    taken: list[tuple[list[str], bytes]] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)

    @property
    def readers(self) -> list[str]:
        """Return who got something, in order."""
        return [reader for readers, _ in self.taken for reader in readers]

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: ANN401, N802 - as the server calls it
        """Refuse some readers."""
        if address in self.refuses:
            return "550 no such reader"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: ANN401, N802 - as the server calls it
        """Take a message."""
        self.before(self.readers)
        self.taken.append((list(envelope.rcpt_tos), bytes(envelope.original_content)))
        return "250 taken"


@dataclass(frozen=True)
class Running:
    """A server at work: its port, and the settings by which the program reaches it."""

    port: int
    security: str

    def settings(self, certificate: str = "authority.pem") -> str:
        """Return the section [mail]."""
        return (
            f'server = "{HOST}"\nport = {self.port}\nsecurity = "{self.security}"\ncertificate = "{certificate}"\n'
            f'account = "{ACCOUNT}"\nsender = "dangban@example.cn"'
        )


@contextmanager
def serving(post: Post, folder: Path, security: str = "ssl") -> Iterator[Running]:
    """Run a server whose authority is put into the folder as authority.pem."""
    context = _context(folder)

    def known(_server: Any, _session: Any, _envelope: Any, _mechanism: str, told: Any) -> AuthResult:  # noqa: ANN401 - as the server calls it
        right = isinstance(told, LoginPassword) and (told.login, told.password) == (ACCOUNT.encode(), PASSWORD.encode())
        post.logins.append(ACCOUNT if right else "refused")
        return AuthResult(success=right, handled=False)

    own: dict[str, Any] = {"authenticator": known, "decode_data": False}
    if security == "ssl":
        own |= {"ssl_context": context, "auth_require_tls": False}
    else:
        own |= {"tls_context": context, "require_starttls": True, "auth_required": True}
    port = _free_port()
    controller = Controller(post, hostname=HOST, port=port, **own)
    controller.start()
    try:
        yield Running(port, security)
    finally:
        controller.stop()


def _free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        return int(taken.getsockname()[1])


def _context(folder: Path) -> ssl.SSLContext:
    """Return the server's side of TLS, by a certificate that an authority of its own has signed."""
    authority, server = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = _named("authority")
    usage = x509.KeyUsage(
        digital_signature=True, key_cert_sign=True, crl_sign=True, content_commitment=False, key_encipherment=False,
        data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    signed = _builder(root, root, authority).add_extension(
        x509.BasicConstraints(ca=True, path_length=None), critical=True
    )
    signed = signed.add_extension(usage, critical=True)
    (folder / "authority.pem").write_bytes(_pem(signed.sign(authority, hashes.SHA256())))
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(HOST))])
    own = _builder(_named("server"), root, server).add_extension(names, critical=False).sign(authority, hashes.SHA256())
    key = server.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    chain = folder / "server.pem"
    chain.write_bytes(key + _pem(own))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    return context


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _builder(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    return builder.serial_number(x509.random_serial_number()).not_valid_before(FROM).not_valid_after(UNTIL)


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)
