"""What changed since publication, and the findings that are about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from index.finding import Finding
from index.guide import Guide


def changed_since(guides: Sequence[Guide], known: Mapping[str, Guide]) -> list[str]:
    """The paths of guides that are other than those published; none where nothing is."""
    published = {guide.digest for guide in known.values()}
    return [guide.path for guide in guides if known and guide.digest not in published]


def about(findings: Sequence[Finding], paths: Sequence[str]) -> list[Finding]:
    """Those that stand in one of the files, or name one: what was published is as it was."""
    return [f for f in findings if any(path == f.path or path in f.message for path in paths)]
