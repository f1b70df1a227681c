"""The checks that keep guides true: acts among the sources, deadlines to come, definitions that
say more, sentences of one breath, one number for one rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from guide_texts import GLOSSARY, SHEET, guide, sheet
from pairs import pairs

from index.check.acts import citations, cited_acts
from index.check.deadlines import deadlines, deadlines_ahead
from index.check.length import UNIT_WORDS, long_units, words_outside
from index.check.numbers import one_number
from index.check.repetition import repeated_definitions
from index.check.rules import check_guides
from index.finding import Finding
from index.network import HOUSE_RULES, NEUTRAL, Level, Network, RuleNumber
from index.parse.network_folder import read_network

NETWORK = Network(
    acts=("d.lgs.", "d.l.", "l.", "regolament(o|i)", "circolar(e|i)", "d.m."),
    dated_acts=("d.m.", "circolar(e|i)"),
    short_names={"TUI": "286/1998"},
    deadlines=("entro il", "fino al", "(scade|scadono) il"),
    bygone=("(era|erano)", "finit*", "domande [di asilo] (presentat*|registrat*)", "esempio"),
    numbers=(
        RuleNumber("stp", "6 mesi", ("stp", "(dura|vale)"), ("medico",)),
        RuleNumber("ospitalita", "48 ore", ("ospitalità", "entro")),
    ),
)
TODAY = date(2026, 11, 23)
HEAD = SHEET.count("\n")
NEWLINE = "\n"
BEGINNING = "# Prova\n\n"


def told(findings: Sequence[Finding]) -> list[tuple[int, str]]:
    return [(finding.line - HEAD, finding.message) for finding in findings]


@pairs("acts")
def test_citations_of_acts(given: str, expected: str) -> None:
    """Acts are seen however number and year are written; what has no number is no act."""
    found = [" ".join(sorted(act)) for _, act in citations(given, NETWORK)]
    assert found == (expected.split("\n") if expected else [])


@pairs("deadlines")
def test_deadlines(given: str, expected: str) -> None:
    """A last day is seen where it is to come, not where it is told as past or as an example."""
    found = [f"{day:%Y-%m-%d}" for _, day in deadlines(given, NETWORK)]
    assert found == (expected.split("\n") if expected else [])


@pairs("definitions")
def test_definitions_said_again(given: str, expected: str) -> None:
    """Of the entries of a glossary, those whose sentence says the definition again."""
    found = repeated_definitions(guide(f"{GLOSSARY}# Prova\n\n{given}\n", "glossario.md"))
    names = [finding.message.split("»")[0].removeprefix("«") for finding in found]
    assert names == (expected.split("\n") if expected else [])


@pairs("breath")
def test_words_outside_parentheses(given: str, expected: str) -> None:
    """Words are counted outside parentheses, however deep, and signs are no words."""
    assert words_outside(given) == int(expected)


@pairs("numbers")
def test_numbers_of_a_rule(given: str, expected: str) -> None:
    """A sentence that has the words of a rule has its number, or no number of that kind."""
    found = told(list(one_number(sheet(f"{BEGINNING}{given}\n"), NETWORK)))
    wanted = expected.split("\n") if expected else []
    shown = [f"{line - BEGINNING.count(NEWLINE)}: {message}" for line, message in found]
    assert len(shown) == len(wanted), shown
    assert all(t.startswith(w) for t, w in zip(shown, wanted, strict=True)), shown


def test_an_act_is_told_once_and_only_where_it_is_no_source() -> None:
    """Sources give an act by number and year, however they write it; a missing one is told at
    its first line alone, in the words of the text."""
    body = f"{BEGINNING}Vale il d.lgs. 142/2015.\n\nVale la l. 91/1992.\n\nDi nuovo l. 91/1992.\n"
    text = SHEET.replace("TUB, art. 126", "decreto 142 del 18 agosto 2015") + body
    ((line, message),) = told(list(cited_acts(guide(text), NETWORK)))
    assert line == 5
    assert message.startswith("«l. 91/1992» è citato ma non sta fra le «fonti»")


def test_a_deadline_against_today_and_the_review() -> None:
    """Passed yesterday: an error at its line. To come before the review: an error at the review's
    key, with the day to write. Today, or after the review: nothing."""
    body = (
        "Si chiede entro il 22 novembre 2026.\nSi chiede entro il 23 novembre 2026.\n"
        "Si chiede entro il 19 febbraio 2027.\nSi chiede entro il 20 febbraio 2027.\n"
    )
    early = guide((SHEET + BEGINNING + body).replace("2027-02-20", "2026-11-23"))
    ((line, message),) = told(list(deadlines_ahead(early, TODAY, NETWORK)))
    assert (line, message.split(":")[0]) == (3, "«entro il 22 novembre 2026» è già passato")
    found = list(deadlines_ahead(sheet(BEGINNING + body), TODAY, NETWORK))
    keys = [SHEET.split("\n")[f.line - 1] for f in found if f.line < HEAD]
    assert keys == ["rivedere_entro: 2027-02-20"] * 2
    assert "anticipa «rivedere_entro» al 2027-02-19" in found[-1].message


def test_a_sentence_of_forty_words_is_short_enough() -> None:
    """Forty words pass, one more is told; parentheses do not count."""
    fits = "parola " * (UNIT_WORDS - 1) + "fine (e una nota che non conta)."
    assert not list(long_units(sheet(f"{BEGINNING}{fits}\n")))
    (finding,) = long_units(sheet(f"{BEGINNING}Una {fits}\n"))
    assert finding.message.startswith("frase di 41 parole fuori dalle parentesi (al più 40)")
    assert finding.rule == "breath"


@pytest.mark.parametrize("level", ["errore", "avviso", "no"])
def test_a_network_weighs_each_of_these_rules(level: Level) -> None:
    """Each has its name among the rules of the house, and the weight of the network."""
    new = ("act", "deadline", "repeat", "breath", "number")
    assert set(new) <= set(HOUSE_RULES)
    levels: dict[str, Level] = dict.fromkeys(HOUSE_RULES, "no")
    levels |= dict.fromkeys(new, level)
    network = replace(NETWORK, levels=levels)
    body = (
        f"{BEGINNING}La l. 91/1992 vale entro il 22 novembre 2026.\nIl codice STP dura 5 mesi.\n"
        f"{'parola ' * UNIT_WORDS}fine.\n"
    )
    found = check_guides([sheet(body)], TODAY, network=network)
    severity = {"errore": "error", "avviso": "warning"}
    assert sorted((f.rule, f.severity) for f in found) == (
        [] if level == "no"
        else [(rule, severity[level]) for rule in ("act", "breath", "deadline", "number")]
    )  # fmt: skip


def test_a_folder_without_a_network_has_no_acts_and_no_numbers() -> None:
    """What belongs to a network is looked for in no other folder."""
    body = f"{BEGINNING}La l. 91/1992 vale entro il 22 novembre 2026. L'STP dura 5 mesi.\n"
    found = check_guides([sheet(body)], TODAY, network=NEUTRAL)
    assert not {"act", "deadline", "number"} & {finding.rule for finding in found}


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("numeri.yaml", "- id: a\n  parole: [x]\n  numero: sei mesi\n", "numero"),
        ("numeri.yaml", "- id: a\n  parole: [x]\n  numero: 6 gatti\n", "numero"),
        ("numeri.yaml", "- id: a\n  parole: []\n  numero: 6 mesi\n", "parole"),
        ("numeri.yaml", "- {id: a, parole: [x], numero: 6 mesi}\n" * 2, "c'è già"),
        ("norme.yaml", "sigle: {TUI: il testo unico}\n", "TUI"),
        ("norme.yaml", "atti: ['/(/']\n", "non si legge come frase"),
    ],
)
def test_data_that_says_nothing_is_told(tmp_path: Path, name: str, text: str, words: str) -> None:
    """A number without a unit, a rule without words, a short name without its act."""
    (tmp_path / "rete").mkdir()
    (tmp_path / "rete" / name).write_text(text, encoding="utf-8")
    network, found = read_network(tmp_path)
    assert network is NEUTRAL
    assert len(found) == 1
    assert words in str(found[0])
