"""The guides themselves: what was promised about their content."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

import pytest
from folders import ROOT

from eval.suite.folder import load_suite
from index.check.facts import REFORM, has_reference, quantities
from index.check.length import TOKENS_PER_WORD
from index.check.readability import EASY, gulpease
from index.check.rules import check_folder
from index.finding import Finding
from index.guide import GENERATED, Guide
from index.parse.chunk import PLAIN_ANCHOR, chunk_guide
from index.parse.sentences import split_sentences

SCRIPTS = (
    "primo-colloquio", "orientamento-al-lavoro", "verifica-diritto-al-lavoro", "iscrizione-cpi",
    "attivare-un-tirocinio", "bilancio-di-competenze", "riconoscimento-del-titolo",
    "conto-corrente", "residenza", "salute", "casa-dopo-accoglienza", "segnali-di-sfruttamento",
    "diventare-maggiorenni", "primo-contatto-azienda", "primo-mese-di-lavoro",
)  # fmt: skip
NEEDS = (
    "lavoro", "titoli-di-soggiorno", "documenti", "denaro", "salute", "casa", "lingua-e-scuola",
    "titoli-di-studio", "famiglia", "mobilita", "tutele", "accoglienza", "minori", "ucraina",
    "imprese", "rete",
)  # fmt: skip
BOTH = {"60", "90", REFORM}
ANSWERS = 2  # the least grade in a case of a passage that answers, not only helps


@cache
def checked() -> tuple[list[Guide], list[Finding]]:
    return check_folder(ROOT / "guides")


@cache
def answered_by() -> Counter[str]:
    """By guide: how many cases one of its passages answers."""
    return Counter(
        slug
        for case in load_suite()
        for slug in {
            target.partition("#")[0] for target, n in case.passages.items() if n >= ANSWERS
        }
    )


def of_kind(kind: str) -> list[Guide]:
    return [guide for guide in checked()[0] if guide.kind == kind]


def test_the_check_has_nothing_to_say() -> None:
    """Every guide parses, and no rule finds an error or a warning."""
    assert [str(finding) for finding in checked()[1]] == []


@pytest.mark.parametrize(
    ("kind", "least"), [("scheda", 45), ("copione", 14), ("emergenza", 8), ("glossario", 1)]
)
def test_there_are_enough_guides(kind: str, least: int) -> None:
    """At least 45 sheets, 14 scripts, 8 emergency cards and a glossary."""
    assert len(of_kind(kind)) >= least


def test_the_scripts_that_operators_asked_for_are_there() -> None:
    """One script for each of the fifteen talks named by operators."""
    assert {guide.slug for guide in of_kind("copione")} >= set(SCRIPTS)


@pytest.mark.parametrize("need", NEEDS)
def test_each_need_has_its_sheet(need: str) -> None:
    """The toolbox is by need: no need is without a sheet."""
    assert any(need in guide.needs for guide in of_kind("scheda"))


@pytest.mark.parametrize("slug", [guide.slug for guide in of_kind("scheda")])
def test_each_sheet_is_asked_about(slug: str) -> None:
    """At least three cases of the suite are answered by a passage of the sheet."""
    assert answered_by()[slug] >= 3


def test_the_suite_is_large() -> None:
    """At least 250 cases, none without a question."""
    assert len(load_suite()) >= 250


def test_the_glossary_is_rich() -> None:
    """At least 150 terms, each with expansion and meaning, and most with variants."""
    (glossary,) = of_kind("glossario")
    assert len(glossary.terms) >= 150
    assert all(term.expansion and term.meaning for term in glossary.terms)
    assert sum(bool(term.variants) for term in glossary.terms) >= 150


def test_there_are_enough_passages() -> None:
    """At least 600 passages, counted without a model by words."""

    def tokens(text: str) -> int:
        return int(len(text.split()) * TOKENS_PER_WORD)

    assert sum(len(chunk_guide(guide, tokens)) for guide in checked()[0]) >= 600


@pytest.mark.parametrize("slug", [guide.slug for guide in of_kind("scheda")])
def test_each_number_has_its_source(slug: str) -> None:
    """In a sheet every number of days, months, years, hours or euro stands in a section with a
    law or a source; in plain words, it repeats one that does."""
    (sheet,) = [guide for guide in of_kind("scheda") if guide.slug == slug]
    sourced, bare = set(), []
    for section in sheet.sections:
        said = {name for unit in section.units for _, name in quantities(unit.text)}
        if has_reference(section):
            sourced |= said
        elif section.anchor == PLAIN_ANCHOR:
            bare += sorted(said)
        else:
            assert not said, f"{sheet.path}:{section.line}"
    assert set(bare) <= sourced


@pytest.mark.parametrize("slug", [guide.slug for guide in of_kind("scheda")])
def test_plain_words_are_easy(slug: str) -> None:
    """The plain-words box of every sheet has a Gulpease index of at least 60."""
    (sheet,) = [guide for guide in of_kind("scheda") if guide.slug == slug]
    (box,) = [section for section in sheet.sections if section.anchor == PLAIN_ANCHOR]
    sentences = [s for unit in box.units for s in split_sentences(unit.text)]
    assert gulpease(sentences) >= EASY


def test_sixty_days_never_stand_alone() -> None:
    """No sentence says «60 giorni» of work without the date that decides."""
    for guide in checked()[0]:
        for section in guide.sections:
            for unit in section.units:
                if "60 giorni" in unit.text and "lavor" in unit.text:
                    assert REFORM in unit.text, f"{guide.path}:{unit.line}"


def test_both_rules_stand_together() -> None:
    """A section that counts the days before work tells both rules and the date that decides."""
    told = 0
    for guide in checked()[0]:
        for section in guide.sections:
            text = " ".join(f"{unit.lead} {unit.text}" for unit in section.units)
            counted = re.search(r"\b(60|90) (giorni )?(dalla|da quando) (pres|form)", text)
            if counted and "lavor" in text:
                told += 1
                where = f"{guide.path}:{section.line}"
                assert {rule for rule in ("60", "90", REFORM) if rule in text} == BOTH, where
    assert told >= 10


def test_every_guide_can_be_kept() -> None:
    """Each guide says its sources, when it was verified, when to look again and who answers
    for it; services say whether their contacts were verified."""
    for guide in checked()[0]:
        assert guide.sources, guide.path
        assert guide.verified_on < guide.review_by, guide.path
        assert guide.owner or guide.kind == "servizio", guide.path


def test_no_contact_without_a_source() -> None:
    """Every contact of a service stands in a guide that names where it was found, and is shown
    as to be verified until somebody calls."""
    for guide in of_kind("servizio"):
        assert guide.service is not None
        assert guide.service.status in {"verificato", "da verificare"}
        made = [s for s in guide.sections if s.anchor == GENERATED["servizio"]]
        shown = " ".join(unit.text for section in made for unit in section.units)
        assert ("Da verificare" in shown) == (guide.service.status == "da verificare")
