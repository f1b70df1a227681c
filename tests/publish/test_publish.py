"""`make publish` and the desk's impact, as an editor meets them: a real refusal."""

from __future__ import annotations

import getpass
import os
import subprocess
import sys
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from folders import ROOT
from small import copy_of, edit

from chatbot.http.access import FILE, Keyring
from chatbot.settings import Settings
from index.encode.encoder import Encoder
from index.publish.build import build
from index.publish.manifest import is_draft
from index.publish.published import current_id
from index.publish.snapshot import load
from server import create_app

CASES = """tema: denaro
casi:
  - id: conto-per-chi-chiede-asilo
    domande: "Un richiedente asilo può aprire un conto di base?"
    esito: risposta
    passaggi: {"conto-di-base#aprire-un-conto-di-base": 3}
    fatti: [[anche senza residenza]]
    gravita: media
    autore: redazione
    data: 2026-11-23
    perche: La prima frase della guida.
"""
WORDS = "si può"
SENTENCE = (
    f"Sì, {WORDS}: chi soggiorna legalmente apre un conto di base anche senza residenza "
    "e anche se è richiedente asilo."
)


@pytest.fixture(scope="module")
def folder(
    small_built: Path, encoder_of_all: Encoder, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Guides published, then a sentence that a case stands on taken away."""
    folder = copy_of(small_built, tmp_path_factory.mktemp("publish") / "copy")
    guides = folder / "guides"
    edit(guides, WORDS)
    build(guides, folder / "var", encoder_of_all)
    (folder / "cases").mkdir()
    (folder / "cases/denaro.yaml").write_text(CASES, encoding="utf-8")
    path = guides / "schede/conto-di-base.md"
    text = path.read_text("utf-8")
    assert text.count(SENTENCE) == 1
    path.write_text(text.replace(SENTENCE, "Il conto di base costa poco."), encoding="utf-8")
    return folder


def environment(folder: Path) -> dict[str, str]:
    names = {"GUIDES": "guides", "VAR": "var", "CASES": "cases"}
    return {f"BUSSOLA_{name}": str(folder / place) for name, place in names.items()}


def make_publish(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    here = f"BIN={Path(sys.executable).parent}"  # and -o: nothing is installed by a test
    return subprocess.run(
        ["make", "-o", ".venv/.run", here, "publish", *words], cwd=ROOT, capture_output=True,
        text=True, env=os.environ | environment(folder), timeout=500,
    )  # fmt: skip


def test_the_desk_tells_what_a_draft_would_break(folder: Path) -> None:
    """The server runs the suite as a process of its own; both answers come back."""
    token = Keyring(folder / "var" / FILE).create("redazione", "editor")
    places = {name: folder / name for name in ("guides", "var", "cases")}
    with TestClient(create_app(Settings(**places, reload_seconds=60))) as client:  # type: ignore[arg-type]
        client.headers["Authorization"] = f"Bearer {token}"
        draft = client.post("/api/admin/draft").json()["snapshot"]
        told = client.post("/api/admin/impact", json={"snapshot": draft}).json()
    assert told["counts"] == {"worse": 1, "better": 0, "changed": 0, "same": 0}
    (case,) = told["cases"]
    assert SENTENCE in case["before"]["answer"]
    assert SENTENCE not in case["after"]["answer"]
    assert any("«conto-per-chi-chiede-asilo»" in line for line in told["regressions"])


def test_make_publish_refuses_names_the_case_and_can_be_forced(folder: Path) -> None:
    """A case that passed and would fail stops the publication and is named; FORCE publishes all
    the same, and the manifest keeps who and why."""
    var = folder / "var"
    published = current_id(var)
    refused = make_publish(folder)
    assert refused.returncode != 0
    assert "«conto-per-chi-chiede-asilo»" in refused.stdout
    assert "Non pubblico la bozza" in refused.stderr
    assert current_id(var) == published
    forced = make_publish(folder, "FORCE=la norma è cambiata")
    assert forced.returncode == 0, forced.stderr
    current = current_id(var)
    assert current not in (None, published)
    assert not is_draft(var, str(current))
    (note,) = load(var, str(current)).manifest["publications"]
    assert (note["by"], note["why"]) == (getpass.getuser(), "la norma è cambiata")
