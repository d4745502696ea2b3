"""What changed between two standards: 原规定, 新规定, 变化, a line a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

from dingji.scheme.model import Scheme
from dingji.scheme.sentences import sentences

ADDED, REMOVED, CHANGED = "新增", "删去", "修改"


@dataclass(frozen=True)
class Change:
    """One difference, in the section where it stands; "" on the side that lacks it."""

    section: str
    before: str
    after: str

    @property
    def kind(self) -> str:
        """Say whether something was added, removed or changed."""
        return ADDED if not self.before else REMOVED if not self.after else CHANGED


def compare(before: Scheme, after: Scheme) -> list[Change]:
    """Return the sentences that differ, section by section; a changed sentence stands beside the one it replaced."""
    old, new = dict(sentences(before)), dict(sentences(after))
    changes = []
    for section in dict.fromkeys([*old, *new]):
        changes += _changes(section, old.get(section, []), new.get(section, []))
    return changes


def _changes(section: str, before: list[str], after: list[str]) -> list[Change]:
    changes = []
    for tag, old_from, old_to, new_from, new_to in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        olds, news = before[old_from:old_to], after[new_from:new_to]
        pairs = max(len(olds), len(news))
        olds, news = olds + [""] * (pairs - len(olds)), news + [""] * (pairs - len(news))
        changes += [Change(section, old.strip(), new.strip()) for old, new in zip(olds, news, strict=True)]
    return changes
