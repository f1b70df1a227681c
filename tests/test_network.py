"""The network is data: with other files Bussola serves another territory, other titles of stay and
other laws, and no line of it knows any of them."""

from __future__ import annotations

import ast
import csv
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from folders import DATA, GUIDES, ROOT

from chatbot.bot import Bot
from chatbot.find.addressee import asked_about
from chatbot.find.admit import admit
from chatbot.judge.rules.elsewhere import not_of_here
from chatbot.judge.rules.regime import replies, sides
from chatbot.period import Period
from chatbot.question import Profile, Question
from chatbot.understand.application_date import application_date
from chatbot.understand.beyond import countries_abroad
from chatbot.understand.query import understand
from index.check.rules import check_folder
from index.encode.encoder import Encoder
from index.finding import GuidesRejected
from index.network import NEUTRAL, from_json, to_json
from index.parse.network_folder import read_network
from index.publish.build import build
from index.publish.publish import rollback
from index.publish.snapshot import Snapshot, load_current

OTHER = DATA / "altra-rete"
LATER = date(2034, 5, 1)
NETWORK, WRONG = read_network(OTHER)
SEAS, PORTS = NETWORK.reforms  # newest first
WAIT = "dopo quanti giorni il mozzo può pescare?"
LANTERNS = "quante lanterne servono per navigare di notte?"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Guides and network of harbours, to be changed."""
    return Path(shutil.copytree(OTHER, tmp_path_factory.mktemp("porti") / "guide"))


@pytest.fixture(scope="module")
def harbours(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, encoder_of_all: Encoder
) -> Path:
    var = tmp_path_factory.mktemp("var")
    build(folder, var, encoder_of_all)
    return var


@pytest.fixture(scope="module")
def other(harbours: Path) -> Snapshot:
    return load_current(harbours)


def test_another_network_is_checked_by_its_own_rules() -> None:
    """Its needs, places, citations and dated numbers; the reviews are overdue, which it minds as
    little as a folder that says nothing."""
    assert WRONG == []
    _, findings = check_folder(OTHER, date(2024, 2, 1))
    assert findings == []


def test_a_number_of_a_reform_without_its_day_is_told(folder: Path) -> None:
    """«10 giorni» beside fishing holds before the law of the harbours alone."""
    text = (folder / "schede/licenza-di-pesca.md").read_text("utf-8")
    (folder / "schede/breve.md").write_text(
        text.replace("prima del 1 marzo 2031 il mozzo", "il mozzo"), encoding="utf-8"
    )
    _, findings = check_folder(folder, date(2024, 2, 1))
    (folder / "schede/breve.md").unlink()
    assert [(f.path, f.rule) for f in findings] == [
        ("schede/breve.md", "reform"),
        ("schede/licenza-di-pesca.md", "copy"),
    ]
    assert "le richieste fatte prima del 1 marzo 2031" in findings[0].message


def test_it_is_published_inside_the_snapshot(other: Snapshot) -> None:
    assert other.network.name == "Capitanerie della Borealia"
    assert other.network.digest == NETWORK.digest
    assert [reform.day.year for reform in other.network.reforms] == [2033, 2031]
    assert from_json(to_json(NETWORK)).title_of.keys() == NETWORK.title_of.keys()


@pytest.mark.parametrize(("question", "reform"), [(WAIT, PORTS), (LANTERNS, SEAS)])
def test_it_asks_back_by_the_reform_that_the_answer_hangs_on(
    encoder_of_all: Encoder, other: Snapshot, question: str, reform: object
) -> None:
    """Two laws of different days: each question is asked the day of its own."""
    bot = Bot(encoder_of_all)
    certain = replace(bot.weights, numbers={**bot.weights.numbers, "answer": 0.0})
    answer = Bot(encoder_of_all, certain).reply(Question(question), other)
    day = reform.in_guides.day  # type: ignore[attr-defined]
    assert answer.outcome == "clarify"
    assert day in answer.answer
    assert [reply.application_date for reply in answer.quick_replies] == [
        Period.before(reform.day),  # type: ignore[attr-defined]
        Period.since(reform.day),  # type: ignore[attr-defined]
    ]


def test_with_the_date_the_rule_of_that_side_is_said(
    encoder_of_all: Encoder, other: Snapshot
) -> None:
    bot = Bot(encoder_of_all)
    certain = replace(bot.weights, numbers={**bot.weights.numbers, "answer": 0.0})
    profile = Profile(application_date=Period.before(PORTS.day))
    answer = Bot(encoder_of_all, certain).reply(Question(WAIT, profile=profile), other)
    assert "10 giorni" in answer.answer
    assert "30 giorni" not in answer.answer


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("la richiesta di licenza del 2 aprile 2031", "2031-04-02"),
        ("ha chiesto la licenza prima della legge dei porti", "../2031-02-28"),
        ("ha chiesto la licenza dopo la legge dei mari", "2033-09-15/.."),
        ("richiesta di licenza fatta prima di maggio 2032", "../2033-09-14"),
        ("ha chiesto asilo a maggio 2032", "None"),
    ],
)
def test_dates_are_read_beside_the_words_of_its_applications(text: str, written: str) -> None:
    assert str(application_date(text, LATER, NETWORK)) == written


def test_a_day_between_two_reforms_is_since_one_and_before_the_other() -> None:
    day = Period.of(2032, 5, 1)
    assert (day.side(PORTS.day), day.side(SEAS.day)) == ("since", "before")


def test_buttons_are_in_the_language_asked_or_in_italian() -> None:
    assert [reply.label for reply in replies(PORTS, "en")] == ["Before", "Since"]
    assert [reply.label for reply in replies(SEAS, "en")] == ["Prima dei mari", "Con i mari"]


def test_titles_and_places_are_its_own(encoder_of_all: Encoder, other: Snapshot) -> None:
    """A ship's boy is no boatswain; the services of another harbour are not shown."""
    reference = Bot(encoder_of_all).prepare(other).reference
    query = understand(Question("un mozzo a Portalto dove ripara le reti?"), reference)
    assert asked_about(query, other.network) == {"mozzo"}
    allowed = admit(query, other)
    shown = {p.guide for p in other.passages if allowed(p)}
    assert "capitaneria-portalto" in shown
    assert "capitaneria-portabasso" not in shown
    unknown = understand(Question("un richiedente asilo a Torino può pescare?"), reference)
    assert asked_about(unknown, other.network) == frozenset()


