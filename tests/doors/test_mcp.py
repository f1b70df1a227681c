"""MCP by the package's own client: over standard input and output, and over HTTP."""

from __future__ import annotations

import os
import sys
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from another_day import here
from apart import run_apart
from folders import MADE, ROOT
from mcp import Client, MCPError, StdioServerParameters
from mcp_types import TextResourceContents

from chatbot.bot import Bot
from chatbot.doors.mcp_server import AtOnce, build_server
from chatbot.doors.told import MOST_TEXT, guide_told
from chatbot.library import Library
from index.publish.snapshot import Snapshot

ASKED = "Un richiedente asilo può aprire un conto di base?"
TOOLS = ["ask", "find_services", "list_scripts", "read_guide", "search_passages"]
Talk = Callable[[Callable[[Client], Awaitable[Any]]], Any]


def talk(server: Any, said: Callable[[Client], Awaitable[Any]], **more: Any) -> Any:
    async def whole() -> Any:
        async with Client(server, read_timeout_seconds=120, **more) as client:
            return await said(client)

    return run_apart(whole())


@pytest.fixture(scope="module")
def library(bot: Bot, snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> Library:
    return Library(tmp_path_factory.mktemp("library"), bot, snapshot)


@pytest.fixture(params=["in process", "http", "http as before"])
def talking(request: pytest.FixtureRequest, library: Library) -> Talk:
    """A conversation with the server, each way it is reached; «as before» is the handshake of the
    protocol's older versions."""
    if request.param == "in process":
        return lambda said: talk(build_server(library, AtOnce(library)), said)
    address = request.getfixturevalue("live_server") + "/mcp"
    more = {"mode": "legacy"} if request.param == "http as before" else {}
    return lambda said: talk(address, said, **more)


def called(talking: Talk, name: str, **arguments: Any) -> dict[str, Any]:
    """What a tool gives."""

    async def call(client: Client) -> Any:
        return await client.call_tool(name, arguments)

    result = talking(call)
    assert not result.is_error, result.content
    assert isinstance(result.structured_content, dict)
    return result.structured_content


def fault(talking: Talk, name: str, **arguments: Any) -> str:
    """What a tool says of a call that it cannot do."""

    async def call(client: Client) -> Any:
        return await client.call_tool(name, arguments)

    result = talking(call)
    assert result.is_error
    return str(result.content[0].text)


def test_the_tools_are_five_and_only_read(talking: Talk) -> None:
    """Each with what it does, what it takes, what it gives and that it changes nothing."""

    async def tools(client: Client) -> Any:
        return (await client.list_tools()).tools, client.instructions

    listed, instructions = talking(tools)
    assert sorted(tool.name for tool in listed) == TOOLS
    for tool in listed:
        assert tool.annotations.read_only_hint
        assert tool.annotations.destructive_hint is False
        assert tool.description
        assert tool.output_schema
    assert "word for word" in instructions


def test_a_question_is_answered_with_its_quotes(talking: Talk) -> None:
    """As the page answers it, each mark with what stands behind it."""
    told = called(talking, "ask", question=ASKED)
    assert told["outcome"] == "answered"
    assert "[1]" in told["answer"]
    assert told["quotes"][0]["url"].startswith("/guide/conto-di-base")
    assert told["quotes"][0]["verified_on"] == "2026-11-20"
    assert told["quotes"][0]["sources"]


def test_a_question_goes_on_from_the_turns_before(talking: Talk) -> None:
    """The history that an assistant keeps."""
    history = [{"role": "user", "text": "Cos'è il tirocinio?"}]
    assert "6 mesi" in called(talking, "ask", question="e quanto dura?", history=history)["answer"]


def test_passages_are_found(talking: Talk) -> None:
    """As many as are asked for, verbatim."""
    found = called(talking, "search_passages", question=ASKED, limit=3)
    assert len(found["passages"]) == 3
    assert found["passages"][0]["guide"] == "conto-di-base"


def test_a_guide_is_read_by_its_sections(talking: Talk) -> None:
    """From any of them on; a section that is not there is told, and so is a guide."""
    whole = called(talking, "read_guide", slug="conto-di-base")
    assert "# Aprire un conto di base" in whole["text"]
    assert "Permesso di soggiorno valido" in whole["text"]
    assert whole["go_on"] == ""
    later = called(talking, "read_guide", slug="conto-di-base", section="residenza")
    assert later["text"].startswith("## La banca vuole il certificato")
    assert "non ha la sezione" in fault(talking, "read_guide", slug="tirocinio", section="x")
    assert "Non c'è nessuna guida" in fault(talking, "read_guide", slug="../../etc/passwd")


def test_services_are_found_by_need_and_place(talking: Talk) -> None:
    """The nearest first; how many are left out is said; needs and places are those of the
    network."""
    found = called(talking, "find_services", municipality="Cuneo", limit=1)
    assert found["services"][0]["municipality"] == "Cuneo"
    assert found["left_out"] == 4
    need = found["needs"][0]
    for card in called(talking, "find_services", need=need)["services"]:
        assert need in card["needs"]
    assert "non è fra i bisogni" in fault(talking, "find_services", need="astronavi")
    assert "non è fra i luoghi" in fault(talking, "find_services", municipality="Atlantide")


def test_scripts_are_listed_with_their_steps(talking: Talk) -> None:
    """A list is told as one."""
    scripts = called(talking, "list_scripts")["result"]
    assert "conto-corrente" in [script["slug"] for script in scripts]
    assert all(script["steps"] for script in scripts)


def test_the_guides_are_resources(talking: Talk) -> None:
    """All but the services are listed; any is read by its address; what is not there is an error
    of the protocol."""

    async def resources(client: Client) -> Any:
        listed = (await client.list_resources()).resources
        templates = (await client.list_resource_templates()).resource_templates
        read = await client.read_resource("bussola://guide/tirocinio")
        with pytest.raises(MCPError, match="nessuna guida"):
            await client.read_resource("bussola://guide/non-esiste")
        return [r.uri for r in listed], [t.uri_template for t in templates], read.contents[0]

    listed, templates, content = talking(resources)
    assert "bussola://guide/conto-di-base" in listed
    assert "bussola://guide/unar" not in listed
    assert templates == ["bussola://guide/{slug}"]
    assert isinstance(content, TextResourceContents)
    assert "Il tirocinio dura al massimo 6 mesi" in content.text


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("ask", {"question": "a" * 4001}),
        ("ask", {"question": "x", "history": [{"role": "user", "text": "x"}] * 21}),
        ("search_passages", {"question": "x", "limit": 11}),
        ("find_services", {"limit": 21}),
        ("read_guide", {"slug": "a" * 121}),
    ],
)
def test_inputs_are_bounded(library: Library, name: str, arguments: dict[str, Any]) -> None:
    """Beyond its bounds a call is refused."""

    def talking(said: Callable[[Client], Awaitable[Any]]) -> Any:
        return talk(build_server(library, AtOnce(library)), said)

    assert "validation error" in fault(talking, name, **arguments)


