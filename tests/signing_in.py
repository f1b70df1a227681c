"""People for the tests: one who is there already, and who has signed in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from chatbot.desk.people import FILE, People, Role

PASSPHRASE = "cavallo batteria graffetta giusta"


def person(var: Path, name: str = "redazione", role: Role = "editor") -> str:
    """Somebody of this name, with PASSPHRASE; the name."""
    people = People(var / FILE)
    people.accept(people.invite(role, "prove"), name, PASSPHRASE)
    return name


def signed_in(client: TestClient, name: str) -> dict[str, Any]:
    """`client` with the session of `name`, whose word goes with every request."""
    body = {"name": name, "passphrase": PASSPHRASE}
    answer = client.post("/api/admin/session", json=body)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    client.headers["X-CSRF-Token"] = told["word"]
    return told
