"""The file of networks: what each has, and what is refused before anything is served."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from two_networks import common_settings

from chatbot.hosting.hosted import HostingError, host_of, read_hosted
from chatbot.settings import Settings

URL = "postgresql+psycopg://bussola:segreta@db.example/bussola"


def read(folder: Path, networks: dict[str, Any], **more: Any) -> dict[str, Settings]:
    return {
        one.name: one.settings for one in read_hosted(common_settings(folder, networks, **more))
    }


def entry(name: str, **more: Any) -> dict[str, Any]:
    return {"hosts": [f"{name}.example"], "guides": f"/srv/{name}/guide", **more}


def test_a_network_has_what_is_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the deployment only what is of the machine; its folders by its name; secrets from the
    environment, by its name too."""
    monkeypatch.setenv("BUSSOLA_NORD__OIDC_CLIENT_SECRET", "di nord")
    networks = {"nord": entry("nord", four_eyes=True), "sud": entry("sud", ask_rate="9 per hour")}
    found = read(tmp_path, networks, retention_days=30, read_rate="7 per hour")
    nord, sud = found["nord"], found["sud"]
    assert (nord.four_eyes, sud.four_eyes) == (True, False)
    assert (nord.retention_days, nord.read_rate) == (30, "7 per hour")
    assert (sud.ask_rate, nord.ask_rate == sud.ask_rate) == ("9 per hour", False)
    assert (nord.var, sud.var) == (tmp_path / "var/networks/nord", tmp_path / "var/networks/sud")
    assert nord.cases == nord.var / "cases"
    assert nord.oidc_client_secret.get_secret_value() == "di nord"
    assert sud.oidc_client_secret.get_secret_value() == ""
    assert nord.journal_url == ""
    assert nord.networks is None


def test_the_database_of_all_has_a_schema_for_each(tmp_path: Path) -> None:
    """For journal and the rest; a network with a database of its own keeps to that."""
    own = "postgresql+psycopg://est:altra@altro.example/est"
    networks = {"nord": entry("nord"), "sud": entry("sud"), "est": entry("est", database_url=own)}
    found = read(tmp_path, networks, database_url=URL)
    for name in ("nord", "sud"):
        url = found[name].database_url.get_secret_value()
        assert url.endswith(f"/bussola?options=-csearch_path%3D{name}")
        assert found[name].journal_url == url
    assert found["est"].database_url.get_secret_value() == own
    assert found["est"].journal_url == own


@pytest.mark.parametrize(
    ("networks", "why"),
    [
        ({}, "una o più reti"),
        ({"Nord": entry("nord")}, "non è il nome di una rete"),
        ({"public": entry("nord")}, "non è il nome di una rete"),
        ({"pg_nord": entry("nord")}, "non è il nome di una rete"),
        ({"nord": {"hosts": ["nord.example"]}}, "manca guides"),
        ({"nord": entry("nord", colore="verde")}, "non conosco colore"),
        ({"nord": entry("nord", model="altro")}, "non conosco model"),
        ({"nord": entry("nord", hosts=["https://nord.example/"])}, "non è il nome di un sito"),
        ({"nord": entry("nord", root_path="nord")}, "root_path: .*scrivilo come /nord"),
        ({"nord": entry("nord", retention_days=0)}, "retention_days: "),
        ({"nord": entry("nord"), "sud": entry("sud", hosts=["NORD.example."])}, "stesso indirizzo"),
        ({"nord": entry("nord", hosts=[]), "sud": entry("sud", hosts=[])}, "stesso indirizzo"),
        (
            {"nord": entry("nord", hosts=["a.example"], root_path="/a"),
             "sud": entry("sud", hosts=["a.example"], root_path="/a/b")},
            "uno dentro l'altro",
        ),
        ({"nord": entry("nord"), "sud": entry("sud", guides="/srv/nord/guide/b")}, "in comune"),
        ({"nord": entry("nord", var="/v"), "sud": entry("sud", var="/v")}, "in comune"),
        ({"nord": entry("nord", cases="/c"), "sud": entry("sud", cases="/c/d")}, "in comune"),
        (
            {"nord": entry("nord", database_url=URL), "sud": entry("sud", database_url=URL)},
            "stesso database",
        ),
        (
            {"nord": entry("nord", journal_url="sqlite:////j"),
             "sud": entry("sud", journal_url="sqlite:////j")},
            "stesso database",
        ),
    ],
)  # fmt: skip
def test_what_would_mix_two_networks_is_refused(
    tmp_path: Path, networks: dict[str, Any], why: str
) -> None:
    """With the file, the network and what to write; never a password."""
    with pytest.raises(HostingError, match=why) as refused:
        read(tmp_path, networks)
    assert "segreta" not in str(refused.value)


def test_what_is_of_one_network_is_not_said_for_all(tmp_path: Path) -> None:
    """Sites that may hold the widget, offices, keys: each under its own network."""
    with pytest.raises(HostingError, match="BUSSOLA_ALLOWED_ORIGINS, BUSSOLA_GUIDES: è di una"):
        read(tmp_path, {"nord": entry("nord")}, allowed_origins=["https://a.example"], guides="g")


def test_two_paths_of_one_site_are_two_addresses(tmp_path: Path) -> None:
    """As are a host that is named and any other."""
    same = ["a.example"]
    networks = {
        "nord": entry("nord", hosts=same, root_path="/nord"),
        "sud": entry("sud", hosts=same, root_path="/sud/"),
        "est": entry("est", hosts=[]),
    }
    found = read(tmp_path, networks)
    assert (found["nord"].root_path, found["sud"].root_path) == ("/nord", "/sud")


@pytest.mark.parametrize(
    ("told", "host"),
    [("Nord.Example:8443", "nord.example"), ("nord.example.", "nord.example"),
     ("[::1]:80", "[::1]"), ("[::1]", "[::1]"), ("", "")],
)  # fmt: skip
def test_a_host_is_compared_without_its_port(told: str, host: str) -> None:
    """As browsers and proxies write it."""
    assert host_of(told) == host


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """Is told by its name."""
    settings = Settings(_env_file=None, networks=tmp_path / "nessuno.yaml")  # type: ignore[call-arg]
    with pytest.raises(HostingError, match=r"nessuno\.yaml non si legge"):
        read_hosted(settings)
