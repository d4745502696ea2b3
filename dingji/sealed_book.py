"""A workbook whose parts go straight into its sealed zip: each is deflated once, while it is written."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO, StringIO
from typing import Any, Final

from xlsxwriter import Workbook
from xlsxwriter.packager import Packager
from xlsxwriter.sharedstrings import SharedStrings
from xlsxwriter.worksheet import Worksheet

from dingji.seal import CORE, Deflating, Part, core, deflated, zipped_by

SPECIAL: Final = ("&", "<", ">", "_x", "| ", " |")
"""What a text between bars may hold that is written otherwise than it is; a space at an end is kept only if told."""

AT_ONCE: Final = 64
"""So many texts are looked at together."""

ENOUGH: Final = 1 << 17
"""So many signs of XML are deflated together: mostly pieces of a tag each, of long tables many rows in one."""


class _PartText(StringIO):
    """Takes the text of one part from XlsxWriter; only its deflated bytes are kept."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[str] = []
        self._size = 0
        self._deflating = Deflating()

    def write(self, text: str) -> int:
        """Take a piece of the part's text."""
        self._pieces.append(text)
        self._size += len(text)
        if self._size >= ENOUGH:
            self._pass_on()
        return len(text)

    def _pass_on(self) -> None:
        self._deflating.add("".join(self._pieces).encode())
        self._pieces.clear()
        self._size = 0

    def part(self) -> Part:
        """Return the whole part."""
        self._pass_on()
        return self._deflating.part()


class _CoreText(StringIO):
    """The core properties as they are sealed: the title, and nothing that tells who wrote or when."""

    def part(self) -> Part:
        """Return the whole part."""
        return deflated(core(self.getvalue().encode()))


class _Texts(SharedStrings):
    """The texts of all sheets; what needs no care is written without the care that XlsxWriter takes of each."""

    def _write_sst_strings(self) -> None:
        whole: Any = self
        texts = whole.string_table.string_array
        for start in range(0, len(texts), AT_ONCE):
            some = texts[start : start + AT_ONCE]
            if _plain(f"|{'|'.join(some)}|"):
                whole.fh.write(f"<si><t>{'</t></si><si><t>'.join(some)}</t></si>")
                continue
            for text in some:
                if _plain(f"|{text}|"):
                    whole.fh.write(f"<si><t>{text}</t></si>")
                else:
                    whole._write_si(text)  # noqa: SLF001 - as XlsxWriter does


def _plain(texts: str) -> bool:
    """Say whether texts, each between bars, are written as they are: nothing special, no space at either end."""
    return texts.isprintable() and not any(map(texts.__contains__, SPECIAL))


class _Packager(Packager):
    """Keeps the parts, and gives XlsxWriter none to put into a zip of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: dict[str, _PartText | _CoreText] = {}

    def _filename(self, name: str) -> StringIO:
        """Return what takes the text of a part; what has been begun is gone on with."""
        if name not in self.texts:
            self.texts[name] = _CoreText() if name == CORE else _PartText()
        return self.texts[name]

    def _write_shared_strings_file(self) -> None:
        texts: Any = _Texts()
        book: Any = self.workbook
        texts.string_table = book.str_table
        if book.str_table.count:
            texts._set_xml_writer(self._filename("xl/sharedStrings.xml"))  # noqa: SLF001 - as XlsxWriter does
            texts._assemble_xml_file()  # noqa: SLF001 - as above

    def _create_package(self) -> list[Any]:
        super()._create_package()  # type: ignore[no-untyped-call] # the library ships none
        return []


class SealedBook(Workbook):
    """A workbook that gives its sealed bytes instead of writing a file."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        super().__init__(BytesIO(), {**options, "in_memory": True})
        self._parts = _Packager()

    def _get_packager(self) -> _Packager:
        return self._parts

    def begun(self, sheet: Worksheet) -> StringIO:
        """Return what takes the text of a sheet's part: what is written before the closing needs not be kept."""
        whole: Any = sheet
        return self._parts._filename(f"xl/worksheets/sheet{whole.index + 1}.xml")  # noqa: SLF001 - its own, as above

    def sealed(self) -> bytes:
        """Return the workbook's bytes, the same for the same content; nothing may be written to it any more."""
        self.close()
        texts = self._parts.texts
        return zipped_by(list(texts), lambda name: texts.pop(name).part())
