"""Rooms and modules stand in an order: none imports one that imports it, at its head or within a function."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

PROGRAM = Path(__file__).parents[1]


def imports() -> Iterator[tuple[str, str]]:
    """Yield every import of a module of the program by another."""
    modules = {
        ".".join(path.relative_to(PROGRAM).with_suffix("").parts): path for path in PROGRAM.glob("dingji/**/*.py")
    }
    for module, path in modules.items():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                named = [f"{node.module}.{alias.name}" for alias in node.names]
                found = [name for name in (node.module, *named) if name in modules]
                yield from ((module, name) for name in found or [f"{node.module}.__init__"] if name in modules)


def room(module: str) -> str:
    """Return a module's room, itself where it is in none."""
    return module.split(".")[1]


def test_modules_and_rooms_stand_in_an_order() -> None:
    """A circle raises, and names its members."""
    modules: TopologicalSorter[str] = TopologicalSorter()
    rooms: TopologicalSorter[str] = TopologicalSorter()
    for importer, imported in imports():
        modules.add(importer, imported)
        if room(importer) != room(imported):
            rooms.add(room(importer), room(imported))
    order = [*modules.static_order()]
    assert order.index("dingji.cli.console") < order.index("dingji.cli.run")
    assert [*rooms.static_order()][-1] == "cli"
