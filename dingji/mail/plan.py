"""What goes to whom: every message that can be written, and why another cannot."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Final

from dingji.content import Content
from dingji.forms.deliver import RECORD as DELIVERED
from dingji.forms.handout import OFFICE_FOLDER, RATERS_FOLDER
from dingji.mail.address import Addresses, is_address
from dingji.mail.files import handed_out, lying, words_in
from dingji.mail.message import Attachment, Message
from dingji.naming import safe_name, unique
from dingji.outcome import Outcome
from dingji.problems import Problem, shown
from dingji.reports.official.common import parent_folder
from dingji.reports.official.feedback import FEEDBACK, stem_of
from dingji.reports.official.ledger_papers import OWN_PAPERS
from dingji.reports.returned.build import FOLDER as RETURNED
from dingji.reports.returned.faults import GivenBack
from dingji.reports.roll_text import RATER, owing
from dingji.reports.run_record import RECORD, made_of, outputs_in, tells_of
from dingji.reports.upward import BY_PARENT, OWN
from dingji.tables import records

RESULTS, UPWARD, BACK, REMINDERS, FORMS = KINDS = ("结果", "上报", "退回", "催报", "发放")
HANDOUTS: Final = "发放"
SUPERIOR: Final = "上级"
"""What the superior is called where the settings do not say who it is."""
LARGEST: Final = 20
"""So many MB of attachments most servers still take."""
MEGABYTE: Final = 1 << 20
NAME: Final = 40
"""Signs of a name in a subject."""
SUBJECTS: Final = {
    RESULTS: "{label}分类定级情况反馈",
    UPWARD: "{label}分类定级结果上报",
    BACK: "{label}定级报表退回修改",
    REMINDERS: "{label}定级报表催报",
    FORMS: "{label}定级用表",
}
BODIES: Final = {
    RESULTS: "现发去 {label}分类定级的材料，见附件。材料只供你处使用，请不要转发。",
    UPWARD: "现报上 {label}分类定级的结果，见附件。",
    BACK: "你处报来的表有需要改正的地方，退回件和通知见附件。请在退回件上改好，把整个文件发回。",
    FORMS: "现发去 {label}定级用表，见附件。请填好后发回，不要改动表的标题和栏目。",
}


@dataclass(frozen=True)
class Owner:
    """To whom something goes: code, name as papers for others' eyes have it, and the address as typed."""

    code: str
    name: str
    address: str
    stem: str
    """How the draft is called: raters have no name there."""


@dataclass(frozen=True)
class Item:
    """One line of 发送清单: a message, or why there is none. `stem` is the draft's name without ending."""

    kind: str
    code: str
    name: str
    stem: str
    address: str = ""
    message: Message | None = None
    problem: Problem | None = None
    notes: tuple[Problem, ...] = ()
    """What is to be said of what goes along, or does not."""


@dataclass
class _Bundle:
    owner: Owner
    files: list[Attachment] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    words: str = ""
    notes: list[Problem] = field(default_factory=list)


