"""What day it is, is what day it is where the network is."""

from __future__ import annotations

from datetime import UTC, date, datetime

import time_machine

from index.network import Network


def test_the_day_is_that_of_the_networks_time_zone() -> None:
    """Half past ten in the evening, UTC, is tomorrow in Rome and still today on the Azores."""
    with time_machine.travel(datetime(2026, 6, 11, 22, 30, tzinfo=UTC), tick=False):
        assert Network(time_zone="Europe/Rome").today() == date(2026, 6, 12)
        assert Network(time_zone="Atlantic/Azores").today() == date(2026, 6, 11)


def test_the_day_of_a_moment_is_that_of_the_networks_time_zone() -> None:
    """Not of the moment's own."""
    late = datetime(2026, 6, 11, 22, 30, tzinfo=UTC)
    assert Network(time_zone="Europe/Rome").day_of(late) == date(2026, 6, 12)
    assert Network(time_zone="Atlantic/Azores").day_of(late) == date(2026, 6, 11)
