"""The blank workbooks committed in templates/forms/ are what the standards in schemes/ give today."""

from __future__ import annotations

from dingji.seal import inflated
from tests.make_blanks import ROOT, blanks

FORMS = ROOT / "templates" / "forms"


def test_templates_hold_the_blanks_as_written_today() -> None:
    written = dict(blanks())
    kept = {path.relative_to(FORMS).as_posix(): path for path in FORMS.rglob("*.xlsx")}
    assert sorted(kept) == sorted(written), "python -m tests.make_blanks writes them anew"
    differing = [name for name, raw in written.items() if inflated(kept[name].read_bytes()) != inflated(raw)]
    assert differing == []
    assert any(name.startswith("five-good/") for name in written)
