"""The pages and schemas of the reference, as files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from dingji.reference.pages import reference
from dingji.reference.schema import json_schema
from dingji.scheme.model import Scheme
from dingji.scheme.told import Section
from dingji.settings import Settings


def documents() -> Mapping[str, str]:
    """Return the pages that are written from the models, by their names in the documents' folder."""
    schemas: Mapping[str, type[Section]] = {"scheme.schema.json": Scheme, "config.schema.json": Settings}
    pages = {name: json.dumps(json_schema(root), ensure_ascii=False, indent=2) + "\n" for name, root in schemas.items()}
    return {"scheme-reference.md": reference(), **pages}


def write_documents(folder: Path) -> None:
    """Write the pages into a folder."""
    for name, text in documents().items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
