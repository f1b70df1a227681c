"""The guides themselves: what was promised about their content."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cache

from folders import GUIDES
from marking import unmarked
from networks import REAL, REFORM
from today import day_of_the_guides

from chatbot.pages.texts import LANGUAGES
from eval.suite.case import Case
from index.check.facts import has_reference, quantities
from index.check.readability import EASY, gulpease
from index.check.rules import check_folder, check_guide
from index.check.words import MONTHS
from index.finding import Finding
from index.guide import GENERATED, Guide
from index.parse.chunk import PLAIN_ANCHOR
from index.parse.guide_file import parse_guide
from index.parse.handouts import plain_box, read_handouts
from index.parse.sentences import split_sentences

SCRIPTS = (
    "primo-colloquio", "orientamento-al-lavoro", "verifica-diritto-al-lavoro", "iscrizione-cpi",
    "attivare-un-tirocinio", "bilancio-di-competenze", "riconoscimento-del-titolo",
    "conto-corrente", "residenza", "salute", "casa-dopo-accoglienza", "segnali-di-sfruttamento",
    "diventare-maggiorenni", "primo-contatto-azienda", "primo-mese-di-lavoro",
)  # fmt: skip
SHEET = "schede/conto-di-base.md"
ENDS = re.compile(r"[.?!؟](?=\s|$)")
DAY = REFORM.in_guides.day
# what a guide says of its own sources, where the operator needs an office to ask
UNSAID = re.compile(
    r"non (l'|lo |la |li |le )?abbiamo trovato|Bussola non ha|non lo sappiamo:"
    r"|non (è|sono|era|erano) stat[aeio] (trovat|lett|verificat|controllat)[aeio]"
    r"|\bnon (c'è|ci sono|abbiamo|ha|hanno|risult\w+|esist\w+)( [\w']+){0,3} font[ei]\b"
    r"|\bnon (è|sono)( [\w']+){0,2} fonti\b|\b(nessuna|senza|manca|mancano)( \w+)? font[ei]\b"
    r"|\bfonti( \w+)? non (d[iaà]|lo |tratt|risp)|\bnon (è|sono) in questa scheda"
    r"|nessuna (regola|norma) trovata|nei testi letti",
    re.IGNORECASE,
)
MOST_UNSAID = 12  # in all guides: guides/README.md, «Quello che non si sa si chiede»
ANSWERS = 2  # the least grade in a case of a passage that answers, not only helps


@cache
def checked() -> tuple[list[Guide], list[Finding]]:
    return check_folder(GUIDES, day_of_the_guides())


def of_kind(kind: str) -> list[Guide]:
    return [guide for guide in checked()[0] if guide.kind == kind]


def test_the_check_has_nothing_to_say() -> None:
    """Every guide parses, and no rule finds an error or a warning."""
    assert [str(finding) for finding in checked()[1]] == []


def test_a_deadline_that_passes_is_an_error_in_this_network() -> None:
    """By the words and the house rules of `guides/rete`: one that has passed at its line, one to
    come before the guide is looked at again at the day of its review."""
    text = (GUIDES / SHEET).read_text("utf-8")
    review = re.search(r"(?m)^rivedere_entro: (\S+)$", text)
    assert review
    today, due = day_of_the_guides(), date.fromisoformat(review[1])
    for day, line in (
        (today - timedelta(days=1), text.count("\n") + 2),
        (due - timedelta(days=1), text.count("\n", 0, review.start()) + 1),
        (due, 0),
    ):
        said = f"Il modulo si consegna entro il {day.day} {MONTHS[day.month - 1]} {day.year}."
        guide, _ = parse_guide(f"{text}\n{said}\n".encode(), SHEET, REAL)
        assert guide
        found = [f for f in check_guide(guide, today, REAL) if f.rule == "deadline"]
        assert [(f.line, f.severity) for f in found] == ([(line, "error")] if line else [])


def test_every_kind_of_guide_is_there() -> None:
    """Sheets, scripts, services, emergency cards and one glossary."""
    assert all(of_kind(kind) for kind in ("scheda", "copione", "servizio", "emergenza"))
    assert len(of_kind("glossario")) == 1


def test_every_unit_of_every_guide_can_be_marked() -> None:
    """What is cited is what the reader sees, in each guide."""
    assert [line for guide in checked()[0] for line in unmarked(guide)] == []


def test_the_scripts_that_operators_asked_for_are_there() -> None:
    """One script for each of the fifteen talks named by operators."""
    assert {guide.slug for guide in of_kind("copione")} >= set(SCRIPTS)


def test_each_need_has_its_sheet() -> None:
    """The toolbox is by need: none that a guide names is without a sheet."""
    named = {need for guide in checked()[0] for need in guide.needs}
    assert named == {need for guide in of_kind("scheda") for need in guide.needs}


def test_each_sheet_is_asked_about(cases: tuple[Case, ...]) -> None:
    """At least one case of the suite is answered by a passage of the sheet."""
    answering = {
        target.partition("#")[0]
        for case in cases
        for target, grade in case.passages.items()
        if grade >= ANSWERS
    }
    assert [guide.slug for guide in of_kind("scheda") if guide.slug not in answering] == []


def test_what_is_not_known_is_asked_of_somebody() -> None:
    """That a source is missing is said where it is the news, in few places; elsewhere the guide
    names who knows."""
    told = [
        f"{guide.path}:{unit.line}: {unit.text}"
        for guide in checked()[0]
        for section in guide.sections
        for unit in section.units
        if UNSAID.search(unit.text)
    ]
    assert 0 < len(told) <= MOST_UNSAID, "\n".join(told)


def test_the_suite_is_large_enough_for_its_figures(cases: tuple[Case, ...]) -> None:
    """With 250 cases a share of 0.9 is known within four points; with fewer, thresholds of the
    baseline would move by chance."""
    assert len(cases) >= 250


def test_every_term_of_the_glossary_is_explained() -> None:
    """Each has its expansion and its meaning, and most are written in more ways than one."""
    (glossary,) = of_kind("glossario")
    assert [t.term for t in glossary.terms if not (t.expansion and t.meaning)] == []
    assert sum(bool(term.variants) for term in glossary.terms) > 0.75 * len(glossary.terms)


def test_each_number_has_its_source() -> None:
    """In a sheet every number of days, months, years, hours or euro stands in a section with a
    law or a source; in plain words, it repeats one that does."""
    for sheet in of_kind("scheda"):
        sourced, bare = set(), []
        for section in sheet.sections:
            said = {name for unit in section.units for _, name in quantities(unit.text)}
            if has_reference(section, REAL):
                sourced |= said
            elif section.anchor == PLAIN_ANCHOR:
                bare += sorted(said)
            else:
                assert not said, f"{sheet.path}:{section.line}"
        assert set(bare) <= sourced, sheet.path


def test_plain_words_are_easy() -> None:
    """The plain-words box of every sheet has a Gulpease index of at least 60."""
    for sheet in of_kind("scheda"):
        (box,) = [section for section in sheet.sections if section.anchor == PLAIN_ANCHOR]
        sentences = [s for unit in box.units for s in split_sentences(unit.text)]
        assert gulpease(sentences) >= EASY, sheet.path


def test_translated_boxes_are_whole() -> None:
    """The boxes that were translated are in every language, each with as many sentences as the
    Italian one."""
    sheets = {guide.slug: guide for guide in of_kind("scheda")}
    handouts, _ = read_handouts(GUIDES)
    translated = {handout.guide for handout in handouts}
    assert len(translated) >= 20
    assert len(handouts) == len(translated) * (len(LANGUAGES) - 1)
    for handout in handouts:
        box = plain_box(sheets[handout.guide])
        assert box is not None
        words = handout.markdown.rpartition("---\n")[2]
        said = len(ENDS.findall(words))
        assert said == len(ENDS.findall(" ".join(unit.text for unit in box.units))), handout.path


def test_sixty_days_never_stand_alone() -> None:
    """No sentence says «60 giorni» of work without the date that decides."""
    for guide in checked()[0]:
        for section in guide.sections:
            for unit in section.units:
                if "60 giorni" in unit.text and "lavor" in unit.text:
                    assert DAY in unit.text, f"{guide.path}:{unit.line}"


def test_both_rules_stand_together() -> None:
    """A section that counts the days before work tells the date that decides."""
    told = 0
    for guide in checked()[0]:
        for section in guide.sections:
            text = " ".join(f"{unit.lead} {unit.text}" for unit in section.units)
            counted = re.search(r"\b(60|90) (giorni )?(dalla|da quando) (pres|form)", text)
            if counted and "lavor" in text:
                told += 1
                assert DAY in text, f"{guide.path}:{section.line}"
    assert told


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
