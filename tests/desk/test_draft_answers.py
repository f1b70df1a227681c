"""What a draft would say before it is published: seen, asked, and tried on the suite."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from desk_drafts import GUIDE, URL, draft, opened, sentence
from fastapi.testclient import TestClient

from index.publish.published import current_id


def test_the_draft_answers_before_it_is_published(client: TestClient, folder: Path) -> None:
    """Side by side with what is published; a draft with errors tells them by file and line."""
    name, mine = draft(client), opened(folder)
    address, ask = f"{URL}/drafts/{name}/guides/conto-di-base", f"{URL}/drafts/{name}/ask"
    question = {"question": "Come si apre un conto di base?"}
    assert client.post(ask, json=question).json()["same"] is True
    first, words = "persona che soggiorna legalmente", "persona di prova che soggiorna legalmente"
    mine["body"] = mine["body"].replace("ogni " + first, "ogni " + words)
    client.put(address, json=mine)
    found = client.post(ask, json={"question": "Chi ha diritto al conto di base?"}).json()
    assert found["same"] is False
    assert words in found["draft"]["html"]
    assert words not in found["published"]["html"]
    assert client.get("/api/health").json()["snapshot"] == current_id(folder / "var")
    client.put(address, json={**mine, "body": "senza titolo", "version": 1})
    told = client.post(ask, json=question)
    assert told.status_code == 422
    assert told.json()["errors"][0]["field"].startswith(f"{GUIDE}:")


def test_the_preview_is_quick(client: TestClient, folder: Path) -> None:
    """After a keystroke, with every check and the links of all: well under a third of a second of
    work."""
    body = {key: value for key, value in opened(folder).items() if key != "version"}
    client.post(f"{URL}/preview", json={**body, "path": GUIDE})
    start = time.process_time()
    client.post(f"{URL}/preview", json={**body, "path": GUIDE})
    assert time.process_time() - start < 0.3


def _found(worse: int) -> dict[str, Any]:
    """What the command of the impact tells."""
    side = {"verdict": "right", "word": "giusta", "answer": "Conta la data. Si può <b>aprire</b>."}
    after = {"verdict": "wrong", "word": "sbagliata", "answer": "Conta la data. Non si può."}
    case = {"id": "x", "question": "Si può?", "effect": "worse", "before": side, "after": after}
    return {
        "counts": {"worse": worse, "better": 0, "changed": 0, "same": 3},
        "cases": [case] if worse else [],
        "regressions": ["il caso «x» è passato da giusto a sbagliato"] if worse else [],
        "dead": [],
    }


@pytest.mark.parametrize("worse", [0, 1])
def test_the_tests_of_a_draft(
    client: TestClient, folder: Path, monkeypatch: pytest.MonkeyPatch, worse: int
) -> None:
    """They run beside the server and are told when done; where nothing gets worse no reason is
    asked; where something does it is, and the answers are shown sentence by sentence. A change
    to the draft makes them old."""
    asked: list[str] = []

    async def measure(snapshot: str, env: Any, tell: Any) -> tuple[dict[str, Any], str]:
        asked.append(snapshot)
        tell({"done": 1, "total": 4, "found": {"cases": []}})
        return _found(worse), ""

    monkeypatch.setattr("chatbot.desk.impact.measure", measure)
    name, mine = draft(client), opened(folder)
    mine["body"] = sentence(mine["body"], "da oggi")
    address, impact = f"{URL}/drafts/{name}/guides/conto-di-base", f"{URL}/drafts/{name}/impact"
    client.put(address, json=mine)
    assert client.get(impact).json()["state"] == "none"
    assert client.post(impact).json()["state"] == "running"
    deadline = time.monotonic() + 60
    while (told := client.get(impact).json())["state"] == "running":
        assert time.monotonic() < deadline
    assert (told["state"], told["harmless"], told["counts"]["worse"]) == ("done", not worse, worse)
    assert asked[0] != current_id(folder / "var")
    page = client.get(f"{URL}/draft/{name}").text
    if worse:
        assert "<del>Si può &lt;b&gt;aprire&lt;/b&gt;.</del>" in page
        assert "<ins>Non si può.</ins>" in page
        assert client.post(f"{URL}/drafts/{name}/publish", json={}).status_code == 422
    mine["body"] += "\nUna riga.\n"
    client.put(address, json={**mine, "version": 1})
    assert client.get(impact).json()["state"] == "none"
    client.post(impact)
    while client.get(impact).json()["state"] == "running":
        assert time.monotonic() < deadline
    done = client.post(f"{URL}/drafts/{name}/publish", json={"reason": "x" if worse else ""})
    assert done.status_code == 200, done.text
