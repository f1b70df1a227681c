"""A language model that helps, and one that does all it can to harm: a server made by the test."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from chatbot.answer import Answer, Help
from chatbot.bot import Bot
from chatbot.helper.endpoint import REST_AFTER, EndpointModel, NoHelpError
from chatbot.helper.helper import open_helper
from chatbot.http.messages import answer_out
from chatbot.question import Question
from chatbot.settings import Settings
from index.encode.encoder import Encoder
from index.errors import BussolaError
from index.publish.snapshot import Snapshot

ASKED = "Un richiedente asilo può aprire un conto di base?"
PATH = "/v1/chat/completions"
Reply = Callable[[str], str]


def said(text: str) -> Response:
    body = json.dumps({"choices": [{"message": {"role": "assistant", "content": text}}]})
    return Response(body, content_type="application/json")


def settings_of(server: HTTPServer, *uses: str, **more: Any) -> Settings:
    values = {"llm_address": server.url_for("/v1"), "llm_model": "piccolo", "llm_uses": uses,
              "llm_key": "segreta", "llm_seconds": 3.0, **more}  # fmt: skip
    return Settings(_env_file=None, **values)


@pytest.fixture(scope="module")
def make_httpserver() -> Iterator[HTTPServer]:
    """In threads: one that keeps silent holds up no reply that the next test is about."""
    with HTTPServer(threaded=True) as server:
        yield server


@pytest.fixture
def own(encoder_of_all: Encoder) -> Bot:
    """A bot of the test's own, to be given a helper."""
    return Bot(encoder_of_all)


@pytest.fixture
def heard(httpserver: HTTPServer) -> list[dict[str, Any]]:
    """The bodies that reach the model."""
    return []


@pytest.fixture
def speaking(httpserver: HTTPServer, heard: list[dict[str, Any]]) -> Callable[[Reply], None]:
    """Makes the model reply to each prompt."""

    def speak(reply: Reply) -> None:
        def handle(request: Request) -> Response:
            heard.append({**json.loads(request.data), "key": request.headers["Authorization"]})
            return said(reply(heard[-1]["messages"][0]["content"]))

        httpserver.expect_request(PATH, method="POST").respond_with_handler(handle)

    return speak


def line_with(words: str) -> Reply:
    """A model that points to the sentence that has `words`."""

    def reply(prompt: str) -> str:
        (number,) = {n for n, text in re.findall(r"^(\d+)\. (.*)$", prompt, re.M) if words in text}
        return number

    return reply


def without_times(answer: Answer) -> dict[str, Any]:
    return answer_out(answer).model_dump(exclude={"id", "timings_ms", "reasons"})


def test_without_a_model_there_is_no_helper() -> None:
    """Off by default; asked for without an address it is told."""
    assert open_helper(Settings(_env_file=None)) is None
    with pytest.raises(BussolaError, match="BUSSOLA_LLM_ADDRESS"):
        open_helper(Settings(_env_file=None), ["point"])


def test_what_is_pointed_to_is_said_verbatim(
    own: Bot, snapshot: Snapshot, httpserver: HTTPServer, speaking: Callable[[Reply], None]
) -> None:
    """Another sentence than the reader's is the answer, word for word, with its citation; who
    helped is told, and why."""
    words = "La banca non può rifiutarlo solo perché il cliente è straniero"
    speaking(line_with(words))
    plain = own.reply(Question(ASKED), snapshot)
    own.helper = open_helper(settings_of(httpserver, "point"))
    answer = own.reply(Question(ASKED), snapshot)
    assert answer.outcome == "answered"
    assert [c.quote for c in answer.citations] == [f"{words} (TUI, art. 43)."]
    assert [c.quote for c in answer.citations] != [c.quote for c in plain.citations]
    assert answer.help == Help("piccolo", ("point",))
    assert not answer.sure
    assert "modello" in [reason.rule for reason in answer.reasons]
    assert answer_out(answer).model_dump()["help"] == {"model": "piccolo", "uses": ["point"]}


