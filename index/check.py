"""Everything that can be wrong with the guides, in one run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from index.finding import Finding
from index.guide import Guide
from index.links import check_links
from index.reading import read_guides
from index.script import check_script


def check_folder(folder: Path) -> tuple[list[Guide], list[Finding]]:
    """Guides that parse and the findings of all files, sorted by file and line."""
    guides, findings = read_guides(folder)
    return guides, sorted([*findings, *check_guides(guides)])


def check_guides(guides: Sequence[Guide]) -> list[Finding]:
    findings = list(check_links(guides))
    for guide in guides:
        if guide.kind == "copione":
            findings.extend(check_script(guide))
    return findings
