"""A round of the addresses of guides: politely, kept, shown, stopped."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from threading import Event, Thread
from time import monotonic

import pytest
from guide_texts import SERVICE, guide, sheet
from pytest_httpserver import HTTPServer
from typer.testing import CliRunner

from index.__main__ import app
from index.outside import kept
from index.outside.addresses import addresses, web_address
from index.outside.kept import NO_NETWORK, AlreadyLooking, look_and_keep, read_looked
from index.outside.report import as_lines, summary
from index.outside.round import Pace, Stopped


def local(host: str, port: int) -> Sequence[str]:
    """Every name leads to this machine: for tests alone."""
    return ["127.0.0.1"]


def dead(host: str, port: int) -> Sequence[str]:
    raise socket.gaierror(socket.EAI_AGAIN, "no network")


def test_the_addresses_of_a_guide() -> None:
    """Of its text with the line, of sources and of contacts; without what stands after #; links to
    other guides are none."""
    text = "# Prova\n\nVedi [il sito](https://a.example/x#y) e [noi](altra.md).\n"
    one = sheet(text)
    found = addresses([one, sheet(text.replace("#y", "#z"), "schede/b.md")])
    assert list(found) == ["https://a.example/x"]
    assert [(p.path, p.where) for p in found["https://a.example/x"]] == [
        ("schede/prova.md", "testo"), ("schede/b.md", "testo"),
    ]  # fmt: skip
    assert found["https://a.example/x"][0].line > 10
    contacts = "contatti:\n  sito: [www.ente.example/orari]\n---\n# Ufficio\n\nAiuta.\n"
    card = guide(SERVICE.removesuffix("---\n") + contacts, "servizi/ufficio.md")
    assert "https://www.ente.example/orari" in addresses([card])


@pytest.mark.parametrize(
    "text",
    ["mailto:a@b.it", "tel:112", "https://", "http://interno/", "http://[x/", "https://a.b:z"],
)
def test_what_is_no_address_of_a_page(text: str) -> None:
    """Nothing is asked of it."""
    assert web_address(text) == ""


def test_one_request_a_second_to_a_host() -> None:
    """Others do not wait; who stops waits no more."""
    pace, stop = Pace(Event(), 0.2), Event()
    start = monotonic()
    for host in ("a", "b", "a"):
        pace.wait(host)
    assert monotonic() - start >= 0.19
    slow = Pace(stop, 600)
    slow.wait("a")
    stop.set()
    with pytest.raises(Stopped):
        slow.wait("a")


def test_a_round_is_kept(httpserver: HTTPServer, tmp_path: Path) -> None:
    """robots.txt is read once a site and heeded; where a site asks not to insist the others of it
    are left alone; each result is told and kept with its day."""
    robots = "User-agent: *\nDisallow: /no\n"
    httpserver.expect_request("/robots.txt").respond_with_data(robots)
    httpserver.expect_request("/si").respond_with_data("")
    httpserver.expect_request("/via").respond_with_data("", 404)
    httpserver.expect_request("/piano").respond_with_data("", 429, {"Retry-After": "5"})
    site = f"http://sito.example:{httpserver.port}"
    urls = [f"{site}{path}" for path in ("/no/x", "/si", "/via", "/piano", "/dopo")]
    told: list[tuple[int, int]] = []
    done = look_and_keep(tmp_path, urls, resolve=local, pause=0, progress=lambda *n: told.append(n))
    assert [done.found[url].state for url in urls] == [
        "closed", "works", "broken", "closed", "closed",
    ]  # fmt: skip
    assert told[-1] == (5, 5)
    paths = [request.path for request, _ in httpserver.log]
    assert paths.count("/robots.txt") == 1
    assert "/no/x" not in paths
    assert "/dopo" not in paths
    assert read_looked(tmp_path) == done
    assert (done.total, done.fresh, done.done is not None) == (5, 5, True)
    assert "1 non c'è" in summary(done)


def test_no_network_is_not_the_fault_of_the_links(tmp_path: Path, httpserver: HTTPServer) -> None:
    """What was found before stays, and it is told why."""
    httpserver.expect_request("/robots.txt").respond_with_data("", 404)
    httpserver.expect_request("/si").respond_with_data("")
    urls = [f"http://{name}.example:{httpserver.port}/si" for name in "abc"]
    look_and_keep(tmp_path, urls, resolve=local, pause=0)
    done = look_and_keep(tmp_path, urls, resolve=dead, pause=0)
    assert done.why == NO_NETWORK
    assert {visit.state for visit in done.found.values()} == {"works"}


def test_a_round_can_be_stopped(tmp_path: Path, httpserver: HTTPServer) -> None:
    """What was found so far stays; meanwhile no second round begins."""
    httpserver.expect_request("/si").respond_with_data("")
    site = f"http://sito.example:{httpserver.port}"
    urls = [f"{site}/si", *(f"{site}/si?{n}" for n in range(50))]
    stop, first = Event(), Event()
    args = (tmp_path, urls, stop, local, 0.05, lambda *_: first.set())
    round_ = Thread(target=look_and_keep, args=args)
    round_.start()
    assert first.wait(60)
    with pytest.raises(AlreadyLooking):
        look_and_keep(tmp_path, urls, resolve=local)
    assert kept.is_looking(tmp_path)
    stop.set()
    round_.join(60)
    done = read_looked(tmp_path)
    assert done is not None
    assert (done.done, 0 < done.fresh < len(urls)) == (None, True)
    assert not kept.is_looking(tmp_path)


def test_the_command(
    tmp_path: Path, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """File and line of what does not work, and exit code 1."""
    quick = partial(look_and_keep, resolve=local, pause=0)
    monkeypatch.setattr("index.outside.report.look_and_keep", quick)
    httpserver.expect_request("/si").respond_with_data("")
    site = f"http://sito.example:{httpserver.port}"
    guides = tmp_path / "guides"
    guides.mkdir()
    text = f"# Prova\n\n[Uno]({site}/si) e\n[due]({site}/via).\n"
    (guides / "prova.md").write_text(text, encoding="utf-8")
    httpserver.expect_request("/via").respond_with_data("", 410)
    done = CliRunner().invoke(
        app, ["links", "--guides", str(guides), "--var", str(tmp_path / "var")]
    )
    assert done.exit_code == 1
    assert (
        f"prova.md:4: testo {site}/via non c'è: la pagina non c'è più (errore 410)" in done.output
    )
    assert "/si " not in done.output


def test_lines_are_of_what_does_not_work(tmp_path: Path) -> None:
    """The worst first; of an address that no guide has any more, none."""
    one = sheet("# Prova\n\n[x](https://a.example/)\n")
    done = look_and_keep(tmp_path, ["https://a.example/", "https://b.example/"], resolve=dead)
    (line,) = as_lines(done, addresses([one]))
    assert line.startswith("schede/prova.md:")