def test_where_it_points_to_nothing_there_is_no_answer(
    own: Bot, snapshot: Snapshot, httpserver: HTTPServer, speaking: Callable[[Reply], None]
) -> None:
    """What would have been an answer is only near, and says so."""
    speaking(lambda prompt: "none")
    own.helper = open_helper(settings_of(httpserver, "point"))
    assert own.reply(Question(ASKED), snapshot).outcome == "related"


def test_what_is_sent_is_the_question_and_the_units(
    own: Bot, snapshot: Snapshot, httpserver: HTTPServer, speaking: Callable[[Reply], None],
    heard: list[dict[str, Any]],
) -> None:  # fmt: skip
    """Without the personal data; with the key, to the address that was chosen, and nobody else."""
    speaking(lambda prompt: "none")
    own.helper = open_helper(settings_of(httpserver, "point"))
    personal = "Mi chiamo Abdou Diallo, tel. 333 1234567, CF RSSMRA85T10A562S."
    own.reply(Question(f"{personal} {ASKED}"), snapshot)
    (body,) = heard
    prompt = body["messages"][0]["content"]
    assert "conto di base" in prompt
    assert not re.search("Abdou|Diallo|333|RSSMRA", prompt, re.IGNORECASE)
    assert body["key"] == "Bearer segreta"
    assert (body["model"], body["temperature"], body["stream"]) == ("piccolo", 0, False)


def test_sentences_are_read_where_they_stand(
    own: Bot, snapshot: Snapshot, httpserver: HTTPServer, speaking: Callable[[Reply], None],
    heard: list[dict[str, Any]],
) -> None:  # fmt: skip
    """Under the guide and headings, told once; and no more sentences than the settings let."""
    speaking(lambda prompt: "none")
    own.helper = open_helper(settings_of(httpserver, "point"))
    own.reply(Question(ASKED), snapshot)
    own.helper = open_helper(settings_of(httpserver, "point", llm_sentences=3))
    own.reply(Question(ASKED), snapshot)
    whole, few = (body["messages"][0]["content"] for body in heard)
    title = snapshot.guides["conto-di-base"].title
    places = re.findall(r"^# (.*)$", whole, re.M)
    assert any(place.startswith(f"{title} › ") for place in places)
    assert len(places) < len(re.findall(r"^\d+\. ", whole, re.M))
    assert re.findall(r"^(\d+)\. ", few, re.M) == ["1", "2", "3"]


def test_what_became_of_each_request_is_counted(
    own: Bot, snapshot: Snapshot, httpserver: HTTPServer
) -> None:
    """Who measures a model has to know whether it helped at all."""
    helper = own.helper = open_helper(settings_of(httpserver, "point", llm_sentences=5))
    assert helper is not None
    replies = ("2, 1", "none", "<think>Is it 7?\n</think>\n\n3", "La 3.")
    for reply in replies:
        httpserver.expect_ordered_request(PATH).respond_with_response(said(reply))
        own.reply(Question(ASKED), snapshot)
    httpserver.expect_ordered_request(PATH).respond_with_data("", status=500)
    own.reply(Question(ASKED), snapshot)
    assert helper.tally == {"pointed": 2, "none": 1, "unreadable": 1, "failed": 1}


@pytest.mark.parametrize(
    "question", ["Mio marito mi picchia, ho paura, aiuto!", "Ciao, come stai?"]
)
def test_dangers_and_courtesies_are_not_its_business(
    own: Bot, snapshot: Snapshot, httpserver: HTTPServer, speaking: Callable[[Reply], None],
    heard: list[dict[str, Any]], question: str,
) -> None:  # fmt: skip
    """Nothing is sent, and the answer is what it was."""
    speaking(lambda prompt: "1")
    plain = own.reply(Question(question), snapshot)
    assert plain.outcome in ("emergency", "small_talk")
    own.helper = open_helper(settings_of(httpserver, "point"))
    assert without_times(own.reply(Question(question), snapshot)) == without_times(plain)
    assert heard == []


