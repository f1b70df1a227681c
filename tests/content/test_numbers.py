"""The list of numbers that the guides of this repository share."""

from __future__ import annotations

from folders import GUIDES

from index.check.numbers import speaks_of
from index.parse.folder import read_guides
from index.parse.network_folder import read_network


def test_every_number_of_a_rule_is_said_somewhere() -> None:
    """An entry of numeri.yaml whose words no sentence has any more guards nothing."""
    network, _ = read_network(GUIDES)
    guides, _ = read_guides(GUIDES, network=network)
    texts = [unit.text for guide in guides for section in guide.sections for unit in section.units]
    assert network.numbers
    for number in network.numbers:
        assert any(speaks_of(text, number) for text in texts), number.id
