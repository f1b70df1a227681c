"""The names that guides had: what an old address, or an old link, leads to today."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping

from index.guide import Guide
from index.parse.walk import slug_of


def living_names(guides: Iterable[Guide]) -> Mapping[str, Guide]:
    """The guide that each former name leads to; the name of a living guide leads to no other."""
    every = list(guides)
    former = {name: guide for guide in every for name in guide.former_names}
    return {name: former[name] for name in former.keys() - {guide.slug for guide in every}}


def renamed_target(path: str, former: Mapping[str, Guide]) -> Guide | None:
    """The guide that the path of a link leads to by a name it had: its file is there no more."""
    return former.get(slug_of(path)) if posixpath.basename(path) else None
