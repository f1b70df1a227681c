"""Other tools' formats, drafts of guides and drafts of cases: in and out, nothing lost."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chatbot.journal.engine import open_engine
from chatbot.journal.records import Cited as JournalCited
from chatbot.journal.records import Entry, Feedback, Review
from chatbot.journal.writer import Journal
from eval.beir import DataError, read_beir, write_beir
from eval.report.impact import Impact, effect_of, impact_html, impact_text, pair
from eval.runs.compare import compare
from eval.runs.result import Found, Result, Run
from eval.runs.verdict import problems, score, verdict
from eval.suite.case import Case
from eval.suite.exchange import from_beir, read_promptfoo, write_promptfoo
from eval.suite.folder import load_suite
from eval.suite.journal_cases import add_drafts, drafts, section_of
from eval.suite.sheet import merge_suite


def make_case(name: str = "uno", theme: str = "lavoro", **changes: object) -> Case:
    plain = {
        "id": name, "tema": theme, "domande": ["Prima?", "Può lavorare?"], "esito": "risposta",
        "passaggi": {"guida#b": 3, "guida#c": 1}, "fatti": [["90 giorni", "novanta giorni"]],
        "mai": ["60 giorni"], "autore": "valutatore", "data": "2026-11-22", "perche": "prova",
    }  # fmt: skip
    return Case.model_validate(plain | changes)


def make_result(case: Case, answer: str, sections: tuple[str, ...] = ("guida#a", "guida#b")
                ) -> Result:  # fmt: skip
    hits = tuple(
        Found(section=s, heading=s, text=s, lexical=1, dense=1, late=None, fused=1)
        for s in sections
    )
    said = (case, "answered", answer)
    return Result(
        case=case, kind="scheda", language="it", outcome="answered", answer=answer,
        confidence=0.5, hits=hits, citations=(), scores=score(*said, hits, ()),
        verdict=verdict(*said, ["guida#b"]), problems=problems(*said, ["guida#b"]), total_ms=1.0,
    )  # fmt: skip


def make_run(*results: Result) -> Run:
    return Run(id="r", created="c", snapshot="s", digest="d", seed=0, results=results)


def test_promptfoo_gives_the_same_cases_back(tmp_path: Path) -> None:
    """The tests say what promptfoo checks, and the whole case travels with them."""
    cases = (make_case(), make_case("due", esito=["silenzio", "vicini"], fatti=[], passaggi={}))
    write_promptfoo(cases, tmp_path / "casi.jsonl")
    assert read_promptfoo(tmp_path / "casi.jsonl") == cases
    test = json.loads((tmp_path / "casi.jsonl").read_text().splitlines()[0])
    assert test["assert"] == [
        {"type": "icontains-any", "value": ["90 giorni", "novanta giorni"]},
        {"type": "not-icontains", "value": "60 giorni"},
    ]
    (tmp_path / "rotto.jsonl").write_text('{"vars": {}, "metadata": {}}\n')
    with pytest.raises(DataError, match=r"rotto\.jsonl:1"):
        read_promptfoo(tmp_path / "rotto.jsonl")


BEIR = {
    "corpus.jsonl": '{"_id": "guida#b", "title": "T", "text": "testo"}\n',
    "queries.jsonl": '{"_id": "q1", "text": "Può?"}\n{"_id": "q2", "text": "Altro?"}\n',
    "qrels.tsv": "query-id\tcorpus-id\tscore\nq1\tguida#b\t2\nq2\tguida#b\t0\n",
}


def beir(folder: Path, **changes: str) -> Path:
    for name, text in (BEIR | {key.replace("_", "."): v for key, v in changes.items()}).items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_a_beir_folder_goes_in_and_out(tmp_path: Path) -> None:
    """Read, written and read again it is the same; a grade of zero is no relevant document."""
    data = read_beir(beir(tmp_path))
    assert data.qrels == {"q1": {"guida#b": 2}}
    write_beir(data, tmp_path / "copia")
    assert read_beir(tmp_path / "copia") == data
    (case,) = from_beir(tmp_path, "prova", "valutatore", "2026-11-22")
    assert (case.id, case.passages) == ("q1", {"guida#b": 2})


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("corpus_jsonl", "{", "corpus.jsonl:1"),
        ("corpus_jsonl", '{"_id": "x"}', "corpus.jsonl:1: manca «text»"),
        ("qrels_tsv", "q1\tguida#b\n", "qrels.tsv:1"),
        ("qrels_tsv", "q9\tguida#b\t1\n", "la domanda q9"),
        ("qrels_tsv", "q1\taltro\t1\n", "il documento altro"),
        ("queries_jsonl", "", "la domanda q1"),
    ],
)
def test_a_broken_beir_folder_is_told(tmp_path: Path, name: str, text: str, message: str) -> None:
    """File and line, never a traceback, never a silent loss of questions."""
    with pytest.raises(DataError, match=message):
        read_beir(beir(tmp_path, **{name: text}))


def test_a_filtered_sheet_loses_no_case(tmp_path: Path) -> None:
    """Merging replaces what has the same id, adds what is new, keeps the rest; a case may move."""
    first, second = make_case("uno"), make_case("due")
    merge_suite([first, second], tmp_path)
    changed = make_case("uno", perche="altro")
    merge_suite([changed, make_case("tre")], tmp_path)
    assert [case.id for case in load_suite(tmp_path)] == ["uno", "due", "tre"]
    assert load_suite(tmp_path)[0].why == "altro"
    merge_suite([make_case("due", "casa")], tmp_path)
    assert {case.id: case.theme for case in load_suite(tmp_path)}["due"] == "casa"


def test_a_sheet_that_nobody_changed_writes_nothing(tmp_path: Path) -> None:
    """Not a byte of any file; a changed case rewrites the file of its theme alone."""
    merge_suite([make_case("uno"), make_case("due", "casa")], tmp_path)
    for file in tmp_path.glob("*.yaml"):
        file.write_text("# una nota\n" + file.read_text(encoding="utf-8"), encoding="utf-8")
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert merge_suite(load_suite(tmp_path), tmp_path) == []
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before
    written = merge_suite([make_case("due", "casa", perche="altro")], tmp_path)
    assert [file.name for file in written] == ["casa.yaml"]


def test_the_impact_of_a_draft_is_told_case_by_case() -> None:
    """Worse first, with both answers; the important one lost makes it red; text and page agree."""
    names = ("persa", "vinta", "cambiata", "uguale")
    cases = [make_case(name, gravita="alta") for name in names]
    right, wrong = "dopo 90 giorni", "subito"
    before = make_run(*(make_result(c, a) for c, a in zip(
        cases, (right, wrong, right, right), strict=True)))  # fmt: skip
    after = make_run(*(make_result(c, a) for c, a in zip(
        cases, (wrong, right, "solo dopo 90 giorni", right), strict=True)))  # fmt: skip
    found = Impact(pair(before, after), compare(before, after), ())
    assert [effect for effect, *_ in found.pairs] == ["worse", "better", "changed", "same"]
    assert found.red
    text, page = impact_text(found), impact_html(found)
    assert text.index("persa") < text.index("vinta")
    assert "uguale" not in text
    assert "persa" in page
    assert "http" not in page.replace("http-equiv", "")
    assert effect_of(before.results[0], before.results[0]) == "same"
    assert not Impact(pair(before, before), compare(before, before), ()).red


def test_a_case_of_any_gravity_that_no_longer_passes_stops_a_draft() -> None:
    case = make_case("lieve", gravita="bassa")
    before, after = (make_run(make_result(case, a)) for a in ("dopo 90 giorni", "subito"))
    found = Impact(pair(before, after), compare(before, after), ())
    assert found.red
    assert any("«lieve»" in line for line in found.regressions)
    assert "«lieve»" in impact_text(found)
    assert "«lieve»" in impact_html(found)


@pytest.fixture
def journal_engine(tmp_path: Path):  # type: ignore[no-untyped-def]
    return open_engine(f"sqlite:///{tmp_path / 'journal.sqlite'}")


def test_the_journal_becomes_drafts(tmp_path: Path, journal_engine) -> None:  # type: ignore[no-untyped-def]
    """A silence, a complaint and a judged answer each give a draft, redacted, once; what a person
    wrote into a draft stays."""
    journal = Journal(journal_engine)
    at = datetime(2026, 11, 22, tzinfo=UTC)
    cited = (JournalCited(1, "guida", "b", "q"),)
    records = [
        Entry("a1", "Quanto costa il bus?\x07", "no_answer", at=at),
        Entry("b2", "Scrivo da mario.rossi@example.org, può?", "answered", cited=cited, at=at),
        Entry("c3", "Dopo quanto lavora?", "answered", cited=cited, at=at),
        Entry("d4", "Va tutto bene?", "answered", cited=cited, at=at),
        Feedback("b2", "sbagliata", "manca la data"),
        Review("c3", "pericolosa", "valutatore", passage="guida#giusta:0", note="dice 60 giorni"),
    ]
    for record in records:
        journal.put(record).result(timeout=10)
    journal.close()
    found = {case.id: case for case in drafts(journal_engine)}
    assert set(found) == {"bozza-a1", "bozza-b2", "bozza-c3"}
    assert found["bozza-a1"].question == "Quanto costa il bus?"
    assert "mario.rossi@" not in found["bozza-b2"].question
    assert found["bozza-c3"].passages == {"guida#giusta": 3}
    assert found["bozza-c3"].severity == "alta"
    assert "60 giorni" in found["bozza-c3"].why
    assert add_drafts(found.values(), tmp_path / "bozze") == 3
    path = tmp_path / "bozze" / "bozze.yaml"
    path.write_text(path.read_text().replace("media", "bassa"), encoding="utf-8")
    edited = path.read_text()
    assert add_drafts(drafts(journal_engine), tmp_path / "bozze") == 0
    assert path.read_text() == edited


def test_a_draft_follows_the_journal_until_a_person_takes_it(tmp_path: Path) -> None:
    """Untouched, it takes what evaluators said since; changed or moved away, it is left alone."""
    old, new = make_case("bozza-a", "bozze"), make_case("bozza-a", "bozze", gravita="alta")
    assert add_drafts([old], tmp_path) == 1
    assert add_drafts([old], tmp_path) == 0
    assert add_drafts([new], tmp_path) == 1
    assert load_suite(tmp_path) == (new,)
    path = tmp_path / "bozze.yaml"
    path.write_text(path.read_text().replace("Prima?", "Corretta?"), encoding="utf-8")
    assert add_drafts([old], tmp_path) == 0
    path.unlink()  # completed and moved into the suite
    assert add_drafts([new, make_case("bozza-b", "bozze")], tmp_path) == 1
    assert [case.id for case in load_suite(tmp_path)] == ["bozza-b"]


def test_a_passage_names_its_section() -> None:
    """Part numbers are dropped, colons elsewhere are not."""
    assert section_of("guida#ancora:2") == "guida#ancora"
    assert section_of("guida#ancora") == "guida#ancora"