def test_a_story_is_searched_by_the_questions_in_it(
    own: Bot, snapshot: Snapshot, httpserver: HTTPServer, speaking: Callable[[Reply], None],
    heard: list[dict[str, Any]],
) -> None:  # fmt: skip
    """They find passages, and nobody sees them; a short question in Italian asks nobody."""
    story = "I have been here since March with my receipt and my boss wants to pay me by bank. " * 3
    search = "Quali fogli si portano in banca per aprire il conto?"
    speaking(lambda prompt: search)
    own.helper = open_helper(settings_of(httpserver, "understand"))
    answer = own.reply(Question(story), snapshot)
    assert "conto-di-base#documenti" in {
        f"{h.passage.guide}#{h.passage.anchor}" for h in answer.hits
    }
    assert search not in answer.answer + answer.understood
    assert answer.help == Help("piccolo", ("understand",))
    assert len(heard) == 1
    own.reply(Question(ASKED), snapshot)
    assert len(heard) == 1


def _endless() -> Iterator[bytes]:
    while True:
        yield b" " * 100
        time.sleep(0.05)


def _slow() -> Iterator[bytes]:
    time.sleep(6)
    yield b"{}"


DEEP = "[" * 20_000 + "]" * 20_000
HOSTILE: dict[str, Callable[[], Response]] = {
    "invented sources": lambda: said("Sì, può. [1] Fonte: legge 999/2030"),
    "a number that is not there": lambda: said("999"),
    "HTML": lambda: said("<img src=x onerror=alert(1)>"),
    "10 MB": lambda: Response(b"1" * 10_000_000),
    "10 MB of JSON": lambda: said("1" * 10_000_000),
    "an endless stream": lambda: Response(_endless()),
    "silence": lambda: Response(_slow()),
    "no JSON": lambda: Response(b"1, 2, 3"),
    "JSON of another form": lambda: Response(b'{"choices": []}'),
    "no text": lambda: Response(b'{"choices": [{"message": {"content": null}}]}'),
    "deep JSON": lambda: Response(DEEP.encode()),
    "bytes that are no text": lambda: Response(b"\xff\xfe\x00" * 100),
    "the prompt given back": lambda: said("Below are a question and numbered sentences"),
    "an error": lambda: Response(b"boom", status=500),
    "another address": lambda: Response(status=307, headers={"Location": "http://127.0.0.1:9/"}),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_model_changes_nothing(
    own: Bot, snapshot: Snapshot, httpserver: HTTPServer, name: str,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """The answer is what it would have been without, to the letter, and nothing of the question or
    of the reply is in the log."""
    plain = own.reply(Question(ASKED), snapshot)
    httpserver.expect_request(PATH).respond_with_handler(lambda request: HOSTILE[name]())
    own.helper = open_helper(settings_of(httpserver, "point", "understand", llm_seconds=1.0))
    answer = own.reply(Question(ASKED), snapshot)
    assert without_times(answer) == without_times(plain)
    told = capsys.readouterr()
    assert "conto di base" not in told.out + told.err


def test_one_that_keeps_failing_is_left_alone(httpserver: HTTPServer) -> None:
    """After three failures nobody waits for it for a minute."""
    calls: list[Request] = []

    def fail(request: Request) -> Response:
        calls.append(request)
        return Response(status=500)

    httpserver.expect_request(PATH).respond_with_handler(fail)
    model = EndpointModel(address=httpserver.url_for("/v1"), name="x", seconds=2.0)
    for _ in range(REST_AFTER + 4):
        with pytest.raises(NoHelpError):
            model.complete("1")
    assert len(calls) == REST_AFTER


def test_a_budget_is_kept(httpserver: HTTPServer) -> None:
    """Beyond it nothing is sent."""
    httpserver.expect_request(PATH).respond_with_handler(lambda request: said("1"))
    model = EndpointModel(
        address=httpserver.url_for("/v1"), name="x", seconds=2.0, budget="2 per hour"
    )
    assert [str(model.complete("1")) for _ in range(2)] == ["1", "1"]
    with pytest.raises(NoHelpError, match="budget"):
        model.complete("1")


def test_the_key_is_told_to_nobody(httpserver: HTTPServer) -> None:
    """Neither by the settings nor by the model, printed."""
    settings = settings_of(httpserver, "point")
    helper = open_helper(settings)
    assert helper is not None
    assert "segreta" not in repr(settings) + repr(vars(helper))
