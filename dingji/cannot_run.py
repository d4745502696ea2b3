"""What stops a command before it has done anything: said in Chinese, and the command ends with 2."""

from __future__ import annotations

from collections.abc import Sequence


class CannotRunError(Exception):
    """The command cannot do its work: config, standard, roster or a machine is wrong. `lines` say what, in Chinese.

    It may come from another process.
    """

    def __init__(self, lines: Sequence[str]) -> None:
        """Keep the lines for the console."""
        super().__init__(lines)
        self.lines = list(lines)

    def __str__(self) -> str:
        """Return the lines as the console prints them."""
        return "\n".join(self.lines)


class TemplateFault(Exception):  # noqa: N818 - a fault of the officer's file, told in Chinese
    """A report template cannot be used; the message says which one, and what to mend."""


class BusyError(CannotRunError):
    """Another run holds the workspace."""
