"""The guides of the folder that are not published: those that say `stato: bozza`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from index.parse.frontmatter import DRAFT
from index.parse.header import fields_of, split_text
from index.parse.walk import guide_files, slugs_of


@dataclass(frozen=True, slots=True)
class Unpublished:
    """A guide that is in the folder and in no snapshot."""

    slug: str
    path: str
    title: str


def unpublished(guides: Path, published: Collection[str]) -> list[Unpublished]:
    """Of the files that are not among the `published` paths, the drafts; only those are read."""
    if not guides.is_dir():
        return []
    slugs = slugs_of(guide_files(guides)[0])
    found = []
    for path, slug in slugs.items():
        if path in published:
            continue
        try:
            text = (guides / path).read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
        except (OSError, UnicodeDecodeError):
            continue  # told by the check
        fields = fields_of(split_text(text)[0]) or {}
        if fields.get("stato") == DRAFT:
            found.append(Unpublished(slug, path, str(fields.get("titolo") or slug)))
    return found
