"""The bootstrap, the batch file and the pins: what must work before anything is installed."""

import ast
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import process
from tests import conftest

PROJECT = Path(process.__file__).parent
PINS = ("requirements.txt", "requirements-test.txt")
PLAIN = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "COV"))}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a project folder with blanks and Chinese in its path, and two small requirements files."""
    folder = tmp_path / "党办 资料"
    folder.mkdir()
    (folder / "requirements.txt").write_text("one==1\n", encoding="utf-8")
    (folder / "requirements-test.txt").write_text("-r requirements.txt\ntwo==2\n", encoding="utf-8")
    return folder


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Copy the bootstrap beside a command line that prints what it was given."""
    copy = tmp_path / "党办 资料"
    (copy / "dingji" / "cli").mkdir(parents=True)
    for name in ("process.py", *PINS):
        shutil.copy(PROJECT / name, copy)
    (copy / "dingji" / "cli" / "main.py").write_text(
        "import sys\n"
        "def main(arguments, root):\n"
        "    print('支部䶮', *arguments, root.name, sys.prefix, sys.flags.utf8_mode)\n"
        "    return 7\n",
        encoding="utf-8",
    )
    return copy


class Install:
    """Stands for pip: notes what was asked, and can break off half-way as a lost network does."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.breaks = False

    def __call__(self, root: str, name: str) -> None:
        assert Path(process.venv_python(root)).is_file()
        self.asked.append(name)
        if self.breaks:
            raise process.SetupError(name)


def run(copy: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, str(copy / "process.py"), *arguments]
    return subprocess.run(command, env=PLAIN | environment, capture_output=True, check=False, timeout=60)


def made(folder: Path, names: tuple[str, ...] = process.RUN) -> Install:
    install = Install()
    process.ensure(str(folder), names, install)
    return install


# --- the interpreter -------------------------------------------------------------------------------------


def test_parses_on_python_3_6() -> None:
    source = (PROJECT / "process.py").read_text(encoding="utf-8")
    tree = ast.parse(source, feature_version=(3, 6))
    imported = [
        node.module if isinstance(node, ast.ImportFrom) else node.names[0].name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert "__future__" not in imported
    packages = {str(name).partition(".")[0] for name in imported}
    assert packages - sys.stdlib_module_names == {"dingji"}


@pytest.mark.parametrize("version", [(3, 6, 15), (3, 10, 13), (2, 7, 18)])
def test_old_python_is_told_in_chinese(version: tuple[int, ...]) -> None:
    assert f"现在用的是 {version[0]}.{version[1]}。" in process.old_python_message(version)


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 14, 1), (4, 0, 0)])
def test_new_python_will_do(version: tuple[int, ...]) -> None:
    assert process.old_python_message(version) == ""


def test_main_stops_on_old_python(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(process, "OLDEST", (99, 0))
    assert process.main(["--help"]) == 2
    assert capsys.readouterr().err.startswith("本程序需要 Python 3.11 或更新的版本")


# --- help, streams ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], ["explain", "--help"]])
def test_help_never_installs(copy: Path, arguments: list[str]) -> None:
    done = run(copy, *arguments, PYTHONIOENCODING="utf-8")
    assert done.returncode == 7
    assert f"支部䶮 {' '.join(arguments)} 党办 资料" in done.stdout.decode()
    assert not (copy / ".venv").exists()


def test_help_of_the_tests_never_installs(copy: Path) -> None:
    done = run(copy, "test", "--help", PYTHONIOENCODING="utf-8")
    assert (done.returncode, done.stdout.decode().splitlines()) == (0, process.TEST_USAGE.splitlines())
    assert not (copy / ".venv").exists()


def test_gbk_output_never_raises(copy: Path) -> None:
    done = run(copy, "--help", PYTHONIOENCODING="gbk")
    assert done.returncode == 7, done.stderr
    assert done.stdout.decode("gbk").startswith("支部? --help")


# --- the environment -------------------------------------------------------------------------------------


def test_first_run_makes_the_environment_and_the_second_does_not(folder: Path) -> None:
    assert not process.is_fresh(str(folder), process.RUN)
    assert made(folder).asked == ["requirements.txt"]
    assert process.is_fresh(str(folder), process.RUN)
    assert made(folder).asked == []


def test_environment_in_a_path_with_blanks_and_chinese_runs(folder: Path) -> None:
    made(folder)
    command = [process.venv_python(str(folder)), "-X", "utf8", "-c", "import sys; print(sys.prefix)"]
    done = subprocess.run(command, env=PLAIN, capture_output=True, encoding="utf-8", check=True)
    assert Path(done.stdout.strip()).samefile(folder / ".venv")


def test_changed_requirements_rebuild(folder: Path) -> None:
    made(folder)
    left_over = folder / ".venv" / "left-over"
    left_over.touch()
    (folder / "requirements.txt").write_text("one==2\n", encoding="utf-8")
    assert made(folder).asked == ["requirements.txt"]
    assert not left_over.exists()


def test_half_made_environment_is_rebuilt(folder: Path) -> None:
    install = Install()
    install.breaks = True
    with pytest.raises(process.SetupError):
        process.ensure(str(folder), process.RUN, install)
    assert (folder / ".venv").is_dir()
    assert not process.is_fresh(str(folder), process.RUN)
    assert made(folder).asked == ["requirements.txt"]


def test_rebuild_that_breaks_off_leaves_no_marker(folder: Path) -> None:
    made(folder)
    (folder / "requirements.txt").write_text("one==2\n", encoding="utf-8")
    install = Install()
    install.breaks = True
    with pytest.raises(process.SetupError):
        process.ensure(str(folder), process.RUN, install)
    (folder / "requirements.txt").write_text("one==1\n", encoding="utf-8")
    assert not process.is_fresh(str(folder), process.RUN)


def test_moved_folder_is_rebuilt(folder: Path) -> None:
    made(folder)
    moved = folder.with_name("新位置")
    shutil.copytree(folder, moved, symlinks=True)
    assert not process.is_fresh(str(moved), process.RUN)
    assert process.is_fresh(str(folder), process.RUN)


def test_missing_interpreter_is_rebuilt(folder: Path) -> None:
    made(folder)
    Path(process.venv_python(str(folder))).unlink()
    assert not process.is_fresh(str(folder), process.RUN)


def test_removed_base_python_is_rebuilt(folder: Path) -> None:
    made(folder)
    settings = folder / ".venv" / "pyvenv.cfg"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(re.sub("(?m)^home = .*$", "home = /no/such/python", text), encoding="utf-8")
    assert not process.is_fresh(str(folder), process.RUN)


def test_test_set_is_added_and_then_serves_both(folder: Path) -> None:
    made(folder)
    kept = folder / ".venv" / "kept"
    kept.touch()
    assert not process.is_fresh(str(folder), process.TEST)
    assert made(folder, process.TEST).asked == ["requirements-test.txt"]
    assert kept.exists()
    assert made(folder, process.RUN).asked == []


def test_changed_test_set_rebuilds_for_tests_only(folder: Path) -> None:
    made(folder, process.TEST)
    (folder / "requirements-test.txt").write_text("-r requirements.txt\ntwo==3\n", encoding="utf-8")
    assert made(folder, process.RUN).asked == []
    left_over = folder / ".venv" / "left-over"
    left_over.touch()
    assert made(folder, process.TEST).asked == ["requirements-test.txt"]
    assert not left_over.exists()


def test_two_first_runs_make_one_environment(folder: Path) -> None:
    began, may_end = threading.Event(), threading.Event()
    first, second = Install(), Install()

    def slow(root: str, name: str) -> None:
        began.set()
        assert may_end.wait(20)
        first(root, name)

    one = threading.Thread(target=process.ensure, args=(str(folder), process.RUN, slow))
    two = threading.Thread(target=process.ensure, args=(str(folder), process.RUN, second))
    one.start()
    assert began.wait(20)
    two.start()
    may_end.set()
    one.join(20)
    two.join(20)
    assert (first.asked, second.asked) == (["requirements.txt"], [])


def test_lock_of_a_dead_run_is_free(folder: Path) -> None:
    (folder / ".venv.lock").write_text("left by a run that died", encoding="utf-8")
    assert made(folder).asked == ["requirements.txt"]


def test_lock_held_is_not_taken(folder: Path) -> None:
    with (folder / "lock").open("a") as holder, (folder / "lock").open("a") as other:
        assert process.take_lock(holder)
        assert not process.take_lock(other)


def test_missing_requirements_file_is_told(folder: Path) -> None:
    made(folder)
    (folder / "requirements.txt").unlink()
    with pytest.raises(process.SetupError, match=r"准备环境时出错：.*requirements\.txt"):
        process.ensure(str(folder), process.RUN, Install())


def test_python_without_venv_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    with pytest.raises(process.SetupError, match="python3-venv"):
        process.make_venv(str(folder))


def test_unwritable_folder_is_told(folder: Path) -> None:
    def refuse(root: str, name: str) -> None:
        raise PermissionError(13, "Permission denied", f"{root}/{name}")

    with pytest.raises(process.SetupError, match=r"无法写入 .*requirements\.txt"):
        process.ensure(str(folder), process.RUN, refuse)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("WARNING: Retrying after connection broken by 'NewConnectionError'", "连不上网络"),
        ("OSError: [Errno 28] No space left on device", "磁盘空间不足"),
        ("ERROR: No matching distribution found for one==1", "没有取到适合本机"),
    ],
)
def test_pip_trouble_is_told_in_chinese(line: str, reason: str) -> None:
    told = process.pip_trouble(["Collecting one==1", line])
    assert told.startswith(f"安装组件没有成功。\n{reason}")
    assert told.endswith(line)


def test_exit_status_passes_through() -> None:
    assert process.pass_through([sys.executable, "-c", "raise SystemExit(3)"]) == 3


def test_runs_itself_in_the_environment(copy: Path) -> None:
    process.ensure(str(copy), process.RUN, Install())
    done = run(copy, "explain", "第一 党支部")
    words = done.stdout.decode("utf-8").split()
    assert done.returncode == 7, done.stderr
    assert words[1:4] == ["explain", "第一", "党支部"]
    assert words[-1] == "1"
    assert str(copy / ".venv") in done.stdout.decode("utf-8")


def test_stale_environment_in_use_is_not_removed(copy: Path) -> None:
    process.ensure(str(copy), process.RUN, Install())
    with (copy / "requirements.txt").open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    command = [process.venv_python(str(copy)), "-X", "utf8", str(copy / "process.py")]
    done = subprocess.run(command, env=PLAIN, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr.strip()) == (2, process.INSIDE)


# --- pins ------------------------------------------------------------------------------------------------


def pins(name: str) -> Iterator[Requirement]:
    for line in (PROJECT / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith(("#", "-r ")):
            yield Requirement(line)


@pytest.mark.parametrize("name", PINS)
def test_pins_are_exact_and_carry_no_address(name: str) -> None:
    text = (PROJECT / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert [str(pin) for pin in pins(name) if not re.fullmatch(r"==[0-9.]+(\.post[0-9]+)?", str(pin.specifier))] == []


def test_test_requirements_begin_with_the_program_s() -> None:
    assert (PROJECT / PINS[1]).read_text(encoding="utf-8").startswith("-r requirements.txt\n")


@pytest.mark.parametrize("names", [PINS[:1], PINS])
def test_everything_needed_is_pinned(names: tuple[str, ...]) -> None:
    wanted = [pin for name in names for pin in pins(name)]
    pinned = {plain(pin.name): pin for pin in wanted}
    assert len(pinned) == len(wanted)
    here = [pin for pin in wanted if pin.marker is None or pin.marker.evaluate()]
    needed = [Requirement(text) for pin in here for text in distribution(pin.name).requires or ()]
    real = {plain(need.name) for need in needed if need.marker is None or need.marker.evaluate({"extra": ""})}
    assert real - set(pinned) == set()


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


# --- the batch file --------------------------------------------------------------------------------------


def test_batch_file_is_gbk_with_windows_line_ends() -> None:
    data = (PROJECT / "运行.bat").read_bytes()
    assert data.count(b"\n") == data.count(b"\r\n") > 30
    text = data.decode("gbk")
    # A second byte that cmd may take for a sign of its own breaks a line where the code page is another.
    assert [sign for sign in text if ord(sign) > 127 and sign.encode("gbk")[1:2] in b'|^\\&<>%!"'] == []


def test_batch_file_opens_the_menu_and_takes_what_is_dropped_on_it() -> None:
    lines = (PROJECT / "运行.bat").read_bytes().decode("gbk").splitlines()
    assert 'cd /d "%~dp0"' in lines
    called = [line.partition("process.py")[2].strip() for line in lines if line.startswith("%DINGJI_PYTHON%")]
    assert called == ["menu", "take -- %*"]
    assert 'if not "%~1"=="" goto dropped' in lines
    labels = {line[1:] for line in lines if line.startswith(":")}
    assert set(re.findall(r"goto (\w+)", "\n".join(lines))) == labels
    assert "EnableDelayedExpansion" not in "\n".join(lines)  # a file's name may have an exclamation mark


# --- programs the tests need -----------------------------------------------------------------------------


@pytest.mark.parametrize(("ci", "outcome"), [("true", pytest.fail.Exception), ("", pytest.skip.Exception)])
def test_missing_program_skips_here_and_fails_in_ci(
    ci: str, outcome: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", ci)
    monkeypatch.setitem(conftest.PROGRAMS, "office", (("no-such-office",), ()))
    with pytest.raises(outcome, match="no-such-office"):
        conftest.demand_program("office")
