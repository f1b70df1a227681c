"""The check of the guides: every kind of fault is found, told with its line and its fix."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from time import process_time

import numpy as np
import pytest
from folders import MADE
from guide_texts import BODY, EMERGENCY, GLOSSARY, PLAIN, SCRIPT, SERVICE, SHEET, guide, sheet
from networks import NETWORK, REAL, with_network
from pairs import pairs
from typer.testing import CliRunner

from index.__main__ import app
from index.check.duplicates import near_identical
from index.check.facts import quantities
from index.check.readability import gulpease
from index.check.rules import check_folder, check_guides
from index.finding import Finding
from index.parse.guide_file import parse_guide
from index.passage import Passage
from index.phone import phone_problem

TODAY = date(2026, 11, 23)
HEAD = SHEET.count("\n")


def findings(text: str, path: str = "schede/prova.md") -> list[Finding]:
    return sorted(check_guides([guide(text, path)], TODAY, network=NETWORK))


def rules(text: str, path: str = "schede/prova.md") -> list[str]:
    return [finding.rule for finding in findings(text, path)]


@pairs("check")
def test_each_fault_of_a_body_is_found(given: str, expected: str) -> None:
    """Each fault of a sheet is told at its line, with these words, and nothing else is."""
    text = given if "{#parole-semplici}" in given else given + "\n" + PLAIN
    found = [
        f"{f.line - HEAD} {f.rule}: {'avviso: ' if f.severity == 'warning' else ''}{f.message}"
        for f in findings(SHEET + text)
    ]
    wanted = expected.split("\n") if expected else []
    assert len(found) == len(wanted), found
    assert all(t.startswith(w) for t, w in zip(sorted(found), sorted(wanted), strict=True)), found


def test_a_sheet_without_plain_words_is_told() -> None:
    """A sheet must end with its plain-words box; other kinds need none."""
    assert rules(SHEET + BODY) == ["plain"]
    assert rules(GLOSSARY + BODY, "glossario.md") == []


@pytest.mark.parametrize(
    ("change", "rule", "words"),
    [
        (
            ("rivedere_entro: 2027-02-20", "rivedere_entro: 2026-11-22"),
            "date",
            "scaduta da 1 giorni",
        ),
        (("rivedere_entro: 2027-02-20", "rivedere_entro: 2027-11-22"), "date", "più di sei mesi"),
        (("verificato_il: 2026-11-22", "verificato_il: 2026-12-01"), "date", "data futura"),
        (("tipo: scheda", "tipo: scheda\nvalido_fino: 2026-11-22"), "date", "non vale più"),
        (("tipo: scheda", "tipo: scheda\nterritorio: Turino"), "place", "forse «Torino»?"),
        (("tipo: scheda", "tipo: scheda\nterritorio: Roma"), "place", "non è fra i luoghi"),
    ],
)
def test_dates_and_places_are_told_at_their_key(
    change: tuple[str, str], rule: str, words: str
) -> None:
    """Dates and places of the front matter are judged against today and the list of ISTAT, at
    the line of their key."""
    head = SHEET.replace(*change)
    if change[0].startswith("verificato"):
        head = head.replace("2027-02-20", "2027-03-20")
    if "2026-11-22" in change[1] and rule == "date" and "rivedere" in change[1]:
        head = head.replace("verificato_il: 2026-11-22", "verificato_il: 2026-06-22")
    (finding,) = findings(head + BODY + PLAIN)
    key = change[1].split("\n")[-1]
    assert (finding.rule, head.split("\n")[finding.line - 1]) == (rule, key)
    assert words in finding.message


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ('contatti:\n  telefono: "12"', "telefono"),
        ('contatti:\n  email: "info at ente.it"', "posta elettronica"),
        ('contatti:\n  sito: "vedi internet"', "sito"),
        ("indirizzo: via Roma 1\ncomune: Cunneo", "forse «Cuneo»?"),
        ("indirizzo: via Roma 1\narea: [Piemonte, Cheraschi]", "forse «Cherasco»?"),
        ("territorio: Italia", "nessun contatto"),
    ],
)
def test_fields_of_a_service(fields: str, words: str) -> None:
    """A service has contacts of the right form, in places that exist."""
    (finding,) = findings(SERVICE.replace("per_chi", f"{fields}\nper_chi") + BODY, "servizi/a.md")
    assert words in finding.message


def test_a_good_service_has_no_findings() -> None:
    """Short public numbers, freephone numbers, mobiles, e-mail and sites all pass."""
    fields = (
        'comune: "Agliè"\narea: [Torino, Piemonte, Italia]\ncontatti:\n'
        '  telefono: ["1522", "800 90 10 10", "011 2442376", "+39 333 6265766", "803164"]\n'
        "  email: info@ente.it\n  sito: [www.ente.it, 'https://ente.it/pagina']\n"
    )
    assert findings(SERVICE.replace("per_chi", f"{fields}per_chi") + BODY, "servizi/a.md") == []


@pytest.mark.parametrize("number", ["1", "12", "abc", "", "0123456789012345678901"])
def test_numbers_that_are_no_telephone(number: str) -> None:
    """What the Italian numbering plan cannot hold is refused."""
    assert phone_problem(number, "IT")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("## Passo: a {#a}\n\nFai.\n", "non ha uscita"),
        ("## Passo: a {#a}\n\n- Sì → [b](#b)\n\n## Passo: b {#b}\n\n- No → [a](#a)\n", "in tondo"),
        ("## Passo: a {#a}\n\n**Fine.**\n\n## Passo: b {#b}\n\n**Fine.**\n", "non porta nessuna"),
        ("## Passo: a {#a}\n\n- Sì → [b](#zeta)\n", "non è un passo"),
        ("## Passo: a {#a}\n\n- Sì → [b](x.md)\n\n**Fine.**\n", "sia scelte sia"),
        ("Nessun passo qui, solo una frase.\n", "un copione ha almeno un"),
    ],
)
def test_the_graph_of_a_script(body: str, words: str) -> None:
    """Dead ends, loops, unreachable and unknown steps of a script are rejected."""
    found = findings(SCRIPT + BODY + "\n" + body, "copioni/a.md")
    assert any(words in f.message and f.rule == "script" for f in found), found


def test_terms_of_the_glossary() -> None:
    """A term without a meaning, and a spelling claimed by two terms, are told."""
    body = (
        "# Prova\n\nLe parole dell'accoglienza, una per volta.\n\n"
        "## SAI {#sai}\n\n**Sistema di accoglienza.** La rete dei Comuni.\n\n- Varianti: sprar\n\n"
        "## CAS {#cas}\n\n**Centro di accoglienza straordinaria, della prefettura.**\n\n"
        "## SPRAR {#sprar}\n\n**Vecchio nome.** Oggi si chiama SAI.\n"
    )
    found = findings(GLOSSARY + body, "glossario.md")
    assert [f.message.split(":")[0] for f in found] == [
        "«CAS»",
        "«sprar» è già fra i modi di scrivere «SAI»",
    ]


def test_two_links_to_a_guide_that_was_renamed() -> None:
    """A link to a file that is no longer there proposes the file of the nearest name."""
    one = sheet("# Prova\n\nVedi [Conto](conto-di-bse.md) in banca.\n" + PLAIN)
    other = sheet(BODY + PLAIN, "schede/conto-di-base.md")
    (finding,) = [f for f in check_guides([one, other], TODAY) if f.rule == "link"]
    assert finding.message.endswith("non porta a nessuna guida; forse «conto-di-base.md»?")


def test_near_identical_passages_show_the_pair() -> None:
    """Two passages of different guides with nearly the same vector are told together; within
    one guide, and for plain words, they are not."""
    guides = [sheet(BODY + PLAIN, f"schede/{name}.md") for name in ("a", "b")]
    passages = [
        Passage(f"{g.slug}#x:{n}", g.slug, "x", n, role, ("Prova", "Chi?"), "t", "t", (), 7, 9)
        for g in guides
        for n, role in enumerate(("body", "body", "plain"))
    ]
    vectors = np.eye(6, 8, dtype=np.float32)
    vectors[[1, 3]] = vectors[0]  # a:0 = a:1 = b:0
    vectors[5] = vectors[2]  # both plain
    found = list(near_identical(guides, passages, vectors))
    assert [(f.path, f.line, f.severity) for f in found] == [("schede/b.md", 7, "warning")] * 2
    assert "(schede/a.md:7, somiglianza 1.00)" in found[0].message


@pairs("quantities")
def test_quantities(given: str, expected: str) -> None:
    """Days, months, years, hours, weeks and euro are seen however they are written."""
    assert [name for _, name in quantities(given)] == (expected.split("\n") if expected else [])


def test_gulpease() -> None:
    """The formula of Lucisano and Piemontese, on a text counted by hand: 2 sentences, 8 words,
    33 letters give 89 + (600 - 330) / 8 = 122.75, shown as 100; hard prose scores low."""
    assert gulpease(["Puoi aprire un conto.", "Porta il permesso oggi."]) == 100.0
    one = ["La banca apre il conto a chi soggiorna legalmente in Italia senza chiedere altro"]
    letters = sum(len(word) for word in one[0].split())
    assert gulpease(one) == pytest.approx(89 + (300 - 10 * letters) / 14)


def test_municipalities() -> None:
    """The 1,179 municipalities are found whatever their accents, capitals and apostrophes."""
    places = NETWORK.places
    assert places.find("AGLIE").name == "Agliè"  # type: ignore[union-attr]
    assert places.find("albiano d’ivrea").code == "001004"  # type: ignore[union-attr]
    assert places.find("Roma") is None
    assert [places.has(n) for n in ("Verbano-Cusio-Ossola", "Piemonte", "Lazio")] == [1, 1, 0]
    assert (places.nearest("Vercellli"), places.nearest("Roma")) == ("Vercelli", None)


def test_every_file_is_told_in_one_run(tmp_path: Path) -> None:
    """A file that cannot be read does not hide the faults of the others."""
    (tmp_path / "a.md").write_bytes(b"\xff\xfe nulla")
    (tmp_path / "b.md").write_text("senza intestazione", encoding="utf-8")
    (tmp_path / "C Maiuscolo.md").write_text(SHEET + BODY, encoding="utf-8")
    (tmp_path / "d.md").write_text(SHEET.replace("scheda", "schedina") + BODY, encoding="utf-8")
    (tmp_path / "e.md").write_text(SHEET.replace("bisogni", "bisogno") + BODY, encoding="utf-8")
    (tmp_path / "f.md").write_text(SHEET + BODY + PLAIN, encoding="utf-8")
    found, told = check_folder(with_network(tmp_path), TODAY)
    assert [g.slug for g in found] == ["f"]
    assert {f.path for f in told} == {"a.md", "b.md", "C Maiuscolo.md", "d.md", "e.md"}
    assert all(f.line >= 1 and f.message for f in told)


def test_formats_and_exit_codes(tmp_path: Path) -> None:
    """Errors exit 1, warnings 0 unless --strict; the three formats carry path, line, severity."""
    runner = CliRunner()
    path = tmp_path / "prova.md"
    path.write_text(SHEET + BODY, encoding="utf-8")  # no plain words: a warning
    run = ["check", "--guides", str(with_network(tmp_path))]
    assert runner.invoke(app, run).exit_code == 0
    assert runner.invoke(app, [*run, "--strict"]).exit_code == 1
    assert "prova.md:1: avviso: manca «## In parole" in runner.invoke(app, run).stdout
    (row,) = json.loads(runner.invoke(app, [*run, "--format", "json"]).stdout)
    assert (row["path"], row["line"], row["severity"]) == ("prova.md", 1, "warning")
    github = runner.invoke(app, [*run, "--format", "github"]).stdout
    assert github.startswith(f"::warning file={tmp_path.as_posix()}/prova.md,line=1,title=plain::")
    path.write_text("niente", encoding="utf-8")
    assert runner.invoke(app, run).exit_code == 1
    assert runner.invoke(app, [*run, "--format", "xml"]).exit_code == 2
    assert runner.invoke(app, ["check", "--guides", str(tmp_path / "no")]).exit_code == 1


@pytest.mark.soak  # it measures time, which other work on the machine may lengthen
def test_a_hundred_guides_are_checked_in_three_seconds(tmp_path: Path) -> None:
    """The check of 100 guides of ordinary length takes less than 3 s of one
    processor (so that what else runs beside does not count)."""
    head, *bodies = (
        re.split(r"(?m)^(?=## )", (MADE / f"schede/{name}.md").read_text("utf-8"), maxsplit=1)
        for name in ("conto-di-base", "tirocinio", "lavoro-dei-richiedenti", "codice-fiscale")
    )
    long = head[0] + "".join(
        re.sub(r"\{#([a-z-]+)\}", rf"{{#\1-{at}}}", body)
        for at, (_, body) in enumerate([head, *bodies])
    )
    for n in range(100):
        (tmp_path / f"guida-{n}.md").write_text(re.sub(r"(?ms)^domande:.*?^---", "---", long))
    start = process_time()
    found, _ = check_folder(tmp_path, TODAY)
    elapsed = process_time() - start
    assert len(found) == 100
    assert elapsed < 3, f"{elapsed:.2f} s"


def test_facts_of_an_emergency_are_a_section_of_their_own() -> None:
    """Numbers of the front matter need no other source than the guide's."""
    assert findings(EMERGENCY + BODY, "emergenze/a.md") == []


def test_findings_sort_and_compare() -> None:
    """Findings sort by file and line, so that a report reads like the files."""
    first = Finding("a.md", 2, "x")
    assert sorted([Finding("b.md", 1, "x"), replace(first, line=9), first])[0] == first


def test_hostile_front_matter_is_told_not_raised() -> None:
    """Deep nesting, aliases that explode and odd YAML become findings."""
    bombs = [
        "a: " + "[" * 5000,
        "a: &a [x]\n" + "\n".join(f"b{i}: &b{i} [*a, *a]" for i in range(50)),
        "!!python/object:os.system x",
        "? [a, b]\n: c",
        "- elenco",
        "titolo: [1, 2]\ntipo: scheda",
        "tipo: scheda\nverificato_il: 2026-13-45",
        "\t- tab",
    ]
    for bomb in bombs:
        found, told = parse_guide(f"---\n{bomb}\n---\n\n# Prova\n".encode(), "a.md", REAL)
        assert found is None
        assert told, bomb[:40]
