"""A publication that does not come to its end: settled at the next start, or not begun."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from desk_drafts import GUIDE, URL, draft, opened, sentence
from fastapi.testclient import TestClient

from chatbot.desk.drafts import Drafts
from chatbot.desk.publications import Publisher
from chatbot.parts import part
from index.publish.published import current_id


def test_what_is_left_half_done_is_settled(
    client: TestClient, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the server dies after the files and before the snapshot, the next start takes the
    files back and the draft is open; where it dies after the snapshot, it is finished."""
    path, name, mine = folder / "guides" / GUIDE, draft(client), opened(folder)
    old = path.read_bytes()
    mine["body"] = sentence(mine["body"], "da oggi")
    client.put(f"{URL}/drafts/{name}/guides/conto-di-base", json=mine)
    drafts = Drafts(folder / "var")
    publisher = Publisher(folder / "guides", folder / "var", drafts)

    class Died(BaseException):
        pass

    def die(*_: object, **__: object) -> None:
        raise Died

    ground = _ground(client)
    with monkeypatch.context() as patched:
        patched.setattr("chatbot.desk.press.publish", die)
        with pytest.raises(Died):
            publisher.publish(drafts.get(name), "redattrice", "x", ground)
    assert path.read_bytes() != old
    publisher.recover()
    assert path.read_bytes() == old
    assert drafts.get(name).state == "open"
    assert publisher.all() == []

    with monkeypatch.context() as patched:
        patched.setattr(Publisher, "_write", _once(Publisher._write, die))
        with pytest.raises(Died):
            publisher.publish(drafts.get(name), "redattrice", "x", ground)
    publisher.recover()
    (done,) = publisher.all()
    assert current_id(folder / "var") == done.snapshot
    assert drafts.get(name).state == "published"


def _once(write: Any, then: Any) -> Any:
    """`write` the first time, `then` from the second."""
    calls: list[int] = []

    def written(*given: Any) -> Any:
        calls.append(1)
        return write(*given) if len(calls) == 1 else then()

    return written


def _ground(client: TestClient) -> Any:
    from chatbot.desk.publications import Ground
    from chatbot.library import Library

    library = part(client.app, Library)  # type: ignore[arg-type]
    return Ground(library.bot.encoder, library.snapshot)


def test_a_folder_that_cannot_be_written(
    client: TestClient, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """503, nothing is published, the draft stays open."""
    name, mine, before = draft(client), opened(folder), current_id(folder / "var")
    mine["body"] = sentence(mine["body"], "da oggi")
    client.put(f"{URL}/drafts/{name}/guides/conto-di-base", json=mine)

    def refuse(path: Path, text: str | None) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("chatbot.desk.publications.put", refuse)
    told = client.post(f"{URL}/drafts/{name}/publish", json={"reason": "x"})
    assert told.status_code == 503
    assert current_id(folder / "var") == before
    assert Drafts(folder / "var").get(name).state == "open"
