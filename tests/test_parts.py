"""The parts of the server are looked up by their type."""

from __future__ import annotations

import pytest
from fastapi import FastAPI

from chatbot.parts import find, part, provide
from chatbot.settings import Settings
from chatbot.shield.queue import PrintTurns, Turns


def test_a_part_is_found_by_its_type() -> None:
    """A part of a narrower type is another part; the last one given of a type is in use."""
    app, first, last, prints = FastAPI(), Turns(1, 1), Turns(2, 2), PrintTurns(1, 1)
    provide(app, first, prints)
    provide(app, last)
    assert part(app, Turns) is last
    assert part(app, PrintTurns) is prints


def test_a_missing_part_is_told_by_name() -> None:
    """None to who can do without, an error with its name to who cannot."""
    app = FastAPI()
    assert find(app, Settings) is None
    with pytest.raises(LookupError, match="Settings"):
        part(app, Settings)


def test_applications_share_no_part() -> None:
    """What one is given, another does not have."""
    one, other = FastAPI(), FastAPI()
    provide(one, Turns(1, 1))
    assert find(other, Turns) is None
