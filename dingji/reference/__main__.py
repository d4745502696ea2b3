"""Rewrite the pages under docs/ that come from the models: `python -m dingji.reference`."""

from __future__ import annotations

from pathlib import Path

from dingji.reference.documents import write_documents

if __name__ == "__main__":
    write_documents(Path(__file__).resolve().parents[2] / "docs")
