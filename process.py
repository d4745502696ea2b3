"""Make the environment on the first run, then hand over to dingji.cli.main.

Standard library only. Parses on Python 3.6, so that an old interpreter can be told so in Chinese.
"""

import os
import subprocess
import sys
from typing import Callable, Sequence, TextIO

ROOT = os.path.dirname(os.path.abspath(__file__))
OLDEST = (3, 11)
MARKER = "dingji-environment.txt"
RUN = ("requirements.txt",)
TEST = ("requirements.txt", "requirements-test.txt")
OLD = "本程序需要 Python 3.11 或更新的版本，现在用的是 {}.{}。请到 www.python.org 下载安装新版本后再运行。"
NO_VENV = "本机的 Python 缺少 venv 或 pip 组件。Windows 请装官网的完整版，Linux 请装 python3-venv。"
NOT_WRITABLE = "无法写入 {}。请先关闭正在使用本程序的窗口；仍不行的，把整个文件夹复制到 D 盘再运行。"
INSIDE = "当前窗口启用的 .venv 已经过期。请先退出它（deactivate），再用系统的 Python 运行一次。"
TEST_USAGE = "用法：python process.py test [pytest 的参数]\n装好测试所需的组件，运行全部测试。"
# What pip says in English, and what it means; the first that fits is told.
PIP_TROUBLES = {
    "no space left": "磁盘空间不足，请清理后再运行。",
    "long path": "文件夹路径太长，请把整个文件夹移到较短的路径再运行。",
    "connection|timed out|proxy|ssl|name resolution|getaddrinfo": "连不上网络，或被单位防火墙拦截。"
    "可在能上网的电脑上备好 wheels 文件夹，放到本文件夹下再运行。",
    "permission denied|access is denied": NOT_WRITABLE.format(".venv 文件夹"),
    "no matching distribution": "没有取到适合本机系统和 Python 版本的组件，也可能连不上软件源。"
    "用 wheels 文件夹的，请按同样的系统和版本重新备。",
}


class SetupError(Exception):
    """The environment could not be made; the text says why, in Chinese."""


def say(text: str) -> None:
    """Print to the error stream: standard output belongs to the command."""
    print(text, file=sys.stderr, flush=True)


def old_python_message(version: Sequence[int]) -> str:
    """Say that this Python version is too old; empty when it will do."""
    return "" if tuple(version[:2]) >= OLDEST else OLD.format(*version[:2])


def tame_streams() -> None:
    """Let no character raise that the console lacks; write to a pipe in the machine's own encoding."""
    for stream in (sys.stdout, sys.stderr):
        if not hasattr(stream, "reconfigure"):  # Python 3.6, or no console at all
            continue
        stream.reconfigure(errors="replace")
        chosen = "PYTHONIOENCODING" in os.environ or "PYTHONUTF8" in os.environ
        if getattr(sys.flags, "utf8_mode", 0) and not chosen and not stream.isatty():
            import codecs
            import locale

            encoding = codecs.lookup(locale.getencoding()).name
            stream.reconfigure(encoding="utf-8" if encoding == "ascii" else encoding)


def venv_python(root: str) -> str:
    """Return where the environment's interpreter stands."""
    return os.path.join(root, ".venv", *(("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")))


def marker_lines(root: str, names: Sequence[str]) -> "list[str]":
    """Return what the marker of a whole environment says: place, interpreter, a SHA-256 for each file."""
    import hashlib

    lines = ["folder=" + os.path.normcase(root), "interpreter=" + os.path.realpath(venv_python(root))]
    for name in names:
        with open(os.path.join(root, name), "rb") as file:
            lines.append(name + "=" + hashlib.sha256(file.read()).hexdigest())
    return lines


def read_lines(root: str, name: str) -> "list[str]":
    """Return the lines of a file in `.venv`; none when it is not there."""
    path = os.path.join(root, ".venv", name)
    if not os.path.isfile(path):
        return []
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read().splitlines()


def is_fresh(root: str, names: Sequence[str]) -> bool:
    """Tell whether `.venv` is whole, has not moved, and holds these requirements."""
    lines = read_lines(root, "pyvenv.cfg")
    homes = [line.split("=", 1)[1].strip() for line in lines if line.startswith("home =")]
    # On Windows .venv only has a launcher, so the Python it was made from must stand as well.
    stands = os.path.isfile(venv_python(root)) and bool(homes) and os.path.isdir(homes[0])
    return stands and set(marker_lines(root, names)) <= set(read_lines(root, MARKER))


def is_inside(root: str) -> bool:
    """Tell whether this interpreter is the one in `.venv`."""
    folder = os.path.join(root, ".venv")
    return os.path.isdir(folder) and os.path.samefile(sys.prefix, folder)


def make_venv(root: str) -> None:
    """Make an empty `.venv` in place of whatever stands there."""
    import importlib.util
    import shutil

    if not all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")):
        raise SetupError(NO_VENV)
    folder = os.path.join(root, ".venv")
    if read_lines(root, MARKER):  # first: a half-removed environment must not pass for a whole one
        os.remove(os.path.join(folder, MARKER))
    if os.path.isdir(folder):
        shutil.rmtree(folder)
    import venv

    venv.EnvBuilder(symlinks=os.name != "nt").create(folder)