def test_a_question_about_elsewhere_is_by_its_own_list() -> None:
    assert countries_abroad("si pesca in Atlantide?", NETWORK) == {"atlantide"}
    assert countries_abroad("si pesca in Germania?", NETWORK) == frozenset()
    assert countries_abroad("si pesca in Atlantide?", NEUTRAL) == frozenset()
    assert not_of_here(frozenset({"atlantide"}), [], NETWORK)


def test_a_law_is_published_and_rolled_back_like_a_guide(
    folder: Path, harbours: Path, encoder_of_all: Encoder
) -> None:
    """A change of the network alone makes another snapshot, and the old one comes back whole."""
    laws = folder / "rete/riforme.yaml"
    before = laws.read_text("utf-8")
    laws.write_text(before.replace("2033-09-15", "2035-01-01"), encoding="utf-8")
    build(folder, harbours, encoder_of_all)
    laws.write_text(before, encoding="utf-8")
    assert load_current(harbours).network.reforms[0].day == date(2035, 1, 1)
    rollback(harbours)
    assert load_current(harbours).network.reforms[0].day == SEAS.day


@pytest.mark.parametrize(
    ("file", "change", "told"),
    [
        ("titoli.yaml", ("id: mozzo", "id: Mozzo"), "rete/titoli.yaml:1: «0.id» non ha la forma"),
        ("titoli.yaml", ("id: nostromo", "id: mozzo"), "rete/titoli.yaml:8: «mozzo» c'è già"),
        ("titoli.yaml", ("nostrom(o|i)", "nostrom(o|i"), "rete/titoli.yaml:13: «nostrom(o|i»"),
        ("titoli.yaml", ("frasi", "frase"), "chiave sconosciuta"),
        ("riforme.yaml", ("[nostromo]", "[capitano]"), "rete/riforme.yaml:9: «capitano» non è"),
        ("riforme.yaml", ("2031-03-01", "domani"), "rete/riforme.yaml:2: «0.giorno» deve essere"),
        ("rete.yaml", ("Pacific/Auckland", "Borealia"), "rete/rete.yaml:5: «Borealia» non è un"),
        ("rete.yaml", ("source:", "fonte:"), "rete/rete.yaml:12: «fonte» non è una regola"),
        ("rete.yaml", ("nome: Cap", "nome: [Cap"), "rete/rete.yaml:"),
        ("rete.yaml", ("nome: Cap", "recapiti: {sito: rete.it}\nnome: Cap"), "«recapiti.sito»"),
        ("rete.yaml", ("nome: Cap", "recapiti: {telefono: '11'}\nnome: Cap"), "«11» non è un"),
        ("luoghi.csv", ("Scogliera,Nordia", "Scogliera,"), "rete/luoghi.csv:4: ogni riga ha"),
        ("luoghi.csv", ("nome,", "comune,"), "rete/luoghi.csv:1: manca la colonna «nome»"),
        ("risposte.yaml", ("sezione:", "rivolgersi_a: tu\n  sezione:"), "rete/risposte.yaml:1: "),
        ("avvisi.yaml", ("[reti]", "[vela]"), "rete/avvisi.yaml:3: «vela» non è fra i bisogni"),
        ("avvisi.yaml", ("bisogni: [reti]", "guide: []"), "rete/avvisi.yaml:1: "),
        ("compiti.yaml", ("id: porto", "id: mare"), "rete/compiti.yaml:3: «mare» c'è già"),
        ("compiti.yaml", ("guide: [licenza", "guida: [licenza"), "chiave sconosciuta"),
        ("norme.yaml", ("art. #", "art. #[|"), "rete/norme.yaml:1: «codice dei porti"),
    ],
)
def test_what_is_wrong_is_told_with_file_and_line(
    tmp_path: Path, file: str, change: tuple[str, str], told: str
) -> None:
    shutil.copytree(OTHER, tmp_path / "guide")
    path = tmp_path / "guide/rete" / file
    text = path.read_text("utf-8")
    assert change[0] in text
    path.write_text(text.replace(*change, 1), encoding="utf-8")
    network, findings = read_network(tmp_path / "guide")
    assert network is NEUTRAL
    assert any(told in str(finding) for finding in findings), findings