class Planner:
    """Plans the mail of a run in a workspace; `given` is what goes back, with its files by path in output/."""

    def __init__(self, outcome: Outcome, root: Path, given: Sequence[GivenBack], files: Mapping[str, Content]) -> None:
        self.outcome, self.root = outcome, root
        self.given, self.back_files = given, files
        self.addresses = Addresses.of(outcome)
        self.branches, self.raters = records(outcome.branches), records(outcome.raters)

    def items(self) -> list[Item]:
        """Return all mail, by kind, then in the order of the roster; drafts' names are told apart within a kind."""
        found: list[Item] = []
        listed = (self._results(), self._upward(), self._back(), self._reminders(), self._forms())
        for kind, each in zip(KINDS, listed, strict=True):
            found += self._named(kind, each)
        return found

    def _named(self, kind: str, listed: Iterable[_Bundle | Problem]) -> list[Item]:
        bundles = list(listed)
        stems = unique([each.owner.stem if isinstance(each, _Bundle) else "-" for each in bundles])
        return [self._item(kind, each, stem) for each, stem in zip(bundles, stems, strict=True)]

    def _item(self, kind: str, each: _Bundle | Problem, stem: str) -> Item:
        if isinstance(each, Problem):
            return Item(kind, "", "", "", problem=each)
        owner = each.owner
        problem = next(iter(each.problems), None) or _fault_of(owner, each.files)
        message = None if problem else self._message(kind, each)
        changed = [Problem("W647", file.path) for file in each.files if file.changed]
        notes = (*changed, *each.notes) if message else ()
        return Item(kind, owner.code, owner.name, stem, owner.address, message, problem, notes)

    def _message(self, kind: str, bundle: _Bundle) -> Message:
        settings = self.outcome.settings
        label, office, owner = settings.round.label, settings.office, bundle.owner
        name = shown(owner.name, NAME)
        head = f"【{shown(office.name, NAME)}】" if office.name else ""
        subject = f"{head}{shown(SUBJECTS[kind].format(label=label), NAME)}：{name}"
        phone = f"联系电话：{shown(office.phone)}\n" if office.phone else ""
        body = bundle.words or f"{BODIES[kind].format(label=label)}\n\n{shown(office.name, NAME)}\n{phone}".strip()
        return Message(owner.address, subject, f"{name}：\n\n{body}\n", tuple(bundle.files))

    # --- whose ------------------------------------------------------------------------------------------------

    def _unit(self, unit: str, name: str) -> Owner:
        return Owner(unit, name, self.addresses.of_unit(unit, name), safe_name(f"{unit}_{name}"))

    def _rater(self, rater: str) -> Owner:
        return Owner(rater, RATER, self.addresses.of_rater(rater), safe_name(f"{RATER}_{rater}"))

    # --- what -------------------------------------------------------------------------------------------------

    def _results(self) -> Iterator[_Bundle | Problem]:
        """Yield what is in 反馈 and 上报/按上级, each reader's own."""
        outward = tuple(f"output/{folder}/" for folder in (FEEDBACK, BY_PARENT))
        yield from self._written(lambda path: path.startswith(outward), self._receivers(), _place_of_result)

    def _upward(self) -> Iterator[_Bundle | Problem]:
        """Yield the whole of 上报 for the superior, without what is a parent unit's own."""
        name = self.outcome.settings.publish.superior or SUPERIOR
        owner = Owner("", name, self.addresses.of_superior(name), safe_name(name))
        whole = f"output/{OWN}"
        for bundle in self._written(lambda path: _folder(path) == whole, {whole: [owner]}, _folder):
            if isinstance(bundle, _Bundle):
                known = {file.name for file in bundle.files}
                own = sorted(path.name for path in (self.root / whole).iterdir() if path.is_file())
                bundle.notes += [Problem("W649", f"{whole}/{name}") for name in own if _is_foreign(name, known)]
            yield bundle

    def _written(
        self, goes: Callable[[str], bool], owners: Mapping[str, Sequence[Owner]], place_of: Callable[[str], str]
    ) -> Iterator[_Bundle | Problem]:
        """Yield what of the last run goes along, where that was of what lies in the input now."""
        record = self.root / "output" / RECORD
        raw = record.read_bytes() if record.is_file() else b""
        written = {f"output/{path}": digest for path, digest in outputs_in(raw).items()}
        wanted = {path: digest for path, digest in written.items() if goes(path)}
        if wanted and not tells_of(raw, self.outcome):
            yield Problem("W613")
        elif wanted:
            files = lying(self.root, wanted, {f"output/{path}": digest for path, digest in made_of(raw).items()})
            yield from _gathered(files, owners, place_of, self._strangers)

    def _strangers(self, owner: Owner) -> list[str]:
        """Return the branches that a paper of an owner's does not name; whoever is above all may see all."""
        own = [each for each in self.branches if each["unit"] == owner.code or each["parent"] == owner.name]
        known = {owner.name, *(each["name"] for each in own), *(each["parent"] for each in own)}
        return [each["name"] for each in self.branches if each["name"] not in known] if own else []

    def _receivers(self) -> Mapping[str, Sequence[Owner]]:
        """Return whose a result is, by its path without ending, or by its folder."""
        found: defaultdict[str, list[Owner]] = defaultdict(list)
        for branch in self.branches:
            owner = self._unit(branch["unit"], branch["name"])
            for paper in OWN_PAPERS:
                found[f"output/{FEEDBACK}/{stem_of(owner.code, owner.name, paper)}"].append(owner)
        codes = {branch["name"]: branch["unit"] for branch in self.branches}  # as the folders are named
        for parent in dict.fromkeys(branch["parent"] for branch in self.branches):
            code = codes.get(parent, "")
            folder = parent_folder(code, parent)
            owner = Owner(code, parent, self.addresses.of_parent(parent), safe_name(f"{folder}（所属汇总）"))
            found[f"output/{BY_PARENT}/{folder}"].append(owner)
        return found

    def _back(self) -> Iterator[_Bundle]:
        """Yield what goes back: the marked copy with its letter, all of one owner in one message."""
        bundles: dict[tuple[str, str], _Bundle] = {}
        for each in self.given:
            back = each.back
            if not (back.unit or back.rater):
                continue
            whose = self._unit(back.unit, back.owner) if back.unit else self._rater(back.rater)
            bundle = bundles.setdefault((back.unit, back.rater), _Bundle(whose))
            own = [path for path in self.back_files if path.startswith(f"{RETURNED}/{back.stem}.")]
            bundle.files += [Attachment(f"output/{path}", self.back_files[path]) for path in own]
        yield from bundles.values()

    def _reminders(self) -> Iterator[_Bundle]:
        for owed in owing(self.outcome):
            owner = self._rater(owed.code) if owed.is_rater else self._unit(owed.code, owed.name)
            yield _Bundle(owner, words=owed.words)

    def _forms(self) -> Iterator[_Bundle | Problem]:
        """Yield what `forms` wrote into 发放, as long as nobody has filled it in there."""
        written = handed_out(self.root / HANDOUTS / DELIVERED, HANDOUTS)
        owners: defaultdict[str, list[Owner]] = defaultdict(list)
        for branch in self.branches:
            owners[safe_name(f"{branch['unit']}_{branch['name']}")].append(self._unit(branch["unit"], branch["name"]))
        for rater in self.raters:
            folder = safe_name("_".join((rater["rater"], rater["name"])))
            owners[f"{RATERS_FOLDER}/{folder}"].append(self._rater(rater["rater"]))
        wanted = {path: digest for path, digest in written.items() if path.split("/")[-2] != OFFICE_FOLDER}
        yield from _gathered(lying(self.root, wanted), owners, _place_of_form)


