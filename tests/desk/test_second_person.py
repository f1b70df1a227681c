"""A draft on its way out: approved by another, on a day, in the guides' git repository, undone."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from signing_in import person, signed_in

from chatbot.desk.drafts import Drafts
from chatbot.desk.due_drafts import publish_due
from chatbot.desk.merging import Meeting, merged
from chatbot.desk.publications import Ground, Publisher
from chatbot.http.access import FILE, Keyring
from chatbot.library import Library
from chatbot.parts import part
from chatbot.settings import Settings
from index.parse.header import fields_of, split_text
from index.publish.snapshot import current_id
from server import create_app

GUIDE = "schede/conto-di-base.md"
URL = "/api/admin/desk"
REASON = {"reason": "norma nuova"}


@pytest.fixture
def folder(small_copy: Path) -> Path:
    return small_copy


def app_of(folder: Path, four_eyes: bool) -> Any:
    return create_app(
        Settings(
            guides=folder / "guides", var=folder / "var", reload_seconds=60, four_eyes=four_eyes,
            _env_file=None,
        )  # type: ignore[call-arg]
    )  # fmt: skip


@pytest.fixture
def client(folder: Path) -> Iterator[TestClient]:
    with TestClient(app_of(folder, four_eyes=True)) as client:
        signed_in(client, person(folder / "var"))
        yield client


def changed(
    client: TestClient, folder: Path, words: str = "da oggi", old: str = "la seconda volta"
) -> str:
    """A draft in which one sentence of one guide is another."""
    head, body = split_text((folder / "guides" / GUIDE).read_text("utf-8"))
    body = body.replace(f"Sì, {old}:", f"Sì, {words}:")
    name = str(client.post(f"{URL}/drafts", json={"name": "Novembre"}).json()["id"])
    sent = {"head": head, "fields": fields_of(head), "body": body, "version": 0}
    answer = client.put(f"{URL}/drafts/{name}/guides/conto-di-base", json=sent)
    assert answer.status_code == 200, answer.text
    return name


def version(client: TestClient, name: str) -> int:
    return part(client.app, Drafts).get(name).version  # type: ignore[arg-type]


def another(client: TestClient, folder: Path, name: str = "revisione") -> TestClient:
    """A second person, who reviews."""
    other = TestClient(client.app)
    signed_in(other, person(folder / "var", name, "reviewer"))
    return other


def test_a_draft_waits_for_a_second_person(client: TestClient, folder: Path) -> None:
    """Who wrote it neither publishes nor approves; a reviewer does, who sees that it waits. A
    change afterwards is to be read again."""
    name = changed(client, folder)
    refused = client.post(f"{URL}/drafts/{name}/publish", json=REASON)
    assert refused.status_code == 422
    assert "seconda persona" in refused.json()["detail"]
    approve = f"{URL}/drafts/{name}/approve"
    mine = client.post(approve, json={"version": version(client, name)})
    assert "l'approva un'altra persona" in mine.json()["detail"]
    reviewer = another(client, folder)
    assert "aspetta che tu la legga" in reviewer.get(f"{URL}/todo").text
    assert "Ho letto: approvo" in reviewer.get(f"{URL}/draft/{name}").text
    assert "Sì, da oggi:" in reviewer.get(f"{URL}/reading/{name}-conto-di-base").text
    old = version(client, name)
    assert reviewer.post(approve, json={"version": old}).json()["approved_by"] == ["revisione"]
    save = f"{URL}/drafts/{name}/guides/conto-di-base"
    now = client.get(save).json()
    sent = {key: now[key] for key in ("head", "fields", "version")}
    client.put(save, json={**sent, "body": now["body"] + "\nUna riga.\n"})
    assert client.post(f"{URL}/drafts/{name}/publish", json=REASON).status_code == 422
    assert reviewer.post(approve, json={"version": old}).status_code == 410
    reviewer.post(approve, json={"version": version(client, name)})
    assert client.post(f"{URL}/drafts/{name}/publish", json=REASON).status_code == 200


def test_neither_a_machine_nor_the_folder_goes_round(client: TestClient, folder: Path) -> None:
    """A code of access approves nothing and does not publish a draft alone; what skips drafts is
    not for editors."""
    name, machine = changed(client, folder), TestClient(client.app)
    token = Keyring(folder / "var" / FILE).create("macchina", "editor")
    machine.headers["Authorization"] = f"Bearer {token}"
    body = {"version": version(client, name)}
    assert machine.post(f"{URL}/drafts/{name}/approve", json=body).status_code == 403
    assert machine.post(f"{URL}/drafts/{name}/publish", json=REASON).status_code == 422
    for path, sent in (("reindex", {}), ("publish", {"snapshot": current_id(folder / "var")})):
        assert client.post(f"/api/admin/{path}", json=sent).status_code == 403
    assert another(client, folder).post(f"{URL}/drafts/{name}/publish", json=REASON).is_success


def test_who_reads_alone_may_publish_where_one_is_enough(folder: Path) -> None:
    """Without the setting nobody is asked for a second person."""
    with TestClient(app_of(folder, four_eyes=False)) as client:
        signed_in(client, person(folder / "var"))
        name = changed(client, folder)
        assert client.post(f"{URL}/drafts/{name}/publish", json=REASON).status_code == 200


def test_an_operator_reads_a_draft_and_changes_nothing(client: TestClient, folder: Path) -> None:
    """The link for colleagues opens the draft and asks it; nothing else."""
    name, operator = changed(client, folder), TestClient(client.app)
    signed_in(operator, person(folder / "var", "sportello", "operator"))
    assert "Sì, da oggi:" in operator.get(f"{URL}/reading/{name}-conto-di-base").text
    assert operator.get(f"{URL}/draft/{name}").status_code == 200
    asked = operator.post(f"{URL}/drafts/{name}/ask", json={"question": "Si apre un conto?"})
    assert asked.status_code == 200
    assert operator.get(f"{URL}/todo").status_code == 403
    for path in ("publish", "approve", "impact"):
        sent = {"version": 1, "reason": "x"}
        assert operator.post(f"{URL}/drafts/{name}/{path}", json=sent).status_code == 403
    assert operator.delete(f"{URL}/drafts/{name}").status_code == 403


def test_publication_on_a_day(client: TestClient, folder: Path) -> None:
    """Nothing before; on the day as whoever chose it wanted. A draft that changed meanwhile is
    not published by itself, and says why."""
    library = part(client.app, Library)  # type: ignore[arg-type]
    drafts, publisher = part(client.app, Drafts), part(client.app, Publisher)  # type: ignore[arg-type]
    today, reviewer = library.network.today(), another(client, folder)
    tomorrow = today + timedelta(days=1)

    def ground() -> Ground:
        return Ground(library.bot.encoder, library.snapshot)

    path, name = folder / "guides" / GUIDE, changed(client, folder)
    address = f"{URL}/drafts/{name}/schedule"
    late = reviewer.put(address, json={"day": str(today), **REASON})
    assert late.status_code == 422
    told = reviewer.put(address, json={"day": str(tomorrow), **REASON}).json()
    assert told["day"] == str(tomorrow)
    assert "Si pubblica da sola" in client.get(f"{URL}/draft/{name}").text
    assert publish_due(drafts, publisher, ground, today) == []
    assert publish_due(drafts, publisher, ground, tomorrow) == [name]
    assert "Sì, da oggi:" in path.read_text("utf-8")
    (done,) = publisher.all()
    assert (done.by, done.reason, done.role) == ("revisione", "norma nuova", "revisione")

    path.write_text(path.read_text("utf-8").replace("Sì, da oggi:", "Sì, la seconda volta:"))
    library.refresh()
    again = changed(client, folder, "da domani")
    reviewer.put(f"{URL}/drafts/{again}/schedule", json={"day": str(tomorrow), **REASON})
    client.post(f"{URL}/drafts/{again}/guides", json={"title": "Altro"})
    assert publish_due(drafts, publisher, ground, tomorrow) == []
    assert "cambiata dopo" in client.get(f"{URL}/draft/{again}").text
    assert "Sì, da domani:" not in path.read_text("utf-8")


def git(folder: Path, *words: str) -> str:
    names = {f"GIT_{who}_{what}": "cartella@localhost" for who in ("AUTHOR", "COMMITTER")
             for what in ("NAME", "EMAIL")}  # fmt: skip
    done = subprocess.run(
        ["git", *words], cwd=folder, env={"HOME": str(folder), "PATH": "/usr/bin:/bin", **names},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout


@pytest.fixture
def repository(folder: Path) -> Path:
    """The guides as a folder of a git repository that holds other things too."""
    git(folder, "init", "-q", "-b", "main")
    (folder / ".gitignore").write_text("/var\n")
    (folder / "altro.txt").write_text("uno\n")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "Le guide")
    return folder


def test_every_publication_is_a_commit(repository: Path) -> None:
    """Of its files alone, in the name of the role; what somebody else had staged or changed is as
    it was; an undoing is another commit, and git finds nothing to say of these files."""
    with TestClient(app_of(repository, four_eyes=False)) as client:
        signed_in(client, person(repository / "var", "una persona"))
        (repository / "altro.txt").write_text("due\n")
        git(repository, "add", "altro.txt")
        name = changed(client, repository)
        done = client.post(f"{URL}/drafts/{name}/publish", json=REASON).json()
        assert done["not_committed"] == ""
        shown = git(repository, "show", "--stat", "--format=%an <%ae>%n%B", "HEAD")
        assert shown.startswith("redazione <redazione@localhost>\nNovembre\n\nnorma nuova\n")
        assert f"guides/{GUIDE} | 2" in shown
        assert "1 file changed" in shown
        assert "una persona" not in git(repository, "log", "--format=full")
        assert git(repository, "status", "--short") == "M  altro.txt\n"
        assert git(repository, "fsck", "--strict") == ""
        client.post(f"{URL}/publications/{done['publication']}/undo", json={})
        assert "Annullata: Novembre" in git(repository, "log", "-1", "--format=%s")
        assert git(repository, "diff", "HEAD~2", "HEAD") == ""
        page = client.get(f"{URL}/publication/{done['publication']}").text
        assert git(repository, "rev-parse", "HEAD~1")[:12] in page


def test_what_others_change_is_kept_in_the_history(repository: Path) -> None:
    """What somebody changed in the same file and did not commit is a commit of its own; a branch
    that moved meanwhile is built upon; a new guide is added, and taken away again."""
    path = repository / "guides" / GUIDE
    with TestClient(app_of(repository, four_eyes=False)) as client:
        signed_in(client, person(repository / "var"))
        path.write_text(path.read_text("utf-8").replace("Prima dell'appuntamento", "Prima"))
        name = changed(client, repository)
        (repository / "altro.txt").write_text("tre\n")
        git(repository, "commit", "-qm", "Altro", "altro.txt")
        client.post(f"{URL}/drafts/{name}/publish", json=REASON)
        subjects = git(repository, "log", "--format=%s").splitlines()
        assert subjects[:3] == [
            "Novembre", "Modifiche fatte nella cartella, fuori dalla redazione", "Altro"
        ]  # fmt: skip
        assert "Prima dell'appuntamento" in git(repository, "show", "HEAD~1")
        assert git(repository, "status", "--short") == ""
        draft = client.post(f"{URL}/drafts", json={}).json()["id"]
        client.post(f"{URL}/drafts/{draft}/guides", json={"title": "Lo SPID"})
        done = client.post(f"{URL}/drafts/{draft}/publish", json=REASON).json()
        assert "guides/schede/lo-spid.md" in git(repository, "ls-files")
        client.post(f"{URL}/publications/{done['publication']}/undo", json={})
        assert "lo-spid" not in git(repository, "ls-files")
        assert git(repository, "status", "--short") == ""


def test_a_repository_that_is_locked_is_told(repository: Path) -> None:
    """The publication is done; the page says that git does not have it, and the next one of that
    file brings it along."""
    with TestClient(app_of(repository, four_eyes=False)) as client:
        signed_in(client, person(repository / "var"))
        lock = repository / ".git/refs/heads/main.lock"
        lock.write_text("")
        done = client.post(
            f"{URL}/drafts/{changed(client, repository)}/publish", json=REASON
        ).json()
        assert "git" in done["not_committed"]
        page = client.get(f"{URL}/publication/{done['publication']}").text
        assert "Non è nella storia di git" in page
        lock.unlink()
        draft = changed(client, repository, "da domani", "da oggi")
        told = client.post(f"{URL}/drafts/{draft}/publish", json=REASON).json()
        assert told["not_committed"] == ""
        assert "Sì, da domani:" in git(repository, "show", f"HEAD:guides/{GUIDE}")
        assert "Sì, da oggi:" in git(repository, "show", f"HEAD~1:guides/{GUIDE}")


def test_changes_that_do_not_meet_are_merged(client: TestClient, folder: Path) -> None:
    """What was changed in the folder comes into the draft with one click; the text before it is
    kept aside. Where both changed one line, that line is told and nothing moves."""
    path, name = folder / "guides" / GUIDE, changed(client, folder)
    address = f"{URL}/drafts/{name}/guides/conto-di-base"
    path.write_text(path.read_text("utf-8").replace("Prima dell'appuntamento", "Prima"), "utf-8")
    assert "Unisci le due modifiche" in client.get(f"{URL}/draft/{name}").text
    assert client.post(f"{address}/merge").status_code == 200
    now = client.get(address).json()
    assert "Sì, da oggi:" in now["body"]
    assert "Prima dell'appuntamento" not in now["body"]
    assert len(now["aside"]) == 1
    other = another(client, folder)
    assert other.post(f"{URL}/drafts/{name}/publish", json=REASON).status_code == 200

    second = changed(client, folder, "x")
    text = path.read_text("utf-8")
    clash = f"{URL}/drafts/{second}/guides/conto-di-base"
    body = client.get(clash).json()
    sent = {key: body[key] for key in ("head", "fields", "version")}
    mine = body["body"].replace("Sì, da oggi:", "Sì, da ieri:")
    client.put(clash, json={**sent, "body": mine})
    path.write_text(text.replace("Sì, da oggi:", "Sì, mai:"), "utf-8")
    told = client.post(f"{clash}/merge")
    assert told.status_code == 409
    assert "«Sì, mai: chi" in told.json()["detail"]


@pytest.mark.parametrize(
    ("mine", "theirs", "both"),
    [("A\nb\nc\n", "a\nb\nC\n", "A\nb\nC\n"), ("a\nb\nc\n", "a\nb\n", "a\nb\n"),
     ("A\nb\nc\n", "A\nb\nc\n", "A\nb\nc\n"), ("a\nb\nc\nd\n", "z\na\nb\nc\n", "z\na\nb\nc\nd\n")],
)  # fmt: skip
def test_merging_line_by_line(mine: str, theirs: str, both: str) -> None:
    assert merged("a\nb\nc\n", mine, theirs) == both


def test_changes_that_meet_are_told() -> None:
    with pytest.raises(Meeting, match="«X"):
        merged("a\nb\nc\n", "a\nX\nc\n", "a\nY\nc\n")
