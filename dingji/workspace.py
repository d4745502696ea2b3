"""The workspace: where its folders are, and config.toml → Settings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from dingji.scheme.finding import Finding
from dingji.scheme.load import read_toml, validated
from dingji.scheme.positions import line_of


class Section(BaseModel):
    """A table of config.toml: unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Office(Section):
    """Whose grading it is, as printed on papers."""

    name: str = ""
    preparer: str = ""
    reviewer: str = ""
    phone: str = ""
    date: str = ""


class Round(Section):
    """The round being graded; records between `begins` and `ends` (ISO dates, both included) belong to it."""

    year: int
    name: str
    begins: str = ""
    ends: str = ""

    @property
    def label(self) -> str:
        """Return the year and name as stamps and papers print them: `2026 年初`."""
        return f"{self.year} {self.name}"

    def holds(self, day: str) -> bool:
        """Say whether an ISO date lies in the round; an empty bound is open."""
        return (not self.begins or day >= self.begins) and (not self.ends or day <= self.ends)

    @property
    def last_day(self) -> date | None:
        """Return the round's last day, by which ages (成立月数) are counted."""
        return date.fromisoformat(self.ends) if self.ends else None


class StandardChoice(Section):
    """Which standard grades which category of branches."""

    default: str
    by_category: dict[str, str] = {}


class Summary(Section):
    """How 汇总表 is grouped and its shares rounded."""

    by: Literal["上级党组织", "类别", "层级"] = "上级党组织"
    shares: Literal["plain", "forced"] = "plain"


class Privacy(Section):
    """Floors below which a figure is withheld outside 内部/ and 上会/."""

    ballots: int = 5
    raters: int = 3


class ReportChoice(Section):
    """What the superior's copies show."""

    places: bool = False


class Settings(Section):
    """Everything that config.toml says."""

    office: Office = Office()
    round: Round
    standard: StandardChoice
    choices: dict[str, dict[str, Any]] = {}
    summary: Summary = Summary()
    privacy: Privacy = Privacy()
    report: ReportChoice = ReportChoice()


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

    @property
    def outputs(self) -> Path:
        """Return the folder that results are put into."""
        return self.root / "output"

    @property
    def handouts(self) -> Path:
        """Return the folder for forms to hand out."""
        return self.root / "发放"

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
    findings += _date_findings(settings, text) if settings else []
    return (None if findings else settings), findings


def _date_findings(settings: Settings, text: str) -> list[Finding]:
    chosen = settings.round
    dates = {
        ("office", "date"): settings.office.date,
        ("round", "begins"): chosen.begins,
        ("round", "ends"): chosen.ends,
    }
    paths = [path for path, typed in dates.items() if not _is_date(typed)]
    return [Finding("error", path, "日期写成 2026-03-31 的样子", line_of(text, path)) for path in paths]


def _is_date(text: str) -> bool:
    """Say whether a text is empty or a date exactly as written in the words above, which sorts as it reads."""
    try:
        return not text or date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
