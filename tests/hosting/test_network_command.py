"""The commands of one network among several, with its settings and no other's."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from another_day import here
from folders import ROOT

from chatbot.network_command import environment
from chatbot.settings import Settings

SHOWN = (
    "import json; from chatbot.settings import Settings; s = Settings(); print(json.dumps([str("
    "s.guides), str(s.var), s.widget_keys, s.four_eyes, s.oidc_client_secret.get_secret_value(), "
    "s.retention_days]))"
)


def command(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    entry = {"hosts": ["nord.example"], "guides": "/srv/nord", "four_eyes": True,
             "widget_keys": {"k": ["https://a.example"]}}  # fmt: skip
    networks = {"nord": entry, "sud": {"hosts": ["sud.example"], "guides": "/srv/sud"}}
    (folder / "networks.yaml").write_text(yaml.safe_dump(networks), encoding="utf-8")
    told = {"BUSSOLA_NETWORKS": "networks.yaml", "BUSSOLA_NORD__OIDC_CLIENT_SECRET": "di nord",
            "BUSSOLA_RETENTION_DAYS": "7"}  # fmt: skip
    return subprocess.run(
        [sys.executable, "-m", "chatbot", "network", *words], cwd=folder, check=False,
        env={"PATH": "/usr/bin:/bin", **here(ROOT), **told}, capture_output=True,
        text=True,
    )  # fmt: skip


def test_a_command_has_the_settings_of_its_network(tmp_path: Path) -> None:
    """Its folders, its secrets, what the machine says for all; nothing of the other."""
    nord = command(tmp_path, "run", "nord", sys.executable, "-c", SHOWN)
    assert nord.returncode == 0, nord.stderr
    where = "var/networks/nord"
    assert json.loads(nord.stdout) == [
        "/srv/nord", where, {"k": ["https://a.example"]}, True, "di nord", 7
    ]  # fmt: skip
    assert (tmp_path / where / "models").is_dir()  # where a first build prepares that of all
    sud = json.loads(command(tmp_path, "run", "sud", sys.executable, "-c", SHOWN).stdout)
    assert sud == ["/srv/sud", "var/networks/sud", {}, False, "", 7]


@pytest.mark.parametrize(
    ("words", "why"),
    [(("run", "est", "true"), "nessuna rete di nome «est»"),
     (("run", "nord", "nessun-comando"), "Non trovo il comando")],
)  # fmt: skip
def test_what_is_not_there_is_told(tmp_path: Path, words: tuple[str, ...], why: str) -> None:
    """By its name, with exit code 1."""
    done = command(tmp_path, *words)
    assert (done.returncode, why in done.stderr) == (1, True)


def test_networks_are_listed(tmp_path: Path) -> None:
    """With their addresses and folders."""
    first, _ = command(tmp_path, "list").stdout.splitlines()
    assert first.split("\t") == ["nord", "nord.example", "/srv/nord", "var/networks/nord"]


def test_every_setting_goes_through_the_environment() -> None:
    """As it came: none is lost on the way, nor one of another network left."""
    settings = Settings(
        _env_file=None, digest_to=["a@rete.example"], max_in_flight=3, llm_key="chiave",
        brand_file="marchio.toml", root_path="/nord",
    )  # type: ignore[call-arg]  # fmt: skip
    told = environment(settings, {"BUSSOLA_SUD__LLM_KEY": "altra", "HOME": "/"})
    assert "BUSSOLA_SUD__LLM_KEY" not in told
    with pytest.MonkeyPatch.context() as patch:
        for name, value in told.items():
            patch.setenv(name, value)
        again = Settings(_env_file=None)  # type: ignore[call-arg]
    assert again.model_dump() == settings.model_dump()