def pip_trouble(said: "list[str]") -> str:
    """Put pip's English into a Chinese reason, with its own last lines below."""
    text = "\n".join(said).lower()
    reasons = [reason for words, reason in PIP_TROUBLES.items() if any(w in text for w in words.split("|"))]
    return "\n".join(["安装组件没有成功。", *reasons[:1], "详细信息：", *said[-3:]])


def pip_install(root: str, name: str) -> None:
    """Install a requirements file, from `wheels/` where that is present, telling each package."""
    python = [venv_python(root), "-X", "utf8", "-m"]
    if subprocess.run([*python, "ensurepip", "--default-pip"], stdout=subprocess.DEVNULL).returncode:
        raise SetupError(NO_VENV)
    wheels = os.path.join(root, "wheels")
    offline = ["--no-index", "--find-links", wheels] if os.path.isdir(wheels) else []
    options = ["--disable-pip-version-check", "--no-input", "--only-binary", ":all:", *offline]
    command = [*python, "pip", "install", *options, "-r", os.path.join(root, name)]
    said = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as pip:
        for line in pip.stdout or ():
            said.append(line.decode("utf-8", "replace").rstrip())
            if said[-1].startswith(("Collecting ", "Processing ")):
                say("  正在取 " + os.path.basename(said[-1].split(" ", 1)[1].split(" (from ")[0]))
            elif said[-1].startswith("Installing collected"):
                say("  正在安装，请稍候……")
    if pip.returncode:
        raise SetupError(pip_trouble(said))


def take_lock(file: TextIO) -> bool:
    """Try to lock a file; the system frees it when its holder closes it or dies."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):  # another window holds it
        return False
    return True


def wait_for_lock(file: TextIO) -> None:
    """Wait until no other window makes the environment, then keep others out."""
    import time

    if not take_lock(file):
        say("另一个窗口正在准备环境，请稍候……")
        while not take_lock(file):
            time.sleep(0.3)


def prepare(root: str, names: Sequence[str], install: "Callable[[str, str], None]") -> None:
    """Make `.venv`, or add the test requirements to one that only lacks those; write the marker last."""
    say("第一次运行或组件有更新，正在准备环境（约需几分钟，只需一次）……")
    tested = any(line.startswith(TEST[-1]) for line in read_lines(root, MARKER))
    if tested or not is_fresh(root, RUN):
        make_venv(root)
    install(root, names[-1])
    with open(os.path.join(root, ".venv", MARKER), "w", encoding="utf-8") as file:
        file.write("\n".join(marker_lines(root, names)) + "\n")
    say("环境已准备好。")


def ensure(root: str, names: Sequence[str], install: "Callable[[str, str], None]" = pip_install) -> None:
    """Make the environment unless it is whole; raise SetupError with a reason in Chinese."""
    import errno

    try:
        if is_fresh(root, names):
            return
        if is_inside(root):
            raise SetupError(INSIDE)
        with open(os.path.join(root, ".venv.lock"), "a", encoding="utf-8") as file:
            wait_for_lock(file)
            if not is_fresh(root, names):  # another window may just have made it
                prepare(root, names, install)
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise SetupError(NOT_WRITABLE.format(error.filename or root)) from error
        raise SetupError("准备环境时出错：" + str(error)) from error


def pass_through(command: "list[str]", folder: str = os.curdir) -> int:
    """Run a command to its end and return its exit status; Ctrl-C reaches it from the console itself."""
    process = subprocess.Popen(command, cwd=folder)
    while True:
        try:
            code = process.wait()
        except KeyboardInterrupt:
            continue
        return code if code >= 0 else 128 - code


def hand_over(arguments: "list[str]") -> int:
    """Run the command line in this interpreter."""
    import pathlib

    from dingji.cli.main import main as command_line

    return command_line(arguments, pathlib.Path(ROOT))


def run(arguments: "list[str]") -> int:
    """Run one command, or the tests, in an environment made where needed; return the exit status."""
    testing = arguments[:1] == ["test"]
    ensure(ROOT, TEST if testing else RUN)
    python = [venv_python(ROOT), "-X", "utf8"]
    if testing:
        return pass_through([*python, "-m", "pytest", *arguments[1:]], ROOT)
    if is_inside(ROOT) and sys.flags.utf8_mode:
        return hand_over(arguments)
    return pass_through([*python, os.path.abspath(__file__), *arguments])


def main(arguments: "list[str]") -> int:
    """Say what stands in the way, print help without installing, or run; return the exit status."""
    tame_streams()
    asks_help = "-h" in arguments or "--help" in arguments
    message = old_python_message(sys.version_info[:2])
    if not message and asks_help and arguments[0] == "test":
        print(TEST_USAGE)
        return 0
    try:
        if not message:
            return hand_over(arguments) if asks_help else run(arguments)
    except SetupError as error:
        message = str(error)
    except KeyboardInterrupt:
        message = "已中断。"
    say(message)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
