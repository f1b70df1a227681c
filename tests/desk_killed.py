"""The server that `test_killed.py` kills: it saves and publishes by real requests without pause,
and writes down, flushed, what it was told is done."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

from fastapi.testclient import TestClient

from chatbot.http.access import FILE, Keyring
from chatbot.settings import Settings
from index.parse.header import fields_of, split_text
from server import create_app

GUIDES = ("schede/conto-di-base.md", "schede/codice-fiscale.md")
URL = "/api/admin/desk"
MARK = "Prova numero "


def work_for_ever(folder: str, told: str, go: str, turn: int) -> None:
    """Runs until killed, from when the file `go` is there. Each round saves a sentence with its
    number in two guides and publishes both together."""
    place = Path(folder)
    keyring = Keyring(place / "var" / FILE)
    token = keyring.create(f"prova {turn}", "editor")
    settings = Settings(guides=place / "guides", var=place / "var", journal_url="off",
                        _env_file=None)  # type: ignore[call-arg]  # fmt: skip
    file = os.open(told, os.O_CREAT | os.O_APPEND | os.O_WRONLY)

    def say(**words: object) -> None:
        os.write(file, f"{json.dumps(words)}\n".encode())
        os.fsync(file)

    with TestClient(create_app(settings), headers={"Authorization": f"Bearer {token}"}) as client:
        say(ready=turn)
        while not Path(go).exists():
            time.sleep(0.01)
        number = turn * 1000
        while True:
            number += 1
            draft = client.post(f"{URL}/drafts", json={"name": str(number)}).json()["id"]
            for path in GUIDES:
                slug = Path(path).stem
                text = (place / "guides" / path).read_text("utf-8").split(MARK)[0].rstrip()
                head, body = split_text(f"{text}\n\n{MARK}{number}.\n")
                sent = {"head": head, "fields": fields_of(head), "body": body, "version": 0}
                saved = client.put(f"{URL}/drafts/{draft}/guides/{slug}", json=sent)
                assert saved.status_code == 200, saved.text
                say(saved=number, draft=draft, slug=slug)
            say(publishing=number)
            done = client.post(f"{URL}/drafts/{draft}/publish", json={"reason": "prova"})
            assert done.status_code == 200, done.text
            say(published=number, draft=draft)
