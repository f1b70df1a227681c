"""Bussola beside another engine, behind a router of llama-index. Needs a server that runs:

    python docs/llama_index_router.py http://127.0.0.1:8000

The router here is a rule of ours: Bussola is asked first, and the other engine only where the
guides are silent. With a language model, `RouterQueryEngine` with a selector takes its place.
"""

from __future__ import annotations

import sys

from llama_index.core import Settings, SummaryIndex
from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.base_selector import BaseSelector, SelectorResult, SingleSelection
from llama_index.core.llms import MockLLM
from llama_index.core.query_engine import RouterQueryEngine
from llama_index.core.schema import Document, QueryBundle
from llama_index.core.tools import QueryEngineTool, ToolMetadata

from chatbot.doors.llama import BussolaQueryEngine, BussolaRetriever
from chatbot.doors.respondent import RemoteRespondent

QUESTIONS = ("Quanto dura un tirocinio?", "A che ora apre la mensa dell'ufficio?")


class GuidesFirst(BaseSelector):
    """The first tool where Bussola answers, else the second."""

    def __init__(self, bussola: BaseQueryEngine) -> None:
        self._bussola = bussola

    def _select(self, choices: list[ToolMetadata], query: QueryBundle) -> SelectorResult:
        outcome = (self._bussola.query(query).metadata or {})["outcome"]
        chosen = 0 if outcome in ("answered", "emergency", "clarify") else 1
        return SelectorResult(selections=[SingleSelection(index=chosen, reason=str(outcome))])

    async def _aselect(self, choices: list[ToolMetadata], query: QueryBundle) -> SelectorResult:
        return self._select(choices, query)

    def _get_prompts(self) -> dict:
        return {}

    def _update_prompts(self, prompts: dict) -> None:
        return None


def main(address: str) -> None:
    Settings.llm = MockLLM()  # your model: an endpoint of your own, or a paid one
    respondent = RemoteRespondent(address)
    bussola = BussolaQueryEngine(respondent)
    house = SummaryIndex([Document(text="La mensa apre alle 12.30.")]).as_query_engine()
    router = RouterQueryEngine(
        selector=GuidesFirst(bussola),
        query_engine_tools=[
            QueryEngineTool.from_defaults(bussola, description="Le guide degli operatori."),
            QueryEngineTool.from_defaults(house, description="Le note dell'ufficio."),
        ],
    )
    for question in QUESTIONS:
        response = router.query(question)
        print(f"{question}\n  {(response.metadata or {}).get('outcome', 'altro motore')}")
        for node in response.source_nodes:
            where = node.metadata.get("url", "(senza indirizzo)")
            print(f"  {where}  {node.node.get_content()[:80]}")
    print("\nI passaggi, per una catena tutta tua:")
    for node in BussolaRetriever(respondent, similarity_top_k=3).retrieve(QUESTIONS[0]):
        print(f"  {node.score:.2f}  {node.metadata['url']}  {node.metadata['verified_on']}")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
