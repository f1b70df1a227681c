"""What a network's own model gives, in one command: `benchmark people --point`."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from folders import MADE
from pytest_httpserver import HTTPServer
from typer.testing import CliRunner
from werkzeug import Request, Response

from eval.bussola import app

WORDS = "La banca non può rifiutarlo solo perché"
ITEM = {
    "id": "uno", "turns": ["Un richiedente asilo può aprire un conto di base?"], "lang": "it",
    "outcome": "answer", "parts": [{"gold": ["conto-di-base#chi"], "must": [[WORDS]]}],
}  # fmt: skip


@pytest.fixture
def collection(tmp_path: Path, published: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One question, whose best sentence the reader does not choose."""
    monkeypatch.setenv("BUSSOLA_VAR", str(published))
    monkeypatch.setenv("BUSSOLA_GUIDES", str(MADE))
    file = tmp_path / "una.jsonl"
    file.write_text(json.dumps(ITEM) + "\n", encoding="utf-8")
    return file


def people(*arguments: str | Path) -> tuple[int, str]:
    words = ["eval", "benchmark", "people", "--json", "--collection", *map(str, arguments)]
    done = CliRunner().invoke(app, words)
    return done.exit_code, done.output


def test_a_model_that_points_changes_the_figures(
    collection: Path, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Right with it, not without it: the same question, the same guides."""

    def point(request: Request) -> Response:
        prompt = json.loads(request.data)["messages"][0]["content"]
        (number,) = re.findall(rf"^(\d+)\. .*{WORDS}", prompt, re.M)
        return Response(json.dumps({"choices": [{"message": {"content": number}}]}))

    httpserver.expect_request("/v1/chat/completions").respond_with_handler(point)
    monkeypatch.setenv("BUSSOLA_LLM_ADDRESS", httpserver.url_for("/v1"))
    monkeypatch.setenv("BUSSOLA_LLM_MODEL", "piccolo")
    told = []
    for arguments in ([collection], [collection, "--point"]):
        code, output = people(*arguments)
        assert code == 0, output
        told.append(json.loads(output[output.index("{") :]))
    assert [figures["answerable"]["right"] for figures in told] == [0.0, 1.0]
    assert [figures.get("model") for figures in told] == [None, {"name": "piccolo", "pointed": 1}]


def test_a_model_that_never_replies_is_told(
    collection: Path, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its figures would be those without it; exit code 1."""
    httpserver.expect_request("/v1/chat/completions").respond_with_data("", status=503)
    monkeypatch.setenv("BUSSOLA_LLM_ADDRESS", httpserver.url_for("/v1"))
    monkeypatch.setenv("BUSSOLA_LLM_MODEL", "piccolo")
    code, output = people(collection, "--point")
    assert code == 1
    assert "BUSSOLA_LLM_SECONDS" in output


def test_without_a_model_it_is_told(collection: Path) -> None:
    """Which settings are missing; exit code 1."""
    code, output = people(collection, "--point")
    assert code == 1
    assert "BUSSOLA_LLM_ADDRESS" in output
