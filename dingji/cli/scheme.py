"""The `scheme` commands: read a standard back, check it, compare two."""

from __future__ import annotations

import argparse
from pathlib import Path

from dingji.cannot_run import CannotRunError
from dingji.cli.console import ACT, CANNOT_RUN, SETTLED, say
from dingji.cli.folders import scheme_path
from dingji.scheme.compare import compare
from dingji.scheme.finding import Finding
from dingji.scheme.lint_burden import burdens
from dingji.scheme.load import load_scheme
from dingji.scheme.model import Scheme
from dingji.scheme.sentences import as_lines
from dingji.settings import Settings, load_settings


def _load(named: str, chosen: argparse.Namespace, root: Path) -> tuple[Scheme | None, list[Finding]]:
    path = scheme_path(named, chosen.workspace or root)
    if not path.is_file():
        raise CannotRunError([f"找不到标准：{path}"])
    return load_scheme(path.read_bytes())


def _loaded(named: str, chosen: argparse.Namespace, root: Path) -> Scheme:
    scheme, findings = _load(named, chosen, root)
    if scheme is None:
        raise CannotRunError([f"{named} {finding.text}" for finding in findings])
    return scheme


def show_command(chosen: argparse.Namespace, root: Path) -> int:
    """Print a standard in sentences as the workspace reckons by it, and what its settings have changed."""
    written = _loaded(chosen.scheme, chosen, root)
    settled = _settled(chosen.scheme, written, chosen.workspace or root)
    for line in as_lines(settled):
        say(line)
    changes = compare(written, settled)
    if changes:
        say("设置的“本单位自定”改了的")
    for change in changes:
        say(f"  标准写的：{change.before or '（无）'}")
        say(f"  现在按：{change.after or '（无）'}")
    return SETTLED


def _settled(named: str, written: Scheme, workspace: Path) -> Scheme:
    """Return a standard of the workspace with what its settings settle; one named by its path as it is written."""
    settings = _settings(workspace)
    choices = settings.choices.get(named) if settings else None
    if not choices:
        return written
    scheme, findings = load_scheme(scheme_path(named, workspace).read_bytes(), choices)
    if scheme is None:
        raise CannotRunError([f"{named} {finding.text}" for finding in findings])
    return scheme


def lint_command(chosen: argparse.Namespace, root: Path) -> int:
    """Print what is wrong with a standard: errors first, then warnings; 0 no errors, 1 errors, 2 unreadable."""
    scheme, findings = _load(chosen.scheme, chosen, root)
    findings += _examples(scheme, scheme_path(chosen.scheme, chosen.workspace or root)) if scheme else []
    errors = [finding for finding in findings if finding.severity == "error"]
    for finding in [*errors, *(finding for finding in findings if finding.severity != "error")]:
        say(finding.text)
    for finding in burdens(scheme) if scheme and _burdens_told(chosen.workspace or root) else ():
        say(finding.text)
    say(f"{chosen.scheme}：{len(errors)} 个错误，{len(findings) - len(errors)} 个提醒")
    unreadable = any(not finding.path for finding in errors)
    return CANNOT_RUN if unreadable else ACT if errors else SETTLED


def _examples(scheme: Scheme, path: Path) -> list[Finding]:
    """Reckon the examples that stay with a standard; what it takes is loaded only where there are any."""
    if not scheme.examples:
        return []
    from dingji.trial.examples import examples  # noqa: PLC0415 - the whole of scoring

    return examples(scheme, path.read_text("utf-8-sig"))


def _burdens_told(workspace: Path) -> bool:
    """Say whether 减负提示 are wanted; where there is no readable config.toml, they are."""
    settings = _settings(workspace)
    return settings is None or settings.standard.burdens


def _settings(workspace: Path) -> Settings | None:
    config = workspace / "config.toml"
    return load_settings(config.read_bytes())[0] if config.is_file() else None


def diff_command(chosen: argparse.Namespace, root: Path) -> int:
    """Print the sentences in which two standards differ."""
    changes = compare(_loaded(chosen.before, chosen, root), _loaded(chosen.after, chosen, root))
    for change in changes:
        say(f"【{change.section}】{change.kind}")
        say(f"  原规定：{change.before or '（无）'}")
        say(f"  新规定：{change.after or '（无）'}")
    say(f"共 {len(changes)} 处变化")
    return SETTLED
