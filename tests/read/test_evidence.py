"""Which units of the best passages are put in an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from made_snapshots import found_for, sheet_of, snapshot_of, weights

from chatbot.read.evidence import (
    MAX_IN_ALL,
    MAX_UNITS,
    PASSAGES,
    UNIT_SIGNS,
    Evidence,
    full_text,
    quotable,
    read,
    weigh,
)
from chatbot.weights import Weights
from index.guide import Guide, Unit

LENGTH = "Il tirocinio dura al massimo sei mesi."
PAY = "Il tirocinio è pagato con un'indennità."
PERMIT = "Il permesso di soggiorno si chiede alla questura competente."
ALL = weights("units", unit_asked=4.0)
FAR = {"near": 100.0}


def guide_of(name: str, *sentences: str, heading: str = "Regole") -> Guide:
    return sheet_of(name, name.title(), f"## {heading} {{#regole}}\n\n{' '.join(sentences)}\n")


def chosen(text: str, guides: Sequence[Guide], used: Weights = ALL) -> list[Evidence]:
    snapshot = snapshot_of(guides)
    query, found = found_for(text, snapshot, used)
    return read(query, found, snapshot, used)


def said(text: str, guides: Sequence[Guide], used: Weights = ALL) -> list[str]:
    return [piece.unit.text for piece in chosen(text, guides, used)]


def test_the_unit_nearest_to_what_is_asked_comes_first() -> None:
    """Wherever it stands in its passage."""
    page = guide_of("uno", PERMIT, PAY, LENGTH)
    assert said("Il tirocinio quanti mesi dura?", [page])[0] == LENGTH
    assert said("Il tirocinio è pagato?", [page])[0] == PAY


def test_what_is_far_behind_the_best_is_not_said() -> None:
    """In log odds, from the best unit: two sentences where two suffice."""
    page = guide_of("uno", LENGTH, PERMIT)
    assert said("Il tirocinio quanti mesi dura?", [page], weights("units", unit_asked=4.0)) == [
        LENGTH
    ]
    loose = weights("units", FAR, unit_asked=4.0)
    assert said("Il tirocinio quanti mesi dura?", [page], loose) == [LENGTH, PERMIT]


def test_nothing_is_said_twice() -> None:
    """Two guides with the same rule: the second is left out, also where it says it shorter."""
    one = guide_of("uno", LENGTH)
    again = guide_of("due", "Il tirocinio dura sei mesi al massimo.")
    loose = weights("units", FAR, unit_asked=4.0)
    assert len(said("Il tirocinio quanti mesi dura?", [one, again], loose)) == 1


def test_items_of_one_list_are_alike_and_yet_differ() -> None:
    """None is left out for another of its own passage."""
    body = "## Si lavora? {#si}\n\nSi può lavorare:\n\n- con il permesso A1\n- con il permesso A2\n"
    loose = weights("units", FAR, unit_asked=4.0)
    found = said("Con quale permesso posso lavorare?", [sheet_of("uno", "Uno", body)], loose)
    assert set(found) == {"con il permesso A1", "con il permesso A2"}


def test_the_form_of_the_answer_decides_between_like_units() -> None:
    """Asked how long, the unit with a duration comes before the one without."""
    page = guide_of("uno", PAY, LENGTH)
    by_form = weights("units", FAR, form=2.0)
    assert said("Quanto dura?", [page], by_form) == [LENGTH, PAY]
    assert said("Il tirocinio?", [page], by_form) == [PAY, LENGTH]


def test_an_answer_is_short() -> None:
    """Never more than a few units, and none that introduces a list which does not follow."""
    many = [f"La regola numero {n} vale per il modulo {n * 7} dell'ufficio." for n in range(9)]
    page = guide_of("uno", "Le regole del modulo sono queste:", *many)
    found = said("Quali regole per il modulo?", [page], weights("units", FAR, unit_asked=4.0))
    assert len(found) == MAX_UNITS
    assert "Le regole del modulo sono queste:" not in found


@pytest.mark.parametrize("count", [2, 3])
def test_several_questions_share_the_room(count: int) -> None:
    """Each has its own units, in the order asked, and all together stay few."""
    topics = ("patente", "tessera", "residenza")[:count]
    pages = [
        sheet_of(
            topic,
            topic.title(),
            "## Regole {#r}\n\n"
            + "".join(f"Per la {topic} serve il foglio {topic}{n}. " for n in range(6)),
        )
        for topic in topics
    ]
    text = " ".join(f"Quale foglio serve adesso per la {topic}?" for topic in topics)
    found = chosen(text, pages, weights("units", FAR, unit_asked=4.0))
    assert [piece.asked for piece in found] == sorted(piece.asked for piece in found)
    assert {piece.asked for piece in found} == set(range(count))
    assert len(found) <= MAX_IN_ALL
    firsts = {piece.asked: piece.hit.passage.guide for piece in reversed(found)}
    assert firsts == dict(enumerate(topics))


def test_one_sentence_may_answer_two_questions() -> None:
    """It is evidence of both: the second is not told as unanswered."""
    page = guide_of("uno", "Il tirocinio dura sei mesi e paga 600 euro al tirocinante.")
    text = "Quanti mesi dura il tirocinio? Quanti euro paga il tirocinio?"
    found = chosen(text, [page])
    assert [(piece.asked, piece.position) for piece in found] == [(0, 0), (1, 0)]


def test_units_that_do_not_fit_are_passed_over() -> None:
    """The next best takes their place."""
    snapshot = snapshot_of([guide_of("uno", LENGTH, PAY)])
    query, found = found_for("Il tirocinio quanti mesi dura?", snapshot, ALL)
    pieces = read(query, found, snapshot, ALL, fits=lambda hit, unit: unit.text != LENGTH)
    assert [piece.unit.text for piece in pieces] == [PAY]
    assert read(query, found, snapshot, ALL, fits=lambda hit, unit: False) == []


def test_nothing_read_from_nothing() -> None:
    """No passage that may be shown, no unit that can be quoted: no evidence."""
    assert said("Il tirocinio?", [guide_of("uno", "Documenti:")]) == []
    snapshot = snapshot_of([guide_of("uno", LENGTH)])
    query, found = found_for("xyz", snapshot)
    assert read(query, replace(found, hits=[], matches=[]), snapshot, ALL) == []


def test_a_row_for_each_unit_of_the_best_passages() -> None:
    """With a column for each sign, all of them numbers; what is not among the best is not read."""
    pages = [guide_of(f"guida-{n}", LENGTH, PAY, "Documenti:") for n in range(PASSAGES + 2)]
    snapshot = snapshot_of(pages)
    query, found = found_for("Il tirocinio quanti mesi dura?", snapshot)
    weighed = weigh(query, 0, found, snapshot)
    assert weighed.signs.shape == (2 * PASSAGES, len(UNIT_SIGNS))
    assert len(weighed.hits) == len(weighed.positions) == 2 * PASSAGES
    assert len({hit.passage.id for hit in weighed.hits}) == PASSAGES
    assert np.isfinite(weighed.signs).all()


def test_each_sign_of_a_unit_tells_what_it_says() -> None:
    """Its place, its kind, its form, its words and how far its passage is from the best."""
    body = "## Dura? {#d}\n\nSì, il tirocinio dura sei mesi. Poi si proroga:\n\n- una volta sola\n"
    snapshot = snapshot_of([sheet_of("uno", "Uno", body), guide_of("due", PERMIT)])
    query, found = found_for("Il tirocinio dura sei mesi?", snapshot)
    weighed = weigh(query, 0, found, snapshot)
    texts = [
        h.passage.units[at].text for h, at in zip(weighed.hits, weighed.positions, strict=True)
    ]
    rows = dict(zip(texts, weighed.signs, strict=True))
    first, item, other = (
        rows["Sì, il tirocinio dura sei mesi."],
        rows["una volta sola"],
        rows[PERMIT],
    )

    def sign(row: np.ndarray, name: str) -> float:
        return float(row[UNIT_SIGNS.index(name)])

    assert (sign(first, "first"), sign(item, "first")) == (1.0, 0.0)
    assert (sign(first, "item"), sign(item, "item")) == (0.0, 1.0)
    assert (sign(first, "whether"), sign(first, "whether_unasked")) == (1.0, 0.0)
    assert sign(first, "words_asked") == 1.0
    assert sign(first, "behind") == 0.0 > sign(other, "behind")
    assert sign(first, "passage") > sign(other, "passage")
    assert sign(first, "unit_asked") > sign(item, "unit_asked")


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        (LENGTH, True),
        ("Servono questi documenti:", False),
        ("Varianti: sprar, siproimi", False),
        ("Sì.", False),
        ("", False),
    ],
)
def test_what_can_be_quoted(text: str, quoted: bool) -> None:
    """A lead-in without its list, a list of misspellings or a lone word answers nothing."""
    assert quotable(Unit("k", text, "sentence", 1)) is quoted


def test_a_unit_is_understood_where_it_stands() -> None:
    """Its headings and the lead-in of its list before it."""
    body = "## Documenti {#d}\n\nServono:\n\n- il passaporto\n"
    (passage,) = snapshot_of([sheet_of("uno", "Uno", body)]).passages
    (item,) = [unit for unit in passage.units if unit.kind == "item"]
    assert full_text(item, passage) == "Uno Documenti Servono: il passaporto"
