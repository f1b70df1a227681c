"""Services beside an answer: those that do what it leads to, in an order that serves the person."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

from made import made_guides
from networks import NETWORK

from chatbot.answer import Citation, Hit
from chatbot.say.services import SERVICES, Matter, matter_of, services, without_services
from chatbot.say.wording import texts
from index.guide import Contact, Guide
from index.network import Network, Task
from index.parse.chunk import chunk_guide

PASSAGES = {
    p.id: p
    for guide in made_guides().values()
    for p in chunk_guide(guide, lambda t: len(t.split()))
}


def hit(name: str) -> Hit:
    """The passage `slug#anchor`, found."""
    return Hit(PASSAGES[f"{name}:0"])


def a_snapshot(*guides: Guide, network: Network = NETWORK) -> Any:
    """What `services` looks at of one: the guides made for the tests, and some more."""
    more = {guide.slug: guide for guide in guides}
    return SimpleNamespace(guides=made_guides() | more, network=network)


WORK = Matter(made_guides()["tirocinio"].needs)
TORINO, CUNEO = frozenset({"torino"}), frozenset({"cuneo"})


def slugs(found: list[Any]) -> list[str]:
    return [reference.guide for reference in found]


def test_services_are_those_of_the_place_asked_about() -> None:
    """Of two job centres the one of the town, and never the other."""
    assert slugs(services([], WORK, CUNEO, a_snapshot())) == ["cpi-cuneo"]
    assert slugs(services([], WORK, TORINO, a_snapshot())) == ["cpi-torino-nord"]


def test_without_a_place_no_service_that_is_tied_to_one() -> None:
    """A job centre chosen by chance sends a person to the wrong town, and one for everything in
    the country is noise unless the question found it."""
    rights = Matter(("tutele",))
    for cited in (WORK, rights):
        assert services([], cited, frozenset(), a_snapshot()) == []
    unar = next(name for name in PASSAGES if name.startswith("unar#"))
    found = services(
        [hit("ricorso#termine"), Hit(PASSAGES[unar])], rights, frozenset(), a_snapshot()
    )
    assert slugs(found) == ["unar"]


def test_a_service_that_cannot_be_reached_is_not_proposed() -> None:
    """Even where the question found it: the person is elsewhere."""
    hits = [hit("tirocinio#durata"), hit("cpi-torino-nord#servizi")]
    assert slugs(services(hits, WORK, CUNEO, a_snapshot())) == ["cpi-cuneo"]


def test_a_line_for_emergencies_is_for_emergencies() -> None:
    """1522 is on the card of violence: proposed in danger, or where the question is about it."""
    rights = Matter(("tutele",))
    line = next(name for name in PASSAGES if name.startswith("antiviolenza-1522#"))
    far = [hit("ricorso#termine"), Hit(PASSAGES[line])]
    assert services(far, rights, CUNEO, a_snapshot()) == []
    assert slugs(services(far, rights, CUNEO, a_snapshot(), danger=True)) == ["antiviolenza-1522"]
    assert slugs(services(far[1:], rights, CUNEO, a_snapshot())) == ["antiviolenza-1522"]


def test_what_was_checked_comes_first() -> None:
    whole = made_guides()["cpi-cuneo"]
    assert whole.service
    checked = replace(whole, slug="z", service=replace(whole.service, status="verificato"))
    doubtful = replace(whole, service=replace(whole.service, status="da verificare"))
    hits = [hit("tirocinio#durata"), hit("cpi-cuneo#servizi")]
    found = slugs(services(hits, WORK, CUNEO, a_snapshot(checked, doubtful)))
    assert found == ["z", "cpi-cuneo"]


def test_that_there_is_none_is_said_with_the_place() -> None:
    """Only where the place is known: without it nothing could be proposed."""
    words = texts("it")
    assert without_services(WORK, CUNEO, words, a_snapshot()).endswith("a Cuneo.")
    assert without_services(WORK, frozenset(), words, a_snapshot()) == ""


def test_a_sheet_that_was_found_is_no_service() -> None:
    """Whatever needs it is about."""
    hits = [hit("tirocinio#durata"), hit("iscrizione-cpi#che-cosa"), hit("cpi-cuneo#servizi")]
    assert slugs(services(hits, WORK, CUNEO, a_snapshot())) == ["cpi-cuneo"]


def test_a_service_for_one_thing_comes_before_one_for_many() -> None:
    """Its first need counts, then how much else it does; and no more than are asked for."""
    whole = made_guides()["cpi-cuneo"]
    cards = [
        replace(whole, slug=f"altro-{n}", needs=needs)
        for n, needs in enumerate(
            [("salute", "lavoro"), ("lavoro", "casa", "salute", "denaro"), ("lavoro", "casa")]
        )
    ]  # fmt: skip
    found = slugs(services([], WORK, CUNEO, a_snapshot(*cards)))
    assert found == ["cpi-cuneo", "altro-2"]
    assert len(found) == SERVICES


def test_a_service_brings_what_is_needed_to_reach_it() -> None:
    """Address, town, contacts, and whether somebody has called."""
    (found,) = services([], WORK, TORINO, a_snapshot())
    assert (found.address, found.municipality) == ("Via di Prova 2", "Torino")
    assert found.contacts == (
        Contact("telefono", "011 654321"), Contact("email", "cpi.torino@example.org"),
    )  # fmt: skip
    assert (found.status, found.review_by) == ("da verificare", date(2027, 5, 15))


TASKS = replace(
    NETWORK,
    tasks=(
        Task("uffici-lavoro", ("iscrizione-cpi", "tirocinio#attivare")),
        Task("paghe", ("tirocinio",)),
    ),
)


def a_job_centre(slug: str, *tasks: str, area: tuple[str, ...] = ()) -> Guide:
    whole = made_guides()["cpi-cuneo"]
    assert whole.service
    return replace(whole, slug=slug, service=replace(whole.service, tasks=tasks, area=area))


def cited(guide: str, anchor: str) -> Citation:
    return Citation(1, guide, "", (), f"/guide/{guide}?cita=0#{anchor}", "", None, None)


def test_the_tasks_of_a_section_take_the_place_of_those_of_its_guide() -> None:
    """Those of what is cited first; of what is nearest where nothing is cited."""
    snapshot = a_snapshot(network=TASKS)
    tirocinio = made_guides()["tirocinio"].needs
    of_guide, of_section = frozenset({"paghe"}), frozenset({"uffici-lavoro"})
    assert matter_of([cited("tirocinio", "durata")], [], snapshot) == Matter(tirocinio, of_guide)
    two = [cited("tirocinio", "attivare"), cited("tirocinio", "durata")]
    assert matter_of(two, [hit("tirocinio#durata")], snapshot).tasks == of_section
    assert matter_of([], [hit("tirocinio#attivare")], snapshot).tasks == of_section
    assert matter_of([], [], snapshot) == Matter()


def test_a_service_that_says_what_it_does_is_for_that_alone() -> None:
    """Its need and its place fit, and it was found: it is not proposed for another matter."""
    snapshot = a_snapshot(a_job_centre("uno", "uffici-lavoro"), network=TASKS)
    matter = Matter(WORK.needs, frozenset({"uffici-lavoro"}))
    assert slugs(services([], matter, CUNEO, snapshot))[0] == "cpi-cuneo"
    assert "uno" in slugs(services([], matter, CUNEO, snapshot))
    other = Matter(WORK.needs, frozenset({"paghe"}))
    assert "uno" not in slugs(services([hit("tirocinio#durata")], other, CUNEO, snapshot))


def test_one_for_the_whole_territory_is_reached_from_everywhere() -> None:
    """Its seat is in one town; where no place is known too."""
    wide = a_job_centre("regione", "uffici-lavoro", area=(NETWORK.places.territory,))
    matter = Matter((), frozenset({"uffici-lavoro"}))
    for asked in (TORINO, frozenset[str]()):
        assert slugs(services([], matter, asked, a_snapshot(wide, network=TASKS))) == ["regione"]


def test_that_there_is_none_is_not_said_where_none_is_needed() -> None:
    """Where the network says what services do, and what was asked leads to none of it."""
    snapshot = a_snapshot(network=TASKS)
    assert without_services(WORK, CUNEO, texts("it"), snapshot) == ""
    needed = replace(WORK, tasks=frozenset({"paghe"}))
    assert without_services(needed, CUNEO, texts("it"), snapshot).endswith("a Cuneo.")
