"""The network and the guides made for the tests, without a model."""

from __future__ import annotations

from functools import cache

from folders import MADE

from index.guide import Guide
from index.parse.folder import read_guides
from index.parse.network_folder import read_network

NETWORK, WRONG = read_network(MADE)
(REFORM,) = NETWORK.reforms


@cache
def made_guides() -> dict[str, Guide]:
    """By slug."""
    return {guide.slug: guide for guide in read_guides(MADE, network=NETWORK)[0]}
