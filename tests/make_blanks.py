"""Write the blanks in templates/forms/: `python -m tests.make_blanks`, from the repository's root."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from dingji.forms.blanks import blank_forms
from dingji.scheme.load import load_scheme

ROOT = Path(__file__).parents[1]


def blanks() -> Iterator[tuple[str, bytes]]:
    """Yield path below templates/forms/ and bytes of every blank of every standard in schemes/."""
    for path in sorted((ROOT / "schemes").glob("*.toml")):
        scheme, findings = load_scheme(path.read_bytes())
        if scheme is None:
            raise SystemExit("\n".join(finding.text for finding in findings))
        for name, raw in blank_forms(scheme, list(scheme.rounds)):
            yield f"{scheme.id}/{name}", raw


def main() -> None:
    """Write the files, each over its older self."""
    for path, raw in blanks():
        target = ROOT / "templates" / "forms" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(raw)


if __name__ == "__main__":
    main()
