"""What is given to run several servers is whole, and speaks of what there is."""

from __future__ import annotations

import json
import re

import yaml
from folders import ROOT
from prometheus_client import generate_latest

from chatbot.http import metrics
from chatbot.settings import Settings
from chatbot.shield.meter import Meter

DEPLOY = ROOT / "docs/deploy"
STATE = re.compile(r'_gauge\(\s*"(\w+)"')


def known() -> set[str]:
    """The names of what `/metrics` tells, as queries write them."""
    counted = generate_latest(Meter().registry).decode()
    families = re.findall(r"^# TYPE (\w+) (\w+)", counted, re.MULTILINE)
    parts = {"histogram": ("_bucket", "_sum", "_count"), "counter": ("",)}
    names = {name + end for name, kind in families for end in parts.get(kind, ())}
    source = (ROOT / "chatbot/http/metrics.py").read_text("utf-8")
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


def test_the_services_of_compose_are_closed_and_wait_for_each_other() -> None:
    """Two servers, read-only and without rights, over one database, behind one proxy; every
    setting they are given exists."""
    services = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))["services"]
    servers = [services[name] for name in ("first", "second")]
    for server in servers:
        assert server["read_only"]
        assert server["cap_drop"] == ["ALL"]
        assert "/api/ready" in server["healthcheck"]["test"][-1]
        for name in server["environment"]:
            assert name.removeprefix("BUSSOLA_").lower() in Settings.model_fields
    assert len({server["volumes"][0] for server in servers}) == 2
    assert services["first"]["depends_on"] == {"database": {"condition": "service_healthy"}}
    proxy = (DEPLOY / "Caddyfile").read_text("utf-8")
    assert "reverse_proxy first:8000 second:8000" in proxy
    assert "handle /metrics" in proxy
    assert [name for name, one in services.items() if "ports" in one] == ["proxy"]
