"""The guides made for the tests, parsed."""

from __future__ import annotations

from functools import cache

from folders import MADE
from networks import NETWORK

from index.guide import Guide
from index.parse.folder import read_guides


@cache
def made_guides() -> dict[str, Guide]:
    """By slug."""
    return {guide.slug: guide for guide in read_guides(MADE, network=NETWORK)[0]}
