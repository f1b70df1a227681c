"""People: invited by a link, with a name and a passphrase of their own, a role, and sessions."""

from __future__ import annotations

import json
import re
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from fastapi import FastAPI
from fastapi.testclient import TestClient
from signing_in import PASSPHRASE, person, signed_in
from signing_in import SESSION as URL
from typer.testing import CliRunner

from chatbot.__main__ import app as command_line
from chatbot.desk.people import FILE, People, PeopleError
from chatbot.desk.sessions import FILE as SESSIONS
from chatbot.http.access import COOKIE
from chatbot.journal.reading import audit_lines
from chatbot.journal.writer import Journal
from chatbot.parts import part


def test_an_invitation_becomes_a_person_once(app: FastAPI, people: People) -> None:
    """The link tells the role, takes a name and a passphrase, signs in, and works no more."""
    client, secret = TestClient(app), people.invite("editor", "prove", "per la redazione")
    told = client.post(f"{URL}/invitation", json={"secret": secret}).json()
    assert (told["role_word"], told["person"]) == ("redazione", "")
    body = {"secret": secret, "name": "  Ufficio   casa ", "passphrase": PASSPHRASE}
    done = client.put(f"{URL}/invitation", json=body)
    assert (done.json()["name"], done.json()["home"]) == ("Ufficio casa", "/redazione")
    assert client.get(URL).json()["role"] == "editor"
    assert client.put(f"{URL}/invitation", json=body).status_code == 404
    assert people.invitations() == ()


def test_an_invitation_lasts_a_week(people: People) -> None:
    secret = people.invite("editor", "prove")
    with (
        time_machine.travel(datetime.now(UTC) + timedelta(days=7, seconds=1)),
        pytest.raises(PeopleError, match="scaduto"),
    ):
        people.invited(secret)


@pytest.mark.parametrize(
    ("name", "passphrase"),
    [("a", PASSPHRASE), ("<b>", PASSPHRASE), ("x" * 65, PASSPHRASE), ("Ufficio", "corta"),
     ("Ufficio", "a" * 20), ("Ufficio", "il mio ufficio"), ("redazione", PASSPHRASE)],
)  # fmt: skip
def test_what_is_refused_leaves_the_invitation(
    people: People, var: Path, name: str, passphrase: str
) -> None:
    """A name that would confuse or is taken (capitals do not count), a passphrase to be guessed."""
    person(var, "Redazione")
    secret = people.invite("editor", "prove")
    with pytest.raises(PeopleError):
        people.accept(secret, name, passphrase)
    assert people.invited(secret).role == "editor"


def test_the_files_hold_no_secret(app: FastAPI, var: Path, people: People) -> None:
    """Neither passphrase, nor link, nor cookie; only the service's user reads them."""
    secret, client = people.invite("admin", "prove"), TestClient(app)
    signed_in(client, person(var))
    cookie = client.cookies[COOKIE]
    for name in (FILE, SESSIONS):
        text = (var / name).read_text()
        assert not any(word in text for word in (PASSPHRASE, secret, cookie))
        assert stat.S_IMODE((var / name).stat().st_mode) == 0o600
    assert "$argon2id$" in (var / FILE).read_text()


def test_roles_open_their_own_doors(app: FastAPI, var: Path) -> None:
    """An evaluator does not write, who administers does; only they see to people."""
    for name, role, status, invites in (
        ("chi valuta", "evaluator", 403, 403), ("chi scrive", "editor", 200, 403),
        ("chi tiene", "admin", 200, 200), ("chi opera", "operator", 403, 403),
    ):  # fmt: skip
        client = TestClient(app)
        signed_in(client, person(var, name, role))  # type: ignore[arg-type]
        assert client.post("/write").status_code == status
        invited = client.post("/api/admin/people/invitations", json={"role": "editor"})
        assert invited.status_code == invites
        if invites == 200:
            assert re.search(r"/accedi#invito=[\w-]{43}$", invited.json()["address"])


def test_who_is_removed_is_out_at_once(app: FastAPI, var: Path) -> None:
    """And the last who administers stays; a new link for a passphrase keeps name and role."""
    client, admin = TestClient(app), TestClient(app)
    signed_in(client, person(var))
    signed_in(admin, person(var, "chi tiene", "admin"))
    people_url = "/api/admin/people"
    link = admin.post(f"{people_url}/invitations", json={"person": "redazione"}).json()["address"]
    body = {"secret": link.split("=")[1], "name": "altro", "passphrase": "altre quattro parole qui"}
    told = TestClient(app).put(f"{URL}/invitation", json=body).json()
    assert (told["name"], told["role"]) == ("redazione", "editor")
    assert client.get(URL).status_code == 401
    again = TestClient(app)
    again.post(URL, json={"name": "redazione", "passphrase": "altre quattro parole qui"})
    assert again.get(URL).status_code == 200
    assert admin.post(f"{people_url}/remove", json={"person": "redazione"}).status_code == 200
    assert again.get(URL).status_code == 401
    last = admin.post(f"{people_url}/remove", json={"person": "chi tiene"})
    assert "ultima persona" in last.json()["detail"]


def test_every_change_leaves_a_line(app: FastAPI, var: Path) -> None:
    """With who did it, and neither secret nor passphrase."""
    admin = TestClient(app)
    signed_in(admin, person(var, "chi tiene", "admin"))
    admin.post("/api/admin/people/invitations", json={"role": "editor", "note": "sportello"})
    admin.delete(URL)
    journal = part(app, Journal)
    journal.close()
    lines = audit_lines(journal.engine)
    assert {(line.actor, line.action) for line in lines} == {
        ("chi tiene", "sign-in"), ("chi tiene", "invite"), ("chi tiene", "sign-out")
    }  # fmt: skip
    assert PASSPHRASE not in json.dumps([line.detail for line in lines])


@pytest.mark.parametrize("text", ["", "[", "{}x", '{"people": [1]}'])
def test_a_broken_file_lets_nobody_in(app: FastAPI, var: Path, text: str) -> None:
    """It closes the desk with a problem document; broken sessions only ask to sign in again."""
    client = TestClient(app)
    signed_in(client, person(var))
    (var / FILE).write_text(text)
    answer = client.post("/write")
    assert answer.status_code in (401, 503)
    assert answer.headers["Content-Type"] == "application/problem+json"
    (var / FILE).unlink()
    (var / SESSIONS).write_text(text)
    assert client.post("/write").status_code == 401


def test_the_command_line_invites_lists_and_removes(
    var: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first who administers is invited there."""
    monkeypatch.setenv("BUSSOLA_VAR", str(var))
    run, people = CliRunner().invoke, People(var / FILE)
    made = run(command_line, ["person", "invite", "admin"])
    assert made.exit_code == 0, made.output
    people.accept(made.stdout.strip().split("=")[1], "chi tiene", PASSPHRASE)
    assert run(command_line, ["person", "list"]).stdout.startswith("chi tiene\tamministrazione\t")
    person(var)
    assert run(command_line, ["person", "invite", "re"]).exit_code == 1
    assert run(command_line, ["person", "remove", "redazione"]).exit_code == 0
    assert [one.name for one in people.all()] == ["chi tiene"]
