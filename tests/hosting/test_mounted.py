"""Two networks under two paths of one site: every link of a page stays in its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

import httpx
import pytest
from signing_in import PASSPHRASE
from two_networks import WORDS, Visitor, common_settings, network_folder, opened, person, visited

from chatbot.hosting.gateway import Gateway
from chatbot.shield.rooted import under

HOST = "reti.example"
ROOTS = {"nord": "/nord", "sud": "/sud"}
OWN = re.compile(r'\s(?:href|src|action|data-[a-z]+)="(/[^"]*)"')
QUIET = ("/api/admin/session/oidc", "/lingua")  # no provider is set; it leads back


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Gateway:
    folder = tmp_path_factory.mktemp("percorsi")
    networks = {n: {**network_folder(folder, n), "root_path": root} for n, root in ROOTS.items()}
    return opened(common_settings(folder, networks))


@pytest.fixture(scope="module")
def client(front: Gateway) -> Iterator[httpx.Client]:
    with visited(front) as client:
        yield client


def test_links_are_put_under_the_root() -> None:
    """Those of our own, and nothing that a text says."""
    page = '<a class="x" href="/guide?q=a">/guide</a><img src="//altro/x"><a href="https://a/b">'
    assert under("/nord", page) == page.replace('"/guide', '"/nord/guide')
    assert under("", page) == page
    said = "<p>scrivi href=&#34;/guide&#34; e href=&quot;/x&quot;</p>"
    assert under("/nord", said) == said


@pytest.mark.parametrize("name", ROOTS)
def test_every_link_of_every_page_works(client: httpx.Client, name: str) -> None:
    """Followed from the first page on, with what the pages load."""
    visitor, root = Visitor(client, HOST), ROOTS[name]
    (other,) = set(WORDS) - {name}
    waiting, seen = [f"{root}/", f"{root}/redazione/da-fare", f"{root}/api/docs"], set[str]()
    while waiting:
        address = waiting.pop()
        if address in seen or address.removeprefix(root).startswith(QUIET):
            continue
        seen.add(address)
        told = visitor.ask("GET", address, headers={"Accept": "text/html"})
        assert told.status_code in (200, 401), (address, told.status_code)
        assert WORDS[other] not in told.text
        if not told.headers["Content-Type"].startswith("text/html"):
            continue
        for link in OWN.findall(told.text):
            assert link.startswith(f"{root}/"), (address, link)
            waiting.append(
                urlsplit(urljoin(address, link.replace("&amp;", "&")))
                ._replace(fragment="")
                .geturl()
            )
    assert len(seen) > 60
    assert f"{root}/guide/solo-{name}" in seen
    assert f"{root}/web/site.css" in seen


def test_what_leads_on_leads_on_under_the_root(client: httpx.Client) -> None:
    """Redirections, the cookie of a session, addresses of feeds, the manifest, the API's own."""
    visitor = Visitor(client, HOST, "/nord")
    for path, leads in (("", "/nord/"), ("/redazione", "/nord/redazione/da-fare"),
                        ("/lingua?lingua=en&da=/guide", "/nord/guide?lingua=en"),
                        ("/guide/", f"http://{HOST}/nord/guide")):  # fmt: skip
        told = visitor.ask("GET", path)
        assert told.status_code in (303, 307, 308), path
        assert told.headers["Location"] == leads
    feed = visitor.ask("GET", "/novita.atom").text
    assert f"http://{HOST}/nord/guide/" in feed
    manifest = visitor.ask("GET", "/manifest.webmanifest").json()
    assert (manifest["start_url"], manifest["scope"]) == ("/nord/", "/nord/")
    assert visitor.ask("GET", "/openapi.json").json()["servers"] == [{"url": "/nord"}]


def test_a_session_of_one_path_is_none_in_the_other(front: Gateway, client: httpx.Client) -> None:
    """Its cookie goes to its own path; brought to the other, it opens nothing."""
    person(front, "nord", "anna")
    nord, sud = Visitor(client, HOST, "/nord"), Visitor(client, HOST, "/sud")
    body = {"name": "anna", "passphrase": PASSPHRASE}
    told = nord.ask("POST", "/api/admin/session", json=body)
    assert "; Path=/nord/;" in told.headers["Set-Cookie"]
    anna = nord.signed_in("anna")
    assert anna.ask("GET", "/api/admin/session").json()["name"] == "anna"
    assert sud.with_headers(anna.headers).ask("GET", "/api/admin/session").status_code == 401
    assert sud.ask("POST", "/api/admin/session", json=body).status_code == 401


@pytest.mark.parametrize(
    "path",
    ["/", "/guide", "/api/guides", "/nordest/guide", "/nord/nord/guide", "/nord/sud/api/guides",
     "/Nord/guide", "/%2e%2e/nord/guide"],
)  # fmt: skip
def test_no_other_way_to_write_a_path_leads_in(client: httpx.Client, path: str) -> None:
    """An address is under a root or is nobody's, and no root counts twice: what is counted and
    refused by the address is counted."""
    told = Visitor(client, HOST).ask("GET", path)
    assert told.status_code == 404
    assert not any(word in told.text for word in WORDS.values())


def test_limits_hold_under_a_path(front: Gateway, client: httpx.Client) -> None:
    """A body too large is refused before it is read, as at the root."""
    sent = {"question": "a" * 200_000}
    told = Visitor(client, HOST, "/nord").ask("POST", "/api/chat", json=sent)
    assert told.status_code == 413
