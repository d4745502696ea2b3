"""The workspace: where its folders are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dingji.engine.inputs import REMOTE, Inputs
from dingji.settings import Engine


@dataclass(frozen=True)
class Workspace:
    """The folders of one grading office."""

    root: Path

    @property
    def config(self) -> Path:
        """Return config.toml."""
        return self.root / "config.toml"

    @property
    def inputs(self) -> Path:
        """Return the folder that filled workbooks are dropped into."""
        return self.root / "input"

    def input_of(self, engine: Engine) -> Inputs:
        """Return where the input lies: `input/`, or what config says (a folder may be told from the workspace on)."""
        return Inputs(engine.input if REMOTE in engine.input else str(self.root / (engine.input or self.inputs)))

    @property
    def outputs(self) -> Path:
        """Return the folder that results are put into."""
        return self.root / "output"

    @property
    def handouts(self) -> Path:
        """Return the folder for forms to hand out."""
        return self.root / "发放"

    @property
    def blanks(self) -> Path:
        """Return the folder of blank forms, one below it a standard."""
        return self.root / "templates" / "forms"

    @property
    def mails(self) -> Path:
        """Return the folder for what is to be sent."""
        return self.root / "邮件"

    @property
    def schemes(self) -> Path:
        """Return the folder of standards."""
        return self.root / "schemes"