def _place_of_result(path: str) -> str:
    return _folder(path) if path.startswith(f"output/{BY_PARENT}/") else str(PurePosixPath(path).with_suffix(""))


def _folder(path: str) -> str:
    return str(PurePosixPath(path).parent)


def _place_of_form(path: str) -> str:
    """Return the folder of one owner; raters' folders stand below one of their own."""
    *_, above, folder, _ = ("", *path.split("/"))
    return f"{RATERS_FOLDER}/{folder}" if above == RATERS_FOLDER else folder


def _gathered(
    files: Iterable[tuple[str, Attachment | Problem]],
    owners: Mapping[str, Sequence[Owner]],
    place_of: Callable[[str], str],
    strangers: Callable[[Owner], Sequence[str]] = lambda _: (),
) -> Iterator[_Bundle | Problem]:
    """Yield the files of each owner together, in the order of the owners; whose a file is not clear is told.

    One that was changed goes only where it names none of the `strangers`: another's paper may have been put there.
    """
    bundles: dict[Owner, _Bundle] = {}
    strange: list[Problem] = []
    for path, file in files:
        found = owners.get(place_of(path), ())
        if len(found) != 1:
            names = "、".join(f"{owner.code} {owner.name}".strip() for owner in found)
            strange.append(Problem("E607", path, values={"candidates": names}) if found else Problem("W615", path))
            continue
        bundle = bundles.setdefault(found[0], _Bundle(found[0]))
        if isinstance(file, Problem):
            bundle.problems.append(file)
        elif file.changed and _names(file, strangers(found[0]), found[0].name):
            bundle.problems.append(Problem("W612", path))
        else:
            bundle.files.append(file)
    places = {owner: place for place, (owner, *_) in enumerate(owners.values())}
    yield from sorted(bundles.values(), key=lambda bundle: places[bundle.owner])
    yield from strange


def _names(file: Attachment, strangers: Sequence[str], own: str) -> bool:
    """Say whether a file names one of these, within no name of its owner's."""
    if not strangers or not isinstance(file.content, Path):
        return False
    words = words_in(file.content).replace(own, "")
    return any(name in words for name in strangers)


def _is_foreign(name: str, known: Collection[str]) -> bool:
    """Say whether a file is not one of those that go along, nor one that a program keeps while another is open."""
    return name not in known and not name.startswith(("~$", "."))


def _fault_of(owner: Owner, files: Iterable[Attachment]) -> Problem | None:
    """Return why nothing can be written to an owner: no address, no plain one, or more than a server takes."""
    if not owner.address.strip():
        return Problem("W611", subject=owner.name)
    if not is_address(owner.address):
        return Problem("E608", subject=owner.name, found=owner.address)
    size = sum(len(file.content) if isinstance(file.content, bytes) else file.content.stat().st_size for file in files)
    if size > LARGEST * MEGABYTE:
        values = {"size": str(-(-size // MEGABYTE)), "most": str(LARGEST)}
        return Problem("E604", subject=owner.name, values=values)
    return None
