"""Bussola as parts of llama-index: a retriever of passages, and a query engine whose answers are
the guides' own sentences."""

from __future__ import annotations

import asyncio
from typing import Any

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.response.schema import RESPONSE_TYPE, Response
from llama_index.core.callbacks import CallbackManager
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from chatbot.doors.respondent import Respondent
from chatbot.http.messages import AnswerOut, ChatIn, CitationOut
from chatbot.http.passages import FOUND, PassageOut, PassagesIn

# What a language model that reads the nodes is shown of their metadata.
_SHOWN = ("title", "heading_path", "verified_on")


class BussolaRetriever(BaseRetriever):
    """The passages found for a question, best first, as nodes.

    Metadata: `guide`, `title`, `heading_path`, `url`, `verified_on` and `review_by` (ISO dates, or
    None), `sources` (label and url), `snapshot`, and `outcome`, what Bussola itself would answer
    with. The score of a node is that of `PassageOut`. `retrieve` raises NoAnswerError.
    """

    def __init__(
        self,
        respondent: Respondent,
        similarity_top_k: int = FOUND,
        callback_manager: CallbackManager | None = None,
    ) -> None:
        self._respondent = respondent
        self._top_k = similarity_top_k
        super().__init__(callback_manager=callback_manager)

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        asked = PassagesIn(question=query_bundle.query_str, limit=self._top_k)
        found = self._respondent.passages(asked)
        more = {"outcome": found.outcome, "snapshot": found.snapshot}
        return [_node_of_passage(passage, more) for passage in found.passages]

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return await asyncio.to_thread(self._retrieve, query_bundle)


class BussolaQueryEngine(BaseQueryEngine):
    """The answers of Bussola: `response` has the marks [n], `source_nodes` the citation behind each
    of them, in order; `metadata` the `outcome`, the `confidence` and the `snapshot`, by which
    whoever composes engines can tell an answer from a silence. `query` raises NoAnswerError."""

    def __init__(
        self, respondent: Respondent, callback_manager: CallbackManager | None = None
    ) -> None:
        self._respondent = respondent
        super().__init__(callback_manager)

    def _query(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        answer = self._respondent.ask(ChatIn(question=query_bundle.query_str))
        nodes = [_node_of_citation(citation, answer) for citation in answer.citations]
        metadata = {
            "outcome": answer.outcome,
            "confidence": answer.confidence,
            "sure": answer.sure,
            "snapshot": answer.snapshot,
        }
        return Response(answer.answer, source_nodes=nodes, metadata=metadata)

    async def _aquery(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        return await asyncio.to_thread(self._query, query_bundle)

    def _get_prompt_modules(self) -> dict[str, Any]:
        """There are no prompts: no language model is asked."""
        return {}


def _node_of_passage(passage: PassageOut, more: dict[str, str]) -> NodeWithScore:
    return _node(passage.id, passage.text, {**_metadata(passage), **more}, passage.score)


def _node_of_citation(citation: CitationOut, answer: AnswerOut) -> NodeWithScore:
    """A quote; its score is that of the passage it stands in, where that is among the hits."""
    anchor = citation.url.partition("#")[2]
    score = next((h.score for h in answer.hits
                  if (h.guide, h.anchor) == (citation.guide, anchor)), None)  # fmt: skip
    more = {"n": citation.n, "outcome": answer.outcome, "snapshot": answer.snapshot}
    metadata = {**_metadata(citation), **more}
    return _node(f"{answer.id}:{citation.n}", citation.quote, metadata, score)


def _metadata(cited: PassageOut | CitationOut) -> dict[str, Any]:
    fields = {"guide", "title", "heading_path", "url", "verified_on", "review_by", "sources"}
    return cited.model_dump(mode="json", include=fields)


def _node(name: str, text: str, metadata: dict[str, Any], score: float | None) -> NodeWithScore:
    hidden = [key for key in metadata if key not in _SHOWN]
    node = TextNode(
        id_=name, text=text, metadata=metadata,
        excluded_llm_metadata_keys=hidden, excluded_embed_metadata_keys=hidden,
    )  # fmt: skip
    return NodeWithScore(node=node, score=score)