def test_a_wrong_network_is_not_published(tmp_path: Path, encoder_of_all: Encoder) -> None:
    shutil.copytree(OTHER, tmp_path / "guide")
    (tmp_path / "guide/rete/titoli.yaml").write_text("- id: 1", encoding="utf-8")
    with pytest.raises(GuidesRejected, match=r"rete/titoli\.yaml:1"):
        build(tmp_path / "guide", tmp_path / "var", encoder_of_all)


def test_without_its_folder_a_network_is_neutral(tmp_path: Path) -> None:
    """No titles, no reforms, no places; and a missing file is a file that says nothing."""
    assert read_network(tmp_path) == (NEUTRAL, [])
    (tmp_path / "rete").mkdir()
    shutil.copy(OTHER / "rete/bisogni.yaml", tmp_path / "rete")
    network, findings = read_network(tmp_path)
    assert findings == []
    assert (list(network.needs_shown), network.titles, network.reforms) == (
        ["barche", "reti"],
        (),
        (),
    )


# --- no word of the network in the program

ROOMS = ("chatbot", "index", "eval")
LANGUAGE_TOO = {"None"}  # a town, and what Python calls nothing


def _words_of_the_network() -> re.Pattern[str]:
    with (GUIDES / "rete/luoghi.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    titles = {title.id for title in read_network(GUIDES)[0].titles}
    places = {row["nome"] for row in rows} | {row["provincia"] for row in rows} - LANGUAGE_TOO
    names = {*titles, *places, "2026", "Piemonte"} - LANGUAGE_TOO
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, sorted(names)))})(?!\w)")


def _lines_of(path: Path) -> list[str]:
    """The lines of a file, comments too; of Python the docstrings, whose examples are somebody's,
    are left out."""
    text = path.read_text("utf-8")
    lines = text.split("\n")
    with_docstring = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    for node in ast.walk(ast.parse(text)) if path.suffix == ".py" else ():
        if isinstance(node, with_docstring) and ast.get_docstring(node) is not None:
            first, last = node.body[0].lineno, node.body[0].end_lineno or 0
            lines[first - 1 : last] = [""] * (last - first + 1)
    return lines


def _program() -> Iterator[Path]:
    """Python, and of the pages scripts, templates and styles that are ours."""
    for room in ROOMS:
        yield from (ROOT / room).rglob("*.py")
    yield ROOT / "server.py"
    for kind in ("js", "html", "css"):
        ours = (ROOT / "chatbot/web").rglob(f"*.{kind}")
        yield from (path for path in ours if "vendor" not in path.parts)


def test_no_word_of_the_network_is_in_the_program() -> None:
    """The year of its law, its territory, a title of stay, a place: in code and in comments."""
    wanted, looked_at = _words_of_the_network(), sorted(_program())
    found = [
        f"{path.relative_to(ROOT)}:{n}: {word}"
        for path in looked_at
        for n, line in enumerate(_lines_of(path), 1)
        for word in wanted.findall(line)
    ]
    assert found == []
    homes = {path.parent.relative_to(ROOT).as_posix() for path in looked_at}
    assert {".", "chatbot/judge/rules", "index/check", "eval/report", "chatbot/web/desk"} <= homes


def test_a_comment_with_a_word_of_the_network_is_found(tmp_path: Path) -> None:
    """And one in a docstring is not."""
    module = tmp_path / "module.py"
    module.write_text('"""In Piemonte."""\n\nN = 1  # since 2026\n', encoding="utf-8")
    lines = "\n".join(_lines_of(module))
    assert _words_of_the_network().findall(lines) == ["2026"]


def test_the_guides_say_the_rules_of_their_own_reforms() -> None:
    """What is in the files of the network is what the guides write: some sentence states a rule on
    each side of each of its days."""
    network, _ = read_network(GUIDES)
    guides, _ = check_folder(GUIDES)
    for reform in network.reforms:
        units = (unit for guide in guides for section in guide.sections for unit in section.units)
        assert {side for unit in units for side in sides(unit, reform)} == {"before", "since"}
