"""Drafts through their routes: two editors on one guide, what is asked, published and undone."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from chatbot.desk.drafts import Drafts
from chatbot.desk.publications import Publisher
from chatbot.http.access import FILE, Keyring
from chatbot.parts import part
from index.parse.header import fields_of, split_text
from index.publish.published import current_id

GUIDE = "schede/conto-di-base.md"
URL = "/api/admin/desk"


def other(folder: Path) -> dict[str, str]:
    """Headers of a second editor."""
    return {"Authorization": f"Bearer {Keyring(folder / 'var' / FILE).create('collega', 'editor')}"}


def opened(folder: Path) -> dict[str, Any]:
    """A guide as the editor sends it when nothing was changed yet."""
    head, body = split_text((folder / "guides" / GUIDE).read_text("utf-8"))
    return {"head": head, "fields": fields_of(head), "body": body, "version": 0}


def draft(client: TestClient) -> str:
    return str(client.post(f"{URL}/drafts", json={"name": "Novembre"}).json()["id"])


def sentence(body: str, words: str) -> str:
    return body.replace("Sì, la seconda volta:", f"Sì, {words}:")


def test_a_sentence_is_corrected_published_and_undone(client: TestClient, folder: Path) -> None:
    """Only that sentence of the file changes; it is served at once, with who and why in the
    history; undone, the file has the bytes it had."""
    before, path = current_id(folder / "var"), folder / "guides" / GUIDE
    old, mine, name = path.read_text("utf-8"), opened(folder), draft(client)
    mine["body"] = sentence(mine["body"], "da oggi")
    saved = client.put(f"{URL}/drafts/{name}/guides/conto-di-base", json=mine)
    assert saved.json() == {"draft": name, "version": 1, "outside": False}
    assert path.read_text("utf-8") == old
    changes = client.post(f"{URL}/drafts/{name}/changes").json()
    assert [c["kind"] for c in changes["changes"]] == ["changed"]
    page = client.get(f"{URL}/draft/{name}").text
    assert "<del>Sì, la seconda volta:" in page
    assert "<ins>Sì, da oggi:" in page

    refused = client.post(f"{URL}/drafts/{name}/publish", json={"reason": " "})
    assert refused.status_code == 422
    assert "scrivi perché" in refused.json()["detail"]
    done = client.post(f"{URL}/drafts/{name}/publish", json={"reason": "norma nuova"}).json()
    assert path.read_text("utf-8") == old.replace("la seconda volta", "da oggi")
    assert client.get("/api/health").json()["snapshot"] == done["snapshot"] != before
    history = client.get(f"{URL}/history").text
    assert "Novembre" in history
    assert "norma nuova" in history
    assert "<ins>Sì, da oggi:" in client.get(f"{URL}/publication/{done['publication']}").text
    again = client.put(f"{URL}/drafts/{name}/guides/conto-di-base", json=mine)
    assert again.status_code == 410

    undone = client.post(f"{URL}/publications/{done['publication']}/undo", json={}).json()
    assert path.read_text("utf-8") == old
    assert client.get("/api/health").json()["snapshot"] == undone["snapshot"]
    assert ">annullata<" in client.get(f"{URL}/history?guida=conto-di-base").text
    twice = client.post(f"{URL}/publications/{done['publication']}/undo", json={})
    assert twice.status_code == 409


def test_two_editors_on_one_guide(client: TestClient, folder: Path) -> None:
    """The second to save is told who was first, and no text is lost, whichever is kept."""
    name, address = draft(client), f"{URL}/drafts/{{}}/guides/conto-di-base"
    address = address.format(name)
    first, second, carlo = opened(folder), opened(folder), other(folder)
    first["body"] += "\nScritto da redattrice.\n"
    second["body"] += "\nScritto da collega.\n"
    assert client.put(address, json=first).json()["version"] == 1
    refused = client.put(address, json=second, headers=carlo)
    assert refused.status_code == 409
    assert "redattrice ha salvato questa guida" in refused.json()["detail"]
    client.put(address, json=second, headers=carlo)  # a browser that tries again
    now = client.get(address).json()
    assert now["body"].endswith("Scritto da redattrice.\n")
    assert [a["by"] for a in now["aside"]] == ["collega"]

    over = client.put(address, json={**second, "version": 1, "over": True}, headers=carlo)
    assert over.json()["version"] == 2
    kept = client.get(address).json()
    assert kept["body"].endswith("Scritto da collega.\n")
    assert any("Scritto da redattrice." in aside["text"] for aside in kept["aside"])
    assert client.put(address, json={**first, "version": 2}).json()["version"] == 3


def test_a_change_in_the_folder_is_never_overwritten(client: TestClient, folder: Path) -> None:
    """Whoever edits the files and who writes in the page are told of each other."""
    path, name, mine = folder / "guides" / GUIDE, draft(client), opened(folder)
    mine["body"] = sentence(mine["body"], "da oggi")
    address = f"{URL}/drafts/{name}/guides/conto-di-base"
    client.put(address, json=mine)
    path.write_text(path.read_text("utf-8").replace("Prima dell'appuntamento", "Prima"), "utf-8")
    outside = path.read_bytes()
    body = {"reason": "norma nuova"}
    refused = client.post(f"{URL}/drafts/{name}/publish", json=body)
    assert refused.status_code == 409
    assert GUIDE in refused.json()["detail"]
    assert path.read_bytes() == outside
    page = client.get(f"{URL}/guide/conto-di-base?bozza={name}").text
    assert "qualcuno ha cambiato questo file" in page
    assert client.put(address, json={**mine, "version": 1}).json()["outside"] is True
    client.post(f"{address}/restart")
    assert client.post(f"{URL}/drafts/{name}/publish", json=body).status_code == 200
    assert "Sì, da oggi:" in path.read_text("utf-8")


def test_a_file_changed_between_opening_and_the_first_save(
    client: TestClient, folder: Path
) -> None:
    """The text is kept, and the draft knows that it began from another file."""
    path, name, mine = folder / "guides" / GUIDE, draft(client), opened(folder)
    digest = client.get(f"{URL}/guide/conto-di-base").text.split('data-digest="')[1][:64]
    path.write_text(path.read_text("utf-8") + "\nUna riga in più.\n", "utf-8")
    mine |= {"body": mine["body"] + "\nMia.\n", "digest": digest}
    saved = client.put(f"{URL}/drafts/{name}/guides/conto-di-base", json=mine).json()
    assert saved["outside"] is True
    done = client.post(f"{URL}/drafts/{name}/publish", json={"reason": "x"})
    assert done.status_code == 409


def test_a_new_guide_for_questions(client: TestClient, folder: Path) -> None:
    """It begins with the questions as asked, is told what it lacks, and is published in its
    folder; undone, it is gone."""
    name = draft(client)
    body = {"title": "Lo SPID: «come» si fa?", "questions": ['Dove si fa lo "SPID"?', "spid\x07 -"]}
    made = client.post(f"{URL}/drafts/{name}/guides", json=body).json()
    (guide,) = made["guides"]
    assert (guide["slug"], guide["path"]) == ("lo-spid-come-si-fa", "schede/lo-spid-come-si-fa.md")
    assert client.post(f"{URL}/drafts/{name}/guides", json=body).status_code == 422
    text = client.get(f"{URL}/drafts/{name}/guides/lo-spid-come-si-fa").json()
    assert text["fields"]["domande"] == {"risposta": ['Dove si fa lo "SPID"?', "spid -"]}
    assert text["fields"]["titolo"] == "Lo SPID: «come» si fa"
    done = client.post(f"{URL}/drafts/{name}/publish", json={"reason": "serve"})
    assert done.status_code == 200, done.text
    path = folder / "guides" / guide["path"]
    assert path.is_file()
    client.post(f"{URL}/publications/{done.json()['publication']}/undo", json={})
    assert not path.exists()


@pytest.mark.parametrize("kind", ["scheda", "copione", "servizio", "emergenza"])
def test_every_model_has_no_error(client: TestClient, kind: str) -> None:
    """What an editor begins from can be built as it is."""
    name = draft(client)
    body = {"title": "Una prova", "kind": kind}
    assert client.post(f"{URL}/drafts/{name}/guides", json=body).status_code == 200
    guide = client.get(f"{URL}/drafts/{name}/guides/una-prova").json()
    sent = {key: guide[key] for key in ("head", "fields", "body")}
    found = client.post(f"{URL}/preview", json=sent).json()["findings"]
    assert [f for f in found if f["severity"] == "error"] == []
    assert client.post(f"{URL}/drafts/{name}/changes").status_code == 200


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


@pytest.mark.parametrize(
    ("method", "path"),
    [("PUT", "drafts/{}/guides/x"), ("DELETE", "drafts/{}"), ("POST", "drafts/{}/publish"),
     ("POST", "drafts/{}/ask"), ("POST", "drafts"), ("GET", "todo"), ("GET", "guides"),
     ("GET", "guide/conto-di-base"), ("GET", "history"), ("GET", "services.csv"),
     ("POST", "publications/x/undo"), ("POST", "preview"), ("GET", "draft/{}"),
     ("PUT", "drafts/{}/name"), ("POST", "drafts/{}/guides/x/rename"),
     ("POST", "drafts/{}/guides/x/remove")],
)  # fmt: skip
def test_nothing_opens_without_a_code(client: TestClient, method: str, path: str) -> None:
    """Nor with a body that is wrong, which would tell what is right."""
    url = f"{URL}/{path.format(draft(client))}"
    assert client.request(method, url, headers={"Authorization": ""}).status_code == 401


def test_hostile_names_lead_nowhere(client: TestClient, folder: Path) -> None:
    """Neither a draft nor a guide is a way to another file; what is written stays text."""
    name = draft(client)
    for which in ("..%2f..%2ftokens", "0" * 15, "zzzzzzzzzzzzzzzz"):
        assert client.get(f"{URL}/drafts/{which}/guides/x").status_code in (404, 422)
        assert client.get(f"{URL}/draft/{which}").status_code in (404, 422)
    body = {**opened(folder), "head": ""}
    assert client.put(f"{URL}/drafts/{name}/guides/non-esiste", json=body).status_code == 404
    made = client.post(
        f"{URL}/drafts/{name}/guides", json={"title": "../../<script>alert(1)</script>"}
    ).json()
    assert made["guides"][0]["path"].startswith("schede/script-alert-1-script")
    bad = "<script>alert(1)</script>\n</textarea><img src=x onerror=alert(1)>"
    sent = {"body": bad, "version": 1}
    slug = made["guides"][0]["slug"]
    assert client.put(f"{URL}/drafts/{name}/guides/{slug}", json=sent).status_code == 200
    for page in (f"guide/{slug}?bozza={name}", f"draft/{name}", "drafts-list", "todo"):
        html = client.get(f"{URL}/{page}").text
        assert "<script>alert" not in html
        assert "<img src=x" not in html


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
