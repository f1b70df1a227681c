"""Bussola as a server of MCP: five tools that only read, and the guides as resources."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Annotated, Protocol, TypeVar

import anyio.to_thread
import structlog
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ResourceNotFoundError, ToolError
from mcp_types import Resource, ToolAnnotations
from pydantic import Field
from starlette.exceptions import HTTPException

from chatbot.doors.told import (
    AnswerTold,
    GuideTold,
    ScriptTold,
    ServicesTold,
    answer_told,
    cut,
    guide_told,
    script_told,
    section_text,
    services_told,
)
from chatbot.http.messages import AnswerOut, ChatIn, TurnIn, answer_out
from chatbot.http.passages import PassagesIn, PassagesOut, passages_out
from chatbot.library import Library
from chatbot.pages.charter import ServiceFilter, find_services
from chatbot.problem import DETAILS
from chatbot.question import MAX_QUESTION
from index.guide import Guide

MOST_PASSAGES, MOST_PASSAGE, MOST_SERVICES = 10, 2_000, 20
INSTRUCTIONS = (
    "Bussola answers from its guides, in their own sentences. Quote its answers word for word with"
    " their marks and links; where the outcome is neither `answered` nor `emergency`, the guides do"
    " not answer: say so, and add nothing of your own; where it is `answered` but not `sure`, say"
    " that it may not be the answer. Never send names or documents of people."
)
_SCHEME = "bussola://guide/"
_READS = ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)
log = structlog.get_logger()
T = TypeVar("T")
QuestionText = Annotated[
    str, Field(min_length=1, max_length=MAX_QUESTION, description="In the person's own words.")
]
Slug = Annotated[str, Field(max_length=120, description="The name of the guide, as in its URL.")]


class Work(Protocol):
    """How work that takes the processor is done: in a thread, when its turn comes."""

    async def answer(self, body: ChatIn) -> AnswerOut: ...

    async def run(self, work: Callable[[], T]) -> T: ...


class AtOnce:
    """Work for one assistant on this machine: nobody else waits, and nothing is kept."""

    def __init__(self, library: Library) -> None:
        self._library = library

    async def answer(self, body: ChatIn) -> AnswerOut:
        library = self._library
        return await self.run(
            lambda: answer_out(library.bot.reply(body.to_question(), library.snapshot))
        )

    async def run(self, work: Callable[[], T]) -> T:
        return await anyio.to_thread.run_sync(work)


class _Server(MCPServer):
    """The resources are those of the snapshot in use: a list made once would grow old."""

    library: Library

    async def list_resources(self) -> list[Resource]:
        """Every guide but the services, which `find_services` finds."""
        guides = [g for g in self.library.snapshot.guides.values() if not g.service]
        return [
            Resource(uri=_SCHEME + g.slug, name=g.slug, title=g.title, mime_type="text/markdown")
            for g in sorted(guides, key=lambda g: g.title)
        ]


def build_server(library: Library, work: Work, version: str = "") -> MCPServer:
    """The server over the snapshot in use; it answers nothing by itself, `work` does."""
    if not logging.root.handlers:  # the package would write the root logger's lines its own way
        logging.root.addHandler(logging.NullHandler())
    logging.getLogger("mcp").setLevel(logging.CRITICAL)  # its lines may hold what was asked
    server = _Server("bussola", title="Bussola", instructions=INSTRUCTIONS, version=version)
    server.library = library
    tools = _Tools(library, work)
    for tool, title in (
        (tools.ask, "Fai una domanda alle guide"),
        (tools.search_passages, "Cerca i passaggi delle guide"),
        (tools.read_guide, "Leggi una guida"),
        (tools.find_services, "Trova i servizi"),
        (tools.list_scripts, "Elenca i copioni"),
    ):
        server.add_tool(tool, title=title, annotations=_READS)
    server.resource(_SCHEME + "{slug}", name="guide", title="Una guida", mime_type="text/markdown")(
        tools.resource
    )
    return server


async def _told(work: Awaitable[T]) -> T:
    """What `work` gives; what goes wrong as an error for the assistant, without what was asked."""
    try:
        return await work
    except HTTPException as error:  # no place is free
        raise ToolError(str(error.detail)) from None
    except ToolError:
        raise
    except Exception as error:
        log.error("unexpected_error", path="mcp", error=type(error).__name__)
        raise ToolError(DETAILS[500]) from None


class _Tools:
    """The functions behind the tools; their docstrings are what an assistant reads."""

    def __init__(self, library: Library, work: Work) -> None:
        self._library = library
        self._work = work

    async def ask(
        self,
        question: QuestionText,
        history: Annotated[list[TurnIn], Field(max_length=20)] = [],  # noqa: B006
    ) -> AnswerTold:
        """Answer a question from the guides: their sentences with marks [n], and what stands
        behind each mark. `history` are the turns before. Where the guides are silent, so is it."""
        body = ChatIn(question=question, history=history)
        return answer_told(await _told(self._work.answer(body)))

    async def search_passages(
        self,
        question: QuestionText,
        limit: Annotated[int, Field(ge=1, le=MOST_PASSAGES)] = 5,
    ) -> PassagesOut:
        """The passages nearest to a question, verbatim, best first, with dates and sources. They
        may not answer it: `outcome` is what `ask` would say."""
        body = PassagesIn(question=question, limit=limit)
        library = self._library

        def search() -> PassagesOut:
            snapshot = library.snapshot
            return passages_out(library.bot.reply(body.to_question(), snapshot), snapshot, limit)

        found = await _told(self._work.run(search))
        short = [p.model_copy(update={"text": cut(p.text, MOST_PASSAGE)}) for p in found.passages]
        return found.model_copy(update={"passages": short})

    async def read_guide(
        self,
        slug: Slug,
        section: Annotated[
            str, Field(max_length=120, description="Begin at this section (`go_on`).")
        ] = "",
    ) -> GuideTold:
        """The text of one guide, whole sections at a time; ask again with `go_on` for the rest."""
        told = guide_told(self._guide(slug), section)
        if told is None:
            raise ToolError(f"La guida «{slug}» non ha la sezione «{section}».")
        return told

    async def find_services(
        self,
        need: Annotated[str, Field(max_length=40, description="One of `needs`.")] = "",
        municipality: Annotated[str, Field(max_length=80)] = "",
        limit: Annotated[int, Field(ge=1, le=MOST_SERVICES)] = 5,
    ) -> ServicesTold:
        """Services of the charter for a need, nearest to a municipality first. `status` says
        whether somebody has checked the contacts."""
        network = self._library.network
        needs = list(network.needs_shown)
        if need and need not in needs:
            raise ToolError(f"«{need}» non è fra i bisogni: {', '.join(needs)}.")
        if municipality and network.places.called(municipality) is None:
            raise ToolError(f"«{municipality}» non è fra i luoghi che questa rete conosce.")
        found = find_services(
            self._library.snapshot.guides.values(),
            ServiceFilter(need=need, municipality=municipality),
            network.now().replace(tzinfo=None), network.places,
        )  # fmt: skip
        return services_told(found, limit, needs)

    async def list_scripts(self) -> list[ScriptTold]:
        """The scripts that an operator follows step by step; `read_guide` reads one."""
        guides = self._library.snapshot.guides.values()
        scripts = sorted((g for g in guides if g.kind == "copione"), key=lambda g: g.title)
        return [script_told(guide) for guide in scripts]

    async def resource(self, slug: str) -> str:
        """The text of a guide, whole."""
        guide = self._library.snapshot.guides.get(slug)
        if guide is None:
            raise ResourceNotFoundError(f"Non c'è nessuna guida «{slug[:120]}».")
        return "\n\n".join(section_text(section) for section in guide.sections)

    def _guide(self, slug: str) -> Guide:
        guide = self._library.snapshot.guides.get(slug)
        if guide is None:
            raise ToolError(f"Non c'è nessuna guida «{slug}»: cercala con search_passages.")
        return guide


def run_stdio(library: Library) -> None:
    """Serve one assistant over standard input and output, until it leaves."""
    build_server(library, AtOnce(library)).run("stdio")
