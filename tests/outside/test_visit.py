"""One look at an address: what it tells of each answer, and where it never goes."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from time import monotonic

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from index.outside import visit as module
from index.outside.public import PrivateAddressError, is_public, public_addresses
from index.outside.visit import Visitor


def local(host: str, port: int) -> Sequence[str]:
    """Every name leads to this machine: for tests alone."""
    return ["127.0.0.1"]


def visitor(**more: object) -> Visitor:
    return Visitor(resolve=local, **more)  # type: ignore[arg-type]


def at(httpserver: HTTPServer, path: str) -> str:
    return f"http://sito.example:{httpserver.port}{path}"


@pytest.mark.parametrize(
    ("status", "headers", "state"),
    [
        (200, {}, "works"), (204, {}, "works"), (404, {}, "broken"), (410, {}, "broken"),
        (403, {}, "closed"), (401, {}, "closed"), (429, {"Retry-After": "60"}, "closed"),
        (503, {"Retry-After": "60"}, "closed"), (500, {}, "silent"), (503, {}, "silent"),
    ],
)  # fmt: skip
def test_what_a_status_means(
    httpserver: HTTPServer, status: int, headers: dict[str, str], state: str
) -> None:
    """With the number that came, and words where it is not well."""
    httpserver.expect_request("/x").respond_with_data("", status, headers)
    found = visitor().visit(at(httpserver, "/x"))
    assert (found.state, found.status) == (state, status)
    assert bool(found.why) == (state != "works")


def test_head_first_and_get_where_it_says_nothing(httpserver: HTTPServer) -> None:
    """A server that does not know HEAD is asked again, and no page is read to its end."""
    sent: list[int] = []

    def page(request: Request) -> Response:
        def long() -> object:
            for n in range(10_000):
                sent.append(n)
                yield b"x" * 10_000

        return Response(long(), 200) if request.method == "GET" else Response("", 405)

    httpserver.expect_request("/lunga").respond_with_handler(page)
    assert visitor().visit(at(httpserver, "/lunga")).state == "works"
    assert [request.method for request, _ in httpserver.log] == ["HEAD", "GET"]
    assert len(sent) < 1_000
    agent = httpserver.log[0][0].headers["User-Agent"]
    assert "Bussola" in agent


def test_redirects(httpserver: HTTPServer) -> None:
    """Followed, a few; for good is told with where it leads, for now is not; https and a slash at
    the end are the same page; what goes round is broken."""
    there = at(httpserver, "/la")
    httpserver.expect_request("/la").respond_with_data("")
    httpserver.expect_request("/la/").respond_with_data("", 301, {"Location": there})
    for path, status in (("/sempre", 301), ("/oggi", 302), ("/anche", 308)):
        httpserver.expect_request(path).respond_with_data("", status, {"Location": "/la"})
    httpserver.expect_request("/gira").respond_with_data("", 302, {"Location": "/gira"})
    httpserver.expect_request("/posta").respond_with_data("", 302, {"Location": "mailto:a@b.it"})
    look = visitor().visit
    assert (look(at(httpserver, "/sempre")).state, look(at(httpserver, "/sempre")).to) == (
        "moved", there,
    )  # fmt: skip
    assert look(at(httpserver, "/anche")).state == "moved"
    assert look(at(httpserver, "/oggi")).state == "works"
    assert look(at(httpserver, "/la/")).state == "works"
    httpserver.clear_log()
    assert look(at(httpserver, "/gira")).state == "broken"
    assert len(httpserver.log) == 6
    assert look(at(httpserver, "/posta")).state == "broken"


@pytest.mark.parametrize(
    "address",
    ["10.0.0.1", "127.0.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "::1",
     "fe80::1", "fc00::1", "fec0::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::",
     "240.0.0.1", "192.168.1.1", "172.16.0.1"],
)  # fmt: skip
def test_an_address_that_is_not_of_the_internet(address: str) -> None:
    """This machine, its network, the metadata of a cloud, and what wraps one of them."""
    assert not is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.215.14", "2606:4700::1111"])
def test_an_address_of_the_internet(address: str) -> None:
    """Any other."""
    assert is_public(address)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost.localdomain", "[::1]", "2130706433.", "0x7f.1", "127.1"]
)
def test_nothing_beside_the_server_is_reached(httpserver: HTTPServer, host: str) -> None:
    """However it is written."""
    httpserver.expect_request("/").respond_with_data("segreto")
    found = Visitor().visit(f"http://{host}:{httpserver.port}/")
    assert found.state in ("private", "broken", "silent")
    assert httpserver.log == []


def test_nor_through_a_redirect(httpserver: HTTPServer) -> None:
    """Each step is looked at as the first."""

    def only_the_site(host: str, port: int) -> Sequence[str]:
        return ["127.0.0.1"] if host == "sito.example" else public_addresses(host, port)

    inside = f"http://127.0.0.1:{httpserver.port}/dentro"
    httpserver.expect_request("/fuori").respond_with_data("", 302, {"Location": inside})
    httpserver.expect_request("/dentro").respond_with_data("segreto")
    found = Visitor(resolve=only_the_site).visit(at(httpserver, "/fuori"))
    assert found.state == "private"
    assert [request.path for request, _ in httpserver.log] == ["/fuori"]


def test_a_name_with_one_private_address_is_private(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which of the two would be reached is a matter of chance; and a name is resolved only once
    for a connection."""
    asked: list[str] = []

    def both(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        asked.append(host)
        kinds = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
        return [(*kinds, ("1.1.1.1", port)), (*kinds, ("10.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", both)
    with pytest.raises(PrivateAddressError):
        public_addresses("due.example", 80)
    assert Visitor().visit("http://due.example/").state == "private"
    assert asked == ["due.example", "due.example"]


def _raises(error: OSError) -> Callable[[str, int], Sequence[str]]:
    def resolve(host: str, port: int) -> Sequence[str]:
        raise error

    return resolve


def test_a_site_that_is_not_there() -> None:
    """A name that does not exist is gone; one that cannot be asked now, a closed port and an
    address that cannot be read are told apart."""
    gone = socket.gaierror(socket.EAI_NONAME, "x")
    assert Visitor(resolve=_raises(gone)).visit("http://a.example/").state == "broken"
    later = socket.gaierror(socket.EAI_AGAIN, "x")
    assert Visitor(resolve=_raises(later)).visit("http://a.example/").state == "silent"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert visitor().visit(f"http://a.example:{port}/").state == "silent"
    assert visitor().visit("ftp://a.example/").state == "broken"


def test_a_slow_site_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """One byte now and then would otherwise hold a round for ever."""
    monkeypatch.setattr(module, "LONGEST_S", 0.6)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        start = monotonic()
        found = visitor().visit(f"http://lento.example:{port}/")
    assert found.state == "silent"
    assert monotonic() - start < 30


def test_a_site_without_a_certificate(httpserver: HTTPServer) -> None:
    """https to a server that does not speak it."""
    found = visitor().visit(f"https://sito.example:{httpserver.port}/")
    assert found.state == "silent"
