"""Bussola among the parts of llama-index: its synthesiser, its router, over a snapshot and HTTP."""

from __future__ import annotations

import asyncio
import runpy
from pathlib import Path
from typing import Any

import pytest
from apart import run_apart
from folders import ROOT
from llama_index.core.llms import MockLLM
from llama_index.core.query_engine import RetrieverQueryEngine, RouterQueryEngine
from llama_index.core.response_synthesizers import ResponseMode, get_response_synthesizer
from llama_index.core.selectors import LLMSingleSelector
from llama_index.core.tools import QueryEngineTool
from pytest_httpserver import HTTPServer

from chatbot.bot import Bot
from chatbot.doors.llama import BussolaQueryEngine, BussolaRetriever
from chatbot.doors.respondent import (
    LocalRespondent,
    NoAnswerError,
    RemoteRespondent,
    Respondent,
)
from chatbot.library import Library
from index.publish.snapshot import Snapshot

ASKED = "Un richiedente asilo può aprire un conto di base?"
UNSAID = "A che ora apre la mensa dell'ufficio?"


@pytest.fixture(params=["snapshot", "http"])
def respondent(
    request: pytest.FixtureRequest, bot: Bot, snapshot: Snapshot, tmp_path: Path
) -> Respondent:
    """The same guides, both ways."""
    if request.param == "http":
        return RemoteRespondent(request.getfixturevalue("live_server"))
    return LocalRespondent(Library(tmp_path, bot, snapshot))


def test_a_retriever_gives_passages_with_their_sources(respondent: Respondent) -> None:
    """Verbatim, best first, each with where it stands, its dates and what it rests on."""
    nodes = BussolaRetriever(respondent, similarity_top_k=4).retrieve(ASKED)
    assert len(nodes) == 4
    scores = [node.score or 0.0 for node in nodes]
    assert scores == sorted(scores, reverse=True)
    first = nodes[0]
    assert first.metadata["guide"] == "conto-di-base"
    assert first.metadata["verified_on"] == "2026-11-20"
    assert first.metadata["review_by"] == "2027-05-15"
    assert {"label": "ABI, 19 aprile 2019", "url": None} in first.metadata["sources"]
    assert first.metadata["url"].startswith("/guide/conto-di-base#")
    assert "conto" in first.text


def test_the_two_ways_give_the_same(
    bot: Bot, snapshot: Snapshot, live_server: str, tmp_path: Path
) -> None:
    """A pipeline may move from one to the other."""
    ways = [LocalRespondent(Library(tmp_path, bot, snapshot)), RemoteRespondent(live_server)]
    found = [[node.id_ for node in BussolaRetriever(way).retrieve(ASKED)] for way in ways]
    assert found[0] == found[1]
    said = [str(BussolaQueryEngine(way).query(ASKED)) for way in ways]
    assert said[0] == said[1]


def test_the_synthesiser_of_llama_index_reads_the_nodes(respondent: Respondent) -> None:
    """Its prompt to a model has the passages and their titles, not the plumbing."""
    prompts: list[str] = []

    class Listening(MockLLM):
        def complete(self, prompt: str, *more: Any, **words: Any) -> Any:
            prompts.append(prompt)
            return super().complete(prompt, *more, **words)

    synthesiser = get_response_synthesizer(llm=Listening(), response_mode=ResponseMode.COMPACT)
    engine = RetrieverQueryEngine(BussolaRetriever(respondent), synthesiser)
    response = engine.query(ASKED)
    assert response.source_nodes[0].metadata["guide"] == "conto-di-base"
    (prompt,) = prompts
    assert response.source_nodes[0].text in prompt
    assert "title: Aprire un conto di base" in prompt
    assert "snapshot" not in prompt


def test_a_query_engine_answers_in_the_words_of_the_guides(respondent: Respondent) -> None:
    """Every source node is a quote that stands in its passage, in the order of the marks."""
    response = BussolaQueryEngine(respondent).query(ASKED)
    assert response.metadata is not None
    assert response.metadata["outcome"] == "answered"
    assert "[1]" in str(response)
    assert [node.metadata["n"] for node in response.source_nodes] == list(
        range(1, len(response.source_nodes) + 1)
    )
    assert all(node.text for node in response.source_nodes)


def test_a_silence_is_told_as_one(respondent: Respondent) -> None:
    """No answer dressed up: the outcome says so, and nothing is cited."""
    response = BussolaQueryEngine(respondent).query(UNSAID)
    assert response.metadata is not None
    assert response.metadata["outcome"] in ("out_of_scope", "no_answer")
    assert response.source_nodes == []


def test_the_asynchronous_ways_answer_alike(respondent: Respondent) -> None:
    """The event loop of a pipeline does not wait for the encoder."""

    async def both() -> tuple[Any, Any]:
        retriever, engine = BussolaRetriever(respondent), BussolaQueryEngine(respondent)
        return await asyncio.gather(retriever.aretrieve(ASKED), engine.aquery(ASKED))

    nodes, response = run_apart(both())
    assert [n.id_ for n in nodes] == [n.id_ for n in BussolaRetriever(respondent).retrieve(ASKED)]
    assert str(response) == str(BussolaQueryEngine(respondent).query(ASKED))


def test_a_router_sends_questions_here(respondent: Respondent) -> None:
    """The query engine is a tool like any other: a selector picks it, and its answer comes back
    whole."""

    class Choosing(MockLLM):
        def complete(self, prompt: str, *more: Any, **words: Any) -> Any:
            response = super().complete("", *more, **words)
            response.text = '[{"choice": 1, "reason": "guide"}]'
            return response

    engine = BussolaQueryEngine(respondent)
    tools = [QueryEngineTool.from_defaults(engine, name="guide", description="Le guide.")]
    router = RouterQueryEngine(
        selector=LLMSingleSelector.from_defaults(llm=Choosing()), query_engine_tools=tools,
        llm=MockLLM(),
    )  # fmt: skip
    assert str(router.query(ASKED)) == str(engine.query(ASKED))


def test_nobody_at_an_address_is_told() -> None:
    """With the address, and what to do."""
    engine = BussolaQueryEngine(RemoteRespondent("http://127.0.0.1:9"))
    with pytest.raises(NoAnswerError, match="non risponde"):
        engine.query(ASKED)


def test_another_server_is_told(live_server: str, httpserver: HTTPServer) -> None:
    """What is no Bussola is not believed; what a Bussola refuses is told in its words."""
    httpserver.expect_request("/api/chat").respond_with_json({"id": "x"})
    with pytest.raises(NoAnswerError, match="non risponde come Bussola"):
        BussolaQueryEngine(RemoteRespondent(httpserver.url_for(""))).query(ASKED)
    with pytest.raises(NoAnswerError, match="404"):
        BussolaQueryEngine(RemoteRespondent(f"{live_server}/altrove")).query(ASKED)


def test_the_example_runs(
    live_server: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The script of the documentation, as it is printed there."""
    monkeypatch.setattr("sys.argv", ["llama_index_router.py", live_server])
    runpy.run_path(str(ROOT / "docs" / "llama_index_router.py"), run_name="__main__")
    told = capsys.readouterr().out
    assert "answered" in told
    assert "/guide/" in told
