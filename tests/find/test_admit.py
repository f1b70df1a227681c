"""Which passages may be shown: by the day, the place asked about and the part of the guide."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest

from chatbot.find.admit import admit, holds
from chatbot.question import Profile, Query
from chatbot.understand.places import places
from index.guide import Guide
from index.network import Network
from index.places import Municipality, Places

PLACES = Places(
    territory="Valle",
    country="Italia",
    areas=("Bassa Valle",),
    rows=(
        Municipality("Primo", "Primo"),
        Municipality("Accanto", "Primo"),
        Municipality("Secondo", "Secondo"),
    ),
)


def query(text: str) -> Query:
    asked = places(text, Network(places=PLACES))
    return Query(text, (text,), (), (), "it", Profile(), places=asked)


def guide(slug: str, **more: object) -> Guide:
    day = date(2026, 1, 1)
    return Guide(slug, f"{slug}.md", "scheda", slug, day, day, "", **more)  # type: ignore[arg-type]


def shown(text: str, *guides: Guide, today: date | None = None) -> set[str]:
    snapshot = SimpleNamespace(
        network=Network(places=PLACES), guides={each.slug: each for each in guides}
    )
    may = admit(query(text), snapshot, today)  # type: ignore[arg-type]
    passages = [SimpleNamespace(role="", guide=each.slug) for each in guides]
    return {passage.guide for passage in passages if may(passage)}  # type: ignore[arg-type]


def test_a_guide_is_shown_from_its_first_day_to_its_last() -> None:
    """As of the day given, not of the day on which the test runs."""
    dated = guide("bando", valid_from=date(2027, 3, 1), valid_until=date(2027, 3, 31))
    days = [date(2027, 2, 28), date(2027, 3, 1), date(2027, 3, 31), date(2027, 4, 1)]
    found = [bool(shown("quando?", dated, today=day)) for day in days]
    assert found == [False, True, True, False]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dove dormo a Primo?", {"ovunque", "valle", "primo", "accanto"}),
        ("Dove dormo ad Accanto?", {"ovunque", "valle", "primo", "accanto"}),
        ("Dove dormo a Secondo?", {"ovunque", "valle"}),
        ("Dove dormo?", {"ovunque", "valle", "primo", "accanto"}),
    ],
)
def test_what_is_so_elsewhere_is_not_shown(text: str, expected: set[str]) -> None:
    """A guide for one town is for its province; one that names no place, or a wide one, for all."""
    guides = (
        guide("ovunque"), guide("valle", territory="Valle"), guide("primo", territory="Primo"),
        guide("accanto", territory="accanto"),
    )  # fmt: skip
    assert shown(text, *guides) == expected


def test_a_wide_area_holds_everywhere() -> None:
    """Also one that the network only calls so."""
    assert holds("bassa valle", {"secondo"}, PLACES)
    assert not holds("Primo", {"secondo"}, PLACES)
