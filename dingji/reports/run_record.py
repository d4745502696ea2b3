"""内部/运行记录.json: what a run read and wrote, and its counts; the ground of `verify` and of tidying up.

No clock and no path of this machine; only `timings` differ between two runs of the same input. Standards and
settings are hashed by what was read from them, so that a comment or a blank line changes nothing.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from dingji import __version__
from dingji.content import Content, digest_of
from dingji.problem_catalogue import LEVELS
from dingji.problems import level_of

if TYPE_CHECKING:  # every start looks for the record of a run cut off, before a library is loaded
    from pydantic import BaseModel

    from dingji.outcome import InputFile, Outcome

RECORD: Final = "内部/运行记录.json"
NO_RECORD: Final = b'{"outputs": {}}'
"""A record of no run: what `check` starts from where there has been none."""


def run_record(
    outcome: Outcome,
    outputs: Mapping[str, Content],
    timings: Mapping[str, float],
    checked: str = "",
    told: Mapping[str, Mapping[str, Any]] | None = None,
    *,
    waits: bool = False,
) -> bytes:
    """Return the record of a run; `outputs` are all files written but this one, `timings` are in seconds.

    `checked`: what came of working the result workbook's formulas out again.
    `told`: what the next run is compared with, by branch (`preview.told_of`).
    `waits`: whether a person must act.
    """
    from dingji.scheme.told_keys import told_keys  # noqa: PLC0415 - it loads pydantic; what publishes reads records only

    return _bytes(
        {
            "version": __version__,
            "round": outcome.settings.round.label,
            "config": settings_print(outcome.settings),
            "schemes": {scheme.id: fingerprint(scheme) for scheme in outcome.schemes.values()},
            "standards": {scheme.id: told_keys(scheme) for scheme in outcome.schemes.values()},
            "inputs": {file.path: _input(file) for file in outcome.files},
            "outputs": hashes(outputs),
            "counts": counts(outcome),
            "burden": outcome.burden.told,
            "formulas": checked,
            "results": dict(told or {}),
            "waits": waits,
            "timings": {name: round(seconds, 3) for name, seconds in timings.items()},
        }
    )


def _input(file: InputFile) -> dict[str, Any]:
    return {"sha256": file.sha256, "kind": file.kind, "taken": file.taken}


def amended(
    record: bytes,
    outputs: Mapping[str, Content],
    folders: Iterable[str] = (),
    gone: Collection[str] = (),
    made_of: Mapping[str, str] | None = None,
) -> bytes:
    """Return a record with the lines of these outputs renewed, and all others below `folders` or named `gone` gone.

    `made_of`: the SHA-256 of the paper that each PDF was made of, as it lay there.
    """
    data = _data(record)
    below = tuple(f"{folder.rstrip('/')}/" for folder in folders)
    kept = {name: told for name, told in _outputs(data).items() if not name.startswith(below) and name not in gone}
    of = {} if made_of is None else {"made_of": dict(made_of)}
    return _bytes({**data, "outputs": {**kept, **hashes(outputs)}, **of})


def made_of(record: bytes) -> dict[str, str]:
    """Return by PDF the SHA-256 of the paper that it was made of."""
    told = _data(record).get("made_of")
    return {name: str(digest) for name, digest in told.items()} if isinstance(told, dict) else {}


def carried(record: bytes, before: bytes, names: Collection[str]) -> bytes:
    """Return a record with the lines that an earlier one has of outputs by these names, as they stood there."""
    data, told = _data(record), _outputs(_data(before))
    return _bytes({**data, "outputs": {**_outputs(data), **{name: told[name] for name in names if name in told}}})


def held(record: bytes, left: Mapping[str, str]) -> bytes:
    """Return a record that also names the files that another program held open, and those left beside them.

    `left`: the SHA-256 of what the program wrote into each last.
    """
    return _bytes({**_data(record), "held": dict(left)})


def results_in(record: bytes) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """Return the round of a record, what it remembers by branch, and its input files; empty where it says nothing."""
    data = _data(record)
    results, inputs = (data.get(name) for name in ("results", "inputs"))
    told = results if isinstance(results, dict) and all(map(_whole, results.values())) else {}
    return str(data.get("round", "")), told, inputs if isinstance(inputs, dict) else {}


def standards_in(record: bytes) -> tuple[str, dict[str, dict[str, str]]]:
    """Return the round of a record and its standards, as `told_keys` tells them; none where it says nothing of them."""
    data = _data(record)
    told = data.get("standards")
    known = isinstance(told, dict) and all(isinstance(each, dict) for each in told.values())
    return str(data.get("round", "")), told if known else {}  # type: ignore[return-value]


def _whole(told: object) -> bool:
    """Say whether what is remembered of a branch is all there."""
    if not isinstance(told, dict) or not isinstance(told.get("得分"), dict) or not isinstance(told.get("情形"), list):
        return False
    texts = [told.get(name) for name in ("名称", "等次", "综合得分", "原因")]
    return all(isinstance(text, str) for text in (*texts, *told["得分"].values(), *told["情形"]))


def outputs_in(record: bytes) -> dict[str, str]:
    """Return the SHA-256 of every output that a record names, by path."""
    return {name: str(digest) for name, digest in _outputs(_data(record)).items()}


def written_last(record: bytes) -> dict[str, str]:
    """Return the SHA-256 of what the program wrote last into each file that a record names."""
    return {**outputs_in(record), **{name: str(digest) for name, digest in _held(_data(record)).items()}}


def tells_of(record: bytes, outcome: Outcome) -> bool:
    """Say whether a record is of a run with these very settings, standards and input files."""
    data = _data(record)
    schemes = {scheme.id: fingerprint(scheme) for scheme in outcome.schemes.values()}
    inputs = {file.path: _input(file) for file in outcome.files}
    now = (settings_print(outcome.settings), schemes, inputs)
    return tuple(data.get(name) for name in ("config", "schemes", "inputs")) == now


def settings_print(settings: BaseModel) -> str:
    """Return the fingerprint of all settings on which a figure or a word of the papers hangs."""
    return fingerprint(
        settings, leave_out={"engine", "mail", "samples"}
    )  # who reads, sends or is looked at changes nothing


def named(record: bytes) -> set[str]:
    """Return every output that a record names; none where it is not one of ours."""
    data = _data(record)
    return {*_outputs(data), *_held(data)}


def _data(record: bytes) -> dict[str, Any]:
    """Return what a record says; what cannot be read says nothing, so that nothing is removed on its word."""
    try:
        data = json.loads(record)
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def _outputs(data: Mapping[str, Any]) -> dict[str, Any]:
    outputs = data.get("outputs")
    return outputs if isinstance(outputs, dict) else {}


def _held(data: Mapping[str, Any]) -> dict[str, Any]:
    left = data.get("held")
    return left if isinstance(left, dict) else {}


def counts(outcome: Outcome) -> dict[str, Any]:
    """Count branches, the graded and the others, input files, and problems by level."""
    results = outcome.results
    graded = int((results["computed"].ne("") | results["decided"].ne("")).sum())
    levels = Counter(LEVELS[level_of(problem)] for problem in outcome.problems)
    return {
        "branches": len(outcome.branches),
        "graded": graded,
        "ungraded": len(outcome.branches) - graded,
        "files": len(outcome.files),
        "problems": {words: levels[words] for words in LEVELS.values()},
    }


def fingerprint(model: BaseModel, leave_out: set[str] | None = None) -> str:
    """Return the SHA-256 of what a standard or the settings say, whatever their layout."""
    return sha256(_bytes(model.model_dump(mode="json", by_alias=True, exclude=leave_out))).hexdigest()


def hashes(files: Mapping[str, Content]) -> dict[str, str]:
    """Return the SHA-256 of each file."""
    return {name: digest_of(content) for name, content in files.items()}


def _bytes(data: Mapping[str, Any]) -> bytes:
    return (json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
