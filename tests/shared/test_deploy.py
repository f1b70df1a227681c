"""What is given to run several servers is whole, and speaks of what there is."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from folders import ROOT
from prometheus_client import generate_latest

from chatbot.hosting.hosted import read_hosted
from chatbot.http import metrics
from chatbot.settings import Settings
from chatbot.shield.meter import Meter

DEPLOY = ROOT / "docs/deploy"
STATE = re.compile(r'_gauge\(\s*"(\w+)"')
OF_NETWORKS = re.compile(r'GaugeMetricFamily\(\s*"(\w+)"')
COMPOSED = (ROOT / "compose.yaml", DEPLOY / "compose.networks.yaml")
TOOLS = Path(sys.executable).parent


def known() -> set[str]:
    """The names of what `/metrics` tells, as queries write them."""
    counted = generate_latest(Meter().registry).decode()
    families = re.findall(r"^# TYPE (\w+) (\w+)", counted, re.MULTILINE)
    parts = {"histogram": ("_bucket", "_sum", "_count"), "counter": ("",)}
    names = {name + end for name, kind in families for end in parts.get(kind, ())}
    source = (ROOT / "chatbot/http/metrics.py").read_text("utf-8")
    of_networks = (ROOT / "chatbot/hosting/watch.py").read_text("utf-8")
    names |= set(OF_NETWORKS.findall(of_networks))
    return names | {f"bussola_{name}" for name in STATE.findall(source)}


def asked_for(expression: str) -> set[str]:
    return set(re.findall(r"\bbussola_\w+", expression))


def test_every_alert_and_panel_asks_for_what_is_told() -> None:
    """A name that nobody tells never alerts; each alert says why."""
    rules = yaml.safe_load((DEPLOY / "alerts.yaml").read_text("utf-8"))["groups"][0]["rules"]
    assert all(rule["annotations"]["why"] for rule in rules)
    panels = json.loads((DEPLOY / "grafana.json").read_text("utf-8"))["panels"]
    asked = [rule["expr"] for rule in rules]
    asked += [target["expr"] for panel in panels for target in panel["targets"]]
    assert len(asked) > 10
    names = set().union(*map(asked_for, asked))
    assert names - known() == set()
    assert metrics.router.routes


@pytest.mark.parametrize("file", COMPOSED, ids=lambda file: file.name)
def test_compose_passes_its_schema(file: Path) -> None:
    """That of the Compose specification."""
    words = ["--builtin-schema", "vendor.compose-spec", file]
    found = subprocess.run([TOOLS / "check-jsonschema", *words], capture_output=True, text=True,
                           timeout=600, check=False)  # fmt: skip
    assert found.returncode == 0, found.stdout


@pytest.mark.parametrize("file", COMPOSED, ids=lambda file: file.name)
def test_the_services_of_compose_are_closed_and_wait_for_each_other(file: Path) -> None:
    """Two servers, read-only and without rights, over one database, behind one proxy; every
    setting they are given exists, and every file."""
    services = yaml.safe_load(file.read_text("utf-8"))["services"]
    servers = [services[name] for name in ("first", "second")]
    for server in servers:
        assert server["read_only"]
        assert server["cap_drop"] == ["ALL"]
        assert "/api/ready" in server["healthcheck"]["test"][-1]
        for name in server["environment"]:
            assert name.removeprefix("BUSSOLA_").lower() in Settings.model_fields
    assert len({server["volumes"][0] for server in servers}) == 2
    assert services["first"]["depends_on"] == {"database": {"condition": "service_healthy"}}
    assert [name for name, one in services.items() if "ports" in one] == ["proxy"]
    shown = [volume.split(":")[0] for one in services.values() for volume in one.get("volumes", ())]
    brought = [name for name in shown if name.startswith(".")]
    assert brought
    assert all((file.parent / name).is_file() for name in brought)


@pytest.mark.parametrize("name", ["Caddyfile", "Caddyfile.networks"])
def test_the_proxy_takes_its_file(name: str, tmp_path: Path) -> None:
    """Caddy itself finds nothing wrong in it; whoever is outside asks for no figures."""
    found = subprocess.run(
        [TOOLS / "caddy", "adapt", "--validate", "--adapter", "caddyfile", "--config",
         DEPLOY / name],
        capture_output=True, text=True, timeout=600, check=False, env={"HOME": str(tmp_path)},
    )  # fmt: skip
    assert found.returncode == 0, found.stderr
    made = json.loads(found.stdout)["apps"]["http"]["servers"]["srv0"]["routes"]
    assert len(made) == (1 if name == "Caddyfile" else 2)  # sites
    for site in made:
        assert '"path": ["/metrics"]' in json.dumps(site)
        assert '"dial": "first:8000"' in json.dumps(site)
        assert '"dial": "second:8000"' in json.dumps(site)


def test_the_networks_of_compose_are_let_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is said for all that is of one network; each has the address that the proxy has."""
    server = yaml.safe_load(COMPOSED[1].read_text("utf-8"))["services"]["first"]
    for name, value in server["environment"].items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("BUSSOLA_NETWORKS", str(DEPLOY / "networks.yaml"))
    hosted = read_hosted(Settings(_env_file=None))  # type: ignore[call-arg]
    sites = (DEPLOY / "Caddyfile.networks").read_text("utf-8")
    for one in hosted:
        assert [f"https://{host}" for host in one.hosts] == [one.settings.public_address]
        assert f"{one.hosts[0]} {{" in sites
        assert f"{one.settings.guides}:ro" in " ".join(server["volumes"])
