"""What a round is graded by: config.toml and the standards that it names, read and found right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from dingji.cannot_run import CannotRunError
from dingji.deadlines import unknown_done
from dingji.forms.catalogue import forms_of, with_own_columns
from dingji.forms.columns_form import columns_form
from dingji.forms.questionnaire_form import questionnaire_forms
from dingji.read.recognise import Plan
from dingji.reference.places import book_line, file_line
from dingji.scheme.finding import Finding, nearest
from dingji.scheme.load import load_scheme
from dingji.scheme.model import Scheme
from dingji.settings import Settings, load_settings
from dingji.workspace import Workspace


@dataclass(frozen=True)
class Prepared:
    """Settings and standards, read and found right; warnings about them beside."""

    settings: Settings
    schemes: Mapping[str, Scheme]
    warnings: tuple[str, ...]

    @property
    def plan(self) -> Plan:
        """Return every form that this round expects."""
        round_ = self.settings.round
        schemes = list(self.schemes.values())
        taken = [(scheme, name) for scheme in schemes for name, _ in scheme.rounds_taken(round_.name)]
        forms = [form for scheme, name in taken for form in forms_of(scheme, f"{round_.year} {name}")]
        forms = with_own_columns(forms, schemes)
        return Plan(round_.label, (*forms, *questionnaire_forms(forms), columns_form(schemes[0])))


def prepare(workspace: Workspace) -> Prepared:
    """Read config.toml and the standards that it names; CannotRunError where one is missing or wrong."""
    if not workspace.config.is_file():
        raise CannotRunError([f"找不到 config.toml（本单位的设置）：{workspace.root}"])
    settings, findings = load_settings(workspace.config.read_bytes())
    if settings is None:
        raise CannotRunError([file_line(Settings, "config.toml", finding) for finding in findings])
    schemes, warnings = {}, []
    for scheme_id in dict.fromkeys([settings.standard.default, *settings.standard.by_category.values()]):
        schemes[scheme_id], found = _read_scheme(workspace, settings, scheme_id)
        warnings += found
    warnings += _strange_rounds(settings, schemes.values())
    warnings += _strange_done(settings, list(schemes.values()))
    return Prepared(settings, schemes, tuple(warnings))


def _strange_rounds(settings: Settings, schemes: Iterable[Scheme]) -> Iterator[str]:
    """Yield a line for every round of the calendar that no standard has; it does nothing."""
    named = [settings.round.name, *dict.fromkeys(name for scheme in schemes for name in scheme.rounds)]
    for place, days in enumerate(settings.calendar):
        if days.round not in named:
            words = f"标准没有轮次“{days.round}”，这张表不起作用{nearest(days.round, named)}"
            yield book_line(Settings, "设置", Finding("warning", ("calendar", place, "round"), words))


def _strange_done(settings: Settings, schemes: Sequence[Scheme]) -> Iterator[str]:
    """Yield a line for whatever is called done and is nowhere to be done."""
    for place, name, near in unknown_done(settings, schemes):
        words = f"日历和标准的日程里都没有“{name}”{near}"
        yield book_line(Settings, "设置", Finding("warning", ("calendar", place, "done"), words))


def _read_scheme(workspace: Workspace, settings: Settings, scheme_id: str) -> tuple[Scheme, list[str]]:
    path = workspace.schemes / f"{scheme_id}.toml"
    if not path.is_file():
        raise CannotRunError([f"找不到标准：schemes/{scheme_id}.toml"])
    scheme, findings = load_scheme(path.read_bytes(), settings.choices.get(scheme_id))
    file = f"schemes/{path.name}"
    if scheme is None:
        raise CannotRunError([file_line(Scheme, file, finding) for finding in findings])
    if scheme.id != scheme_id:
        raise CannotRunError([f"schemes/{path.name} 里写的代号是“{scheme.id}”，应与文件名相同"])
    if scheme.rounds and settings.round.name not in scheme.rounds:
        raise CannotRunError([_wrong_round(settings, scheme)])
    return scheme, [book_line(Scheme, file, finding) for finding in findings]


def _wrong_round(settings: Settings, scheme: Scheme) -> str:
    names = "、".join(scheme.rounds)
    words = f"标准“{scheme.title}”没有轮次“{settings.round.name}”，只有：{names}"
    return file_line(Settings, "config.toml", Finding("error", ("round", "name"), words))
