"""Write the demonstration in input/: `python -m tests.make_demonstration`, from the repository's root."""

from __future__ import annotations

from pathlib import Path

from dingji.scheme.load import load_scheme
from dingji.scheme.model import Scheme
from tests.five_good_case import case_files

ROOT = Path(__file__).parents[1]


def demonstration() -> dict[str, bytes]:
    """Return the demonstration's workbooks by path below input/: every branch graded, nothing decided yet."""
    return case_files(_scheme(), mended=True, decided=False)


def _scheme() -> Scheme:
    scheme, findings = load_scheme((ROOT / "schemes" / "five-good.toml").read_bytes())
    if scheme is None:
        raise SystemExit("\n".join(finding.text for finding in findings))
    return scheme


def main() -> None:
    """Write the files, each over its older self."""
    for path, raw in demonstration().items():
        target = ROOT / "input" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(raw)


if __name__ == "__main__":
    main()
