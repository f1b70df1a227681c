"""Two networks in one process: each at its own address, with its own guides, one encoder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from small import edit
from two_networks import (
    QUESTION,
    WORDS,
    Visitor,
    common_settings,
    network_folder,
    opened,
    token,
    visited,
)

from chatbot.hosting.gateway import Gateway
from chatbot.library import Library
from chatbot.parts import part
from chatbot.settings import Settings

HOSTS = {"nord": "nord.example", "sud": "sud.example"}


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Gateway:
    folder = tmp_path_factory.mktemp("due")
    networks = {n: {**network_folder(folder, n), "hosts": [HOSTS[n]]} for n in HOSTS}
    broken = {"guides": str(folder / "rotta"), "hosts": ["rotta.example"]}
    return opened(common_settings(folder, {**networks, "rotta": broken}))


@pytest.fixture(scope="module")
def client(front: Gateway) -> Iterator[httpx.Client]:
    with visited(front) as client:
        yield client


def test_each_answers_from_its_own_guides(front: Gateway, client: httpx.Client) -> None:
    """At its own address, whatever port and capitals it is asked with; the encoder is one."""
    for name, host in HOSTS.items():
        (other,) = set(WORDS) - {name}
        told = Visitor(client, f"{host.upper()}:8443").ask(
            "POST", "/api/chat", json={"question": QUESTION}
        )
        assert WORDS[name] in told.text
        assert WORDS[other] not in told.text
        listed = Visitor(client, host).ask("GET", "/api/guides").text
        assert f"solo-{name}" in listed
        assert f"solo-{other}" not in listed
    first, second = (part(app, Library) for app in front.apps.values())
    assert first.bot.encoder is second.bot.encoder
    assert first.bot is not second.bot


@pytest.mark.parametrize("host", ["altrove.example", "127.0.0.1", "", "nord.example.altrove.it"])
@pytest.mark.parametrize("path", ["/", "/guide", "/api/guides", "/openapi.json", "/accedi"])
def test_an_address_of_nobody_says_so(client: httpx.Client, host: str, path: str) -> None:
    """A page for people, a problem for programs; neither names a network."""
    visitor = Visitor(client, host)
    page = visitor.ask("GET", path, headers={"Accept": "text/html"})
    assert (page.status_code, "nessuna rete" in page.text) == (404, True)
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    problem = visitor.ask("GET", path)
    assert problem.headers["Content-Type"] == "application/problem+json"
    for told in (page, problem):
        assert not any(name in told.text for name in (*HOSTS, "rotta", *WORDS.values()))


def test_one_that_does_not_open_leaves_the_others_be(client: httpx.Client) -> None:
    """It says so at its address, with 503; why is for who runs the service."""
    told = Visitor(client, "rotta.example").ask("GET", "/guide", headers={"Accept": "text/html"})
    assert (told.status_code, told.headers["Retry-After"]) == (503, "60")
    assert "non risponde" in told.text
    ready = Visitor(client, "127.0.0.1").ask("GET", "/api/ready")
    assert ready.status_code == 200


def test_health_and_figures_of_all_are_for_near_machines(client: httpx.Client) -> None:
    """At an address of nobody; at its own each network tells of itself alone."""
    near = {"X-Forwarded-For": "10.0.0.7"}
    nobody = Visitor(client, "10.0.0.3")
    assert nobody.ask("GET", "/api/live").status_code == 200
    for path in ("/api/health", "/metrics"):
        assert nobody.ask("GET", path).status_code == 404
    health = nobody.ask("GET", "/api/health", headers=near).json()
    assert set(health["networks"]) == set(HOSTS)
    assert set(health["closed"]) == {"rotta"}
    assert health["status"] == "degraded"
    figures = nobody.ask("GET", "/metrics", headers=near).text
    for line in (
        'bussola_open{network="rotta"} 0.0',
        'bussola_open{network="nord"} 1.0',
        'bussola_ready{network="nord"} 1.0',
        'bussola_refusals_total{network="sud",',
    ):
        assert line in figures
    assert figures.count("# TYPE bussola_answers_total counter") == 1
    own = Visitor(client, HOSTS["nord"]).ask("GET", "/metrics", headers=near).text
    assert "bussola_ready 1.0" in own
    assert "network=" not in own
    assert Visitor(client, HOSTS["nord"]).ask("GET", "/api/health").json()["snapshot"]


def test_a_publication_of_one_leaves_the_other(front: Gateway, client: httpx.Client) -> None:
    """The other serves what it served."""
    before = {n: Visitor(client, h).ask("GET", "/api/health").json() for n, h in HOSTS.items()}
    library = part(front.apps["nord"], Library)
    assert library.snapshot.id == before["nord"]["snapshot"]
    edit(part(front.apps["nord"], Settings).guides, "la terza volta")
    bearer = token(front, "nord", "chi-pubblica", "editor")
    done = Visitor(client, HOSTS["nord"]).ask("POST", "/api/admin/reindex", headers=bearer)
    assert done.status_code == 200, done.text
    after = {n: Visitor(client, h).ask("GET", "/api/health").json() for n, h in HOSTS.items()}
    assert after["nord"]["snapshot"] != before["nord"]["snapshot"]
    assert after["sud"]["snapshot"] == before["sud"]["snapshot"]


def test_its_folder_has_the_model_of_all(front: Gateway) -> None:
    """The commands of one network find it there, and no second copy is made."""
    for one in front.hosted:
        models = Path(one.settings.var) / "models"
        assert models.is_symlink()
        assert one.settings.cases == one.settings.var / "cases"
