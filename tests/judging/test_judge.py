"""The optional judge, against a model server made here: what it is sent, what it may break."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from made_runs import case, result, run
from sklearn.metrics import cohen_kappa_score
from typer.testing import CliRunner

from chatbot.journal.engine import journal_url, open_engine
from chatbot.journal.records import Cited, Entry, Review
from chatbot.journal.writer import Journal
from eval.__main__ import app
from eval.judging.agreement import agreement, with_people
from eval.judging.judge import (
    Graded,
    Judge,
    Judged,
    JudgeError,
    ToGrade,
    grade_all,
    of_run,
    read_grade,
)

ASKED = ToGrade("a", ("Può lavorare?",), ("Dopo 60 giorni.",), "Sì, dopo 60 giorni. [1]")


class Model(ThreadingHTTPServer):
    """Says what `reply` makes of the user's message; a number is a status without an answer."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.reply: Any = lambda message: '{"giudizio": "giusta", "motivo": "è nel passaggio"}'

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"


class _Handler(BaseHTTPRequestHandler):
    server: Model

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.requests.append(body | {"path": self.path})
        self.server.keys.append(self.headers.get("Authorization"))
        said = self.server.reply(body["messages"][-1]["content"])
        status, text = (said, "no") if isinstance(said, int) else (200, json.dumps(
            {"choices": [{"message": {"role": "assistant", "content": said}}]}))  # fmt: skip
        self.send_response(status)
        self.send_header("Retry-After", "7")
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def model() -> Iterator[Model]:
    server = Model()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_judge_is_shown_the_question_the_passages_and_the_answer(model: Model) -> None:
    """One request in the common shape, steady (temperature 0, a seed), the key in its header."""
    found = Judge(model.url + "/", "m", "segreta", seed=3).grade(ASKED)
    assert found == Graded(id="a", grade="right", reason="è nel passaggio")
    (sent,) = model.requests
    assert (sent["path"], sent["model"]) == ("/v1/chat/completions", "m")
    assert (sent["temperature"], sent["seed"]) == (0, 3)
    assert model.keys == ["Bearer segreta"]
    for text in ("Può lavorare?", "Dopo 60 giorni.", "Sì, dopo 60 giorni. [1]"):
        assert text in sent["messages"][-1]["content"]


@pytest.mark.parametrize(
    ("content", "grade"),
    [
        ('Ecco:\n```json\n{"giudizio": "Sbagliata", "motivo": "x"}\n```', "wrong"),
        ('{"giudizio": "incompleta"}', "incomplete"),
        ('{"giudizio": "forse"}', None),
        ("giusta", None),
        ("{rotto}", None),
        ("", None),
    ],
)
def test_replies_are_read_or_not_counted(content: str, grade: str | None) -> None:
    """Words around the object do no harm; what is no grade is never taken for one."""
    assert read_grade("a", content).grade == grade


def test_trouble_passes_or_is_told(model: Model) -> None:
    """A busy server is asked again after the time it names; a refusal is not; an address where
    nobody answers is told at the first question, in words."""
    waits: list[float] = []
    busy = iter([503, 429, '{"giudizio": "giusta", "motivo": ""}'])
    model.reply = lambda _: next(busy)
    judge = Judge(model.url, "m", pause=waits.append)
    assert judge.grade(ASKED).grade == "right"
    assert [wait for wait in waits if wait == 7.0] == [7.0, 7.0]
    model.reply = lambda _: 401
    with pytest.raises(JudgeError, match="401"):
        grade_all(judge, [ASKED])
    assert len(model.requests) == 4
    with pytest.raises(JudgeError, match="non risponde"):
        grade_all(Judge("http://127.0.0.1:9", "m", pause=waits.append), [ASKED])
    with pytest.raises(JudgeError, match="indirizzo"):
        Judge("modello", "m")


def test_one_lost_reply_is_kept_without_a_grade(model: Model) -> None:
    """A single failure among others costs one grade; three in a row end it."""
    said = iter(['{"giudizio": "giusta"}', 400, '{"giudizio": "giusta"}', 400, 400, 400])
    model.reply = lambda _: next(said)
    judge = Judge(model.url, "m")
    assert [g.grade for g in grade_all(judge, [ASKED] * 3)] == ["right", None, "right"]
    model.reply = lambda message: 400 if "due" in message else '{"giudizio": "giusta"}'
    two = ToGrade("b", ("due",), (), "x")
    with pytest.raises(JudgeError):
        grade_all(judge, [ASKED, two, two, two])


