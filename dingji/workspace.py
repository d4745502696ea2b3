"""The workspace: where its folders are, and config.toml → Settings."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from dingji.round_days import DATE_WORDS, Round, RoundDays, Section, calendar_findings, is_date
from dingji.scheme.finding import Finding
from dingji.scheme.load import read_toml, validated
from dingji.scheme.positions import line_of

__all__ = [
    "Office",
    "Privacy",
    "ReportChoice",
    "Round",
    "RoundDays",
    "Section",
    "Settings",
    "StandardChoice",
    "Summary",
    "Workspace",
    "load_settings",
]


class Office(Section):
    """Whose grading it is, as printed on papers."""

    name: str = ""
    preparer: str = ""
    reviewer: str = ""
    phone: str = ""
    date: str = ""


class StandardChoice(Section):
    """Which standard grades which category of branches."""

    default: str
    by_category: dict[str, str] = Field(default_factory=dict)


class Summary(Section):
    """How 汇总表 is grouped and its shares rounded."""

    by: Literal["上级党组织", "类别", "层级"] = "上级党组织"
    shares: Literal["plain", "forced"] = "plain"


class Privacy(Section):
    """Floors below which a figure is withheld outside 内部/ and 上会/."""

    ballots: Annotated[int, Field(ge=0)] = 5
    raters: Annotated[int, Field(ge=0)] = 3


class ReportChoice(Section):
    """What the superior's copies show."""

    places: bool = False


class Settings(Section):
    """Everything that config.toml says."""

    office: Office = Office()
    round: Round
    calendar: list[RoundDays] = Field(default_factory=list)
    standard: StandardChoice
    choices: dict[str, dict[str, Any]] = Field(default_factory=dict)
    summary: Summary = Summary()
    privacy: Privacy = Privacy()
    report: ReportChoice = ReportChoice()

    @property
    def current(self) -> Round:
        """Return the round being graded, with its days wherever config tells them."""
        days = self.days_of(self.round.name)
        return self.round.model_copy(update={"begins": days.begins, "ends": days.ends})

    def days_of(self, round_name: str) -> RoundDays:
        """Return what is known of a round's days; for the current one `[round]` may tell them too."""
        listed = next((days for days in self.calendar if days.round == round_name), RoundDays(round=round_name))
        if round_name != self.round.name:
            return listed
        own = {"begins": listed.begins or self.round.begins, "ends": listed.ends or self.round.ends}
        return listed.model_copy(update=own)


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

    def read_input(self, path: str) -> bytes:
        """Return the bytes of a file in `input/` by its path there."""
        return (self.inputs / path).read_bytes()

    @property
    def outputs(self) -> Path:
        """Return the folder that results are put into."""
        return self.root / "output"

    @property
    def handouts(self) -> Path:
        """Return the folder for forms to hand out."""
        return self.root / "发放"

    @property
    def mails(self) -> Path:
        """Return the folder for what is to be sent."""
        return self.root / "邮件"

    @property
    def schemes(self) -> Path:
        """Return the folder of standards."""
        return self.root / "schemes"


def load_settings(raw: bytes) -> tuple[Settings | None, list[Finding]]:
    """Read config.toml from its bytes; all mistakes at once, None where there is one."""
    data, text, findings = read_toml(raw)
    if findings:
        return None, findings
    settings, findings = validated(Settings, data, text)
    findings += _office_findings(settings, text) if settings else []
    findings += calendar_findings(settings.round, settings.calendar, text) if settings else []
    return (None if findings else settings), findings


def _office_findings(settings: Settings, text: str) -> list[Finding]:
    path = ("office", "date")
    return [] if is_date(settings.office.date) else [Finding("error", path, DATE_WORDS, line_of(text, path))]
