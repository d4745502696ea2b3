"""Standards by their titles: 设置.xlsx shows what a standard is called, and takes its title or its id."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from dingji.comparing import normal

Data = Mapping[str, Any]
Standards = Mapping[str, Data]
"""The data of the standards in the workspace, by id."""
SIGNS: Final = frozenset("=＝;；\n")
"""What parts names and values in a cell: a title with one of these could not be read back."""


@dataclass(frozen=True)
class Called:
    """The standards of a workspace: their ids, and by id the titles that tell one from the others."""

    ids: frozenset[str]
    titles: Mapping[str, str]

    @classmethod
    def of(cls, standards: Standards) -> Called:
        """Take the titles that are plain, and are neither another's title nor an id."""
        titles = {name: str(data.get("title") or "").strip() for name, data in standards.items()}
        count = Counter([*map(normal, titles.values()), *map(normal, standards)])
        told = {name: text for name, text in titles.items() if count[normal(text)] == 1 and _is_plain(text)}
        return cls(frozenset(standards), told)

    def shown(self, name: str) -> str:
        """Return what a standard is called; its id where no title tells it."""
        return self.titles.get(name, name)

    def meant(self, written: str) -> str:
        """Return the id of a standard that is written by its title or its id."""
        by_title = {normal(title): name for name, title in self.titles.items()}
        return by_title.get(normal(written), written)

    def shown_in(self, data: Data) -> dict[str, Any]:
        """Return settings with titles in place of ids where they choose standards."""
        return _chosen(data, self.shown)

    def meant_in(self, data: Data) -> dict[str, Any]:
        """Return settings with ids in place of titles."""
        return _chosen(data, self.meant)


def _is_plain(title: str) -> bool:
    return bool(title) and title[0] not in "[{\"'" and not SIGNS & set(title)


def _chosen(data: Data, named: Callable[[str], str]) -> dict[str, Any]:
    chosen = data.get("standard")
    if not isinstance(chosen, Mapping):
        return dict(data)
    changed = dict(chosen)
    if isinstance(chosen.get("default"), str):
        changed["default"] = named(chosen["default"])
    if isinstance(chosen.get("by_category"), Mapping):
        changed["by_category"] = {
            key: named(one) if isinstance(one, str) else one for key, one in chosen["by_category"].items()
        }
    return {**data, "standard": changed}