def test_a_long_guide_is_read_in_parts(snapshot: Snapshot) -> None:
    """Part after part, by `go_on`, gives every section once; none is longer than its bound."""
    guide = snapshot.guides["conto-di-base"]
    sections = tuple(
        replace(s, anchor=f"{s.anchor}-{n}") for n in range(60) for s in guide.sections
    )
    long = replace(guide, sections=sections)
    anchor, read = "", []
    while True:
        told = guide_told(long, anchor)
        assert told is not None
        assert len(told.text) <= MOST_TEXT + 100
        read.append(told.text)
        if not (anchor := told.go_on):
            break
    assert len(read) > 3
    assert sum(text.count("## ") for text in read) == sum(s.level == 2 for s in sections)


def test_what_breaks_tells_nothing_of_the_question(
    library: Library, capsys: pytest.CaptureFixture[str]
) -> None:
    """The assistant is told to try again; the log has the kind of the error."""

    class Broken(AtOnce):
        async def answer(self, body: Any) -> Any:
            raise RuntimeError(f"segreto: {body.question}")

    server = build_server(library, Broken(library))
    told = fault(lambda said: talk(server, said), "ask", question="domandasegreta")
    assert "segreto" not in told
    assert "domandasegreta" not in capsys.readouterr().err


def test_over_standard_input_and_output(published: Path) -> None:
    """`bussola chatbot mcp`, started by the client as an assistant would; nothing but the protocol
    on its output."""
    environment = {"BUSSOLA_VAR": str(published), "BUSSOLA_GUIDES": str(MADE),
                   "PATH": os.environ["PATH"], **here(ROOT)}  # fmt: skip
    server = StdioServerParameters(
        command=sys.executable, args=["-m", "chatbot", "mcp"], cwd=ROOT, env=environment
    )

    async def said(client: Client) -> Any:
        tools = (await client.list_tools()).tools
        result = await client.call_tool("ask", {"question": ASKED})
        return [tool.name for tool in tools], result.structured_content

    names, told = talk(server, said)
    assert sorted(names) == TOOLS
    assert told["outcome"] == "answered"


def test_a_page_of_another_site_is_refused(live_server: str, partner_port: int) -> None:
    """Only our own pages and those of the sites that may hold the widget."""
    ping = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    statuses = {
        origin: httpx.post(
            f"{live_server}/mcp", json=ping,
            headers={"Origin": origin, "Accept": "application/json, text/event-stream"},
        ).status_code
        for origin in (live_server, f"http://127.0.0.1:{partner_port}", "https://altro.example")
    }  # fmt: skip
    assert list(statuses.values()) == [200, 200, 403]


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'{"jsonrpc":"2.0"}', b"x" * 200_000, b'{"id":' * 5000]
)
def test_what_is_not_the_protocol_is_refused(live_server: str, body: bytes) -> None:
    """A 4xx each, and the server goes on."""
    headers = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
    response = httpx.post(f"{live_server}/mcp", content=body, headers=headers, timeout=30)
    assert 400 <= response.status_code < 500
    assert httpx.get(f"{live_server}/mcp").status_code == 405
    assert httpx.get(f"{live_server}/api/health").status_code == 200
