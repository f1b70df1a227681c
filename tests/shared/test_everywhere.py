"""A publication is seen on every server, by each once and for good."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from pathlib import Path

import pytest
from asking import Asking, figures
from reporting import FIGURES
from several import a_server, built, until
from small import small_folder

from chatbot.http.access import FILE as TOKENS
from chatbot.http.access import Keyring
from chatbot.shared.cabinet import Cabinet, open_shared
from chatbot.shared.document import Document
from index.parse.header import fields_of, split_text

DESK = "/api/admin/desk"
GUIDE = Path("schede/conto-di-base.md")
NEW = "Chi arriva da un altro sportello trova la stessa risposta."
FREE = "1000000 per minute"


@pytest.mark.timeout(3600)
@pytest.mark.usefixtures("made")
def test_three_servers_serve_what_one_publishes(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    record_property: Callable[[str, str], None],
) -> None:  # fmt: skip
    """While all three are asked without a pause: every question is answered, from the edition
    before and then from the new one, and none goes back. How long it takes is told by
    `bussola eval benchmark editions`."""
    for rate in ("ASK", "GLOBAL", "CONVERSATION"):
        monkeypatch.setenv(f"BUSSOLA_{rate}_RATE", FREE)
    guides = small_folder(tmp_path / "guide")
    built(guides, tmp_path / "1")
    engine = open_shared(database)
    token = Keyring(Document(Cabinet(Path(), engine).drawer(), TOKENS)).create("mano", "editor")
    engine.dispose()
    bearer = {"Authorization": f"Bearer {token}"}
    with (
        a_server(tmp_path / "1", guides, database) as first,
        a_server(tmp_path / "2", guides, database) as second,
        a_server(tmp_path / "3", guides, database) as third,
        Asking([str(one.client.base_url) for one in (first, second, third)]) as asking,
    ):
        old = first.health()["snapshot"]
        draft = first.client.post(f"{DESK}/drafts", json={"name": "A"}, headers=bearer).json()
        where = f"{DESK}/drafts/{draft['id']}"
        head, body = split_text(f"{(guides / GUIDE).read_text('utf-8').rstrip()}\n\n{NEW}\n")
        sent = {"head": head, "fields": fields_of(head), "body": body, "version": 0}
        saved = first.client.put(f"{where}/guides/{GUIDE.stem}", json=sent, headers=bearer)
        assert saved.status_code == 200, saved.text
        until(lambda: asking.rounds > 1)
        done = first.client.post(f"{where}/publish", json={"reason": "prova"}, headers=bearer)
        assert done.status_code == 200, done.text
        new = first.health()["snapshot"]
        assert new != old
        for server in (second, third):
            until(lambda server=server: server.health()["snapshot"] == new)
            assert NEW in (server.var / "guides" / GUIDE).read_text("utf-8")
        rounds = asking.rounds
        until(lambda: asking.rounds > rounds + 1)
    record_property(FIGURES, f"1 publication, {figures([asking])}")
    assert set(asking.statuses) == {200}
    for seen in asking.seen.values():
        assert [snapshot for snapshot, _ in groupby(seen)] == [old, new]
