"""What every test may ask for: the real programs that a person would use, and packages that only some offices need."""

import gc
import os
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

import pytest

from dingji.engine.ahead import children_kept

# For each kind: what the programs are called, and where they stand on machines that keep them off PATH.
PROGRAMS = {
    "office": (
        ("soffice", "libreoffice"),
        (
            "C:/Program Files/LibreOffice/program/soffice.exe",
            "/Applications/LibreOffice.app/Contents/MacOS/soffice",
        ),
    ),
    "pdf": (("pdftotext",), ()),
    "browser": (
        ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge"),
        (
            "C:/Program Files/Google/Chrome/Application/chrome.exe",
            "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
            "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        ),
    ),
}

PACKAGES = {"cluster": ("distributed",), "store": ("s3fs", "moto", "flask"), "typeset": ("typst",)}
"""Likewise the packages without which a kind of test cannot be run."""


def find_program(marker: str) -> Path | None:
    """Return the program that tests with this marker run, or None when the machine has none."""
    names, places = PROGRAMS[marker]
    found = [found for name in names if (found := shutil.which(name))]
    found += [place for place in places if Path(place).is_file()]
    return Path(found[0]) if found else None


def demand_program(marker: str) -> Path:
    """Return the program; without it skip the test on a user's machine, and fail it in CI."""
    return find_program(marker) or lack(f"本机没有安装所需的程序：{'、'.join(PROGRAMS[marker][0])}")


def lack(reason: str) -> NoReturn:
    """Skip the test on a user's machine, and fail it in CI."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Keep a marked test from starting without its program."""
    for marker in PROGRAMS:
        if item.get_closest_marker(marker):
            demand_program(marker)
    for marker, packages in PACKAGES.items():
        wanting = [name for name in packages if item.get_closest_marker(marker) and not find_spec(name)]
        if wanting:
            lack(f"本机没有安装所需的组件：{'、'.join(wanting)}")


@pytest.fixture
def office_program() -> Path:
    """Return the office suite's executable; give each call its own profile with -env:UserInstallation."""
    return demand_program("office")


@pytest.fixture
def browser_program() -> Path:
    """Return the browser's executable."""
    return demand_program("browser")


@pytest.fixture(autouse=True, scope="session")
def reading_process() -> Iterator[None]:
    """Let the process that reads wait for the next test, as it waits for the next command of the menu."""
    with children_kept():
        yield


def pytest_collection_finish() -> None:
    """Leave all that collecting made out of every later search for garbage: 7,000 tests stay to the end."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True, scope="module")
def little_left_behind() -> Iterator[None]:
    """Take away after each file what holds itself, workbooks above all: the program looks for that seldom."""
    yield
    gc.collect()