def test_agreement_is_cohens_kappa() -> None:
    """Worked by hand: 6 of 10 alike, chance 0.5, kappa 0.2; one word on both sides has none."""
    ours, model_ = list("aaaaabbbbb"), list("aaabbaabbb")
    found = agreement(ours, model_, ("a", "b"))
    assert (found.n, found.equal, found.table) == (10, 0.6, {"a": {"a": 3, "b": 2},
                                                            "b": {"a": 2, "b": 3}})  # fmt: skip
    assert found.kappa == pytest.approx(0.2)
    assert found.kappa == pytest.approx(cohen_kappa_score(ours, model_))
    assert agreement(["a"], ["a"], ("a", "b")).kappa is None
    assert agreement([], [], ("a", "b")).n == 0
    marks = {"1": "giusta", "2": "pericolosa", "3": "sbagliata"}
    grades = [Graded(id=n, grade=g, reason="") for n, g in
              (("1", "right"), ("2", "wrong"), ("3", None), ("4", "right"))]  # fmt: skip
    assert (with_people(marks, grades).n, with_people(marks, grades).kappa) == (2, 1.0)


def test_only_answers_are_judged() -> None:
    """Silence has nothing to grade; a drawing is seeded; the best passages come first."""
    done = run([result(case(n)) for n in range(6)] + [result(case(9), outcome="no_answer")])
    assert len(of_run(done, {})) == 6
    assert of_run(done, {}, 3, seed=1) == of_run(done, {}, 3, seed=1)
    assert len(of_run(done, {}, 3)) == 3
    assert of_run(done, {"guida#giusta": "testo"})[0].passages == ("testo",)


def test_the_judge_is_shown_what_answers() -> None:
    """A passage of grade 1 only helps: it is no answer to judge by."""
    graded = case(1, passaggi={"guida#utile": 1, "guida#buona": 2, "guida#giusta": 3})
    texts = {"guida#utile": "aiuta", "guida#buona": "risponde", "guida#giusta": "risponde meglio"}
    (asked,) = of_run(run([result(graded)]), texts)
    assert asked.passages == ("risponde meglio", "risponde")


@pytest.fixture
def judged(model: Model, published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The command over a kept run of four answers and a journal with one answer reviewed."""
    var = tmp_path / "var"
    var.mkdir()
    for name in ("snapshots", "CURRENT"):
        (var / name).symlink_to(published / name)
    answers = ("dopo 90 giorni", "dopo 90 giorni", "subito", "subito")
    run([result(case(n), answer=a) for n, a in enumerate(answers)]).save(var / "eval" / "runs")
    engine = open_engine(journal_url("", var))
    journal = Journal(engine)
    cited = (Cited(1, "guida", "b", "si può subito"),)
    at = datetime(2026, 11, 22, tzinfo=UTC)
    for record in (Entry("a1", "Può?", "answered", cited=cited, at=at),
                   Review("a1", "pericolosa", "valutatrice")):  # fmt: skip
        journal.put(record).result(10)
    journal.close()
    monkeypatch.setenv("BUSSOLA_VAR", str(var))
    monkeypatch.delenv("CI", raising=False)
    model.reply = lambda message: json.dumps(
        {"giudizio": "giusta" if "90 giorni" in message else "sbagliata", "motivo": "m"}
    )
    return lambda *words: CliRunner().invoke(app, ["judge", *words])


def test_the_command_reports_the_agreement(
    judged: Any, model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Agreement with the verdicts and with people; grades kept beside the runs; wrong usage
    without an address; never in CI."""
    where = ["--url", model.url, "--model", "m"]
    done = judged(*where, "--journal", "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["agreement"]["metriche"]["kappa"] == 1.0
    assert told["agreement"]["metriche"]["table"]["sbagliata"]["sbagliata"] == 2
    assert told["agreement"]["persone"]["n"] == 1
    kept = Judged.of(run([]), tmp_path / "var/eval/judge")
    assert kept is not None
    assert len(kept.grades) == 4
    shown = judged(*where, "--most", "2")
    assert shown.exit_code == 0
    assert "kappa di Cohen" in shown.output
    assert judged("--model", "m").exit_code == 2
    asked = len(model.requests)
    monkeypatch.setenv("CI", "true")
    assert judged(*where).exit_code == 2
    assert len(model.requests) == asked
