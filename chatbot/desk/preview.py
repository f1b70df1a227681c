"""A guide being written, as the build would take it: parsed, checked, cut and rendered."""

from __future__ import annotations

from dataclasses import dataclass

from index.check.rules import check_guides
from index.finding import Finding
from index.guide import FOLDER_OF, Guide
from index.parse.chunk import CountTokens, chunk_guide
from index.parse.guide_file import parse_guide
from index.parse.header import fields_of, split_text
from index.parse.render import link_from, render_guide
from index.passage import Passage
from index.publish.snapshot import Snapshot


@dataclass(frozen=True)
class Look:
    """What the build makes of a text; no guide where it has errors that keep it from being one."""

    guide: Guide | None
    findings: tuple[Finding, ...]
    passages: tuple[Passage, ...] = ()
    page: str = ""


def look_at(
    text: str, path: str, snapshot: Snapshot, count_tokens: CountTokens, was: str = ""
) -> Look:
    """`text` as the file at `path` beside the published guides, in the place of the one at the path
    that it `was`. Only its own rules are run, and the links of all: the others were checked when
    they were published."""
    network = snapshot.network
    published = {guide.path: guide for guide in snapshot.guides.values()}
    slug = published[path].slug if path in published else ""
    guide, findings = parse_guide(text.encode(), path, network, slug)
    if guide is None:
        return Look(None, tuple(sorted(findings)))
    others = [other for other in published.values() if other.path not in (path, was)]
    known = {other.path: other for other in others}
    told = check_guides([*others, guide], known=known, network=network)
    return Look(
        guide,
        tuple(sorted([*findings, *(f for f in told if f.path == path)])),
        tuple(chunk_guide(guide, count_tokens)),
        render_guide(guide, link=link_from(guide, [*others, guide])),
    )


def path_for(slug: str, kind: str) -> str:
    """Where the file of a guide of this kind goes; the folder itself for one without its own."""
    folder = next((FOLDER_OF[known] for known in FOLDER_OF if known == kind), "")
    return f"{folder}/{slug}.md" if folder else f"{slug}.md"


def path_of_text(text: str, name: str) -> str:
    """The same for a text whose front matter says what it is."""
    return path_for(name, str((fields_of(split_text(text)[0]) or {}).get("tipo", "")))
