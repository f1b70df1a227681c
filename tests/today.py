"""The day for which the guides and cases of this repository were written."""

from __future__ import annotations

from datetime import date
from functools import cache

from folders import GUIDES

from index.parse.folder import read_guides


@cache
def day_of_the_guides() -> date:
    """That of the newest check of a guide: nothing in them was known later."""
    return max(guide.verified_on for guide in read_guides(GUIDES)[0])
