"""What is published from guides in a git repository: a commit of its own, and of nothing else."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from desk_drafts import GUIDE, REASON, URL, app_of, changed
from fastapi.testclient import TestClient
from signing_in import person, signed_in


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
