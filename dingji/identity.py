"""A thing known by which it is: what is made of it may be kept where comparing it, or hashing it, takes long."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

Thing = TypeVar("Thing")


@dataclass(frozen=True, eq=False)
class Itself(Generic[Thing]):
    """A thing that never changes, equal to itself alone; while this is kept, so is the thing, and its id is its own."""

    thing: Thing

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Itself) and self.thing is other.thing

    def __hash__(self) -> int:
        return id(self.thing)
