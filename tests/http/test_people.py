"""People: invited by a link, with a name and a passphrase of their own, a role, and sessions."""

from __future__ import annotations

import json
import re
import stat
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

import httpx
import oidc_provider_mock
import pytest
import time_machine
from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient
from serving import served
from signing_in import PASSPHRASE, person, signed_in
from typer.testing import CliRunner

from chatbot import problem
from chatbot.__main__ import app as command_line
from chatbot.desk.people import FILE, People, PeopleError
from chatbot.desk.sessions import FILE as SESSIONS
from chatbot.desk.sessions import Sessions
from chatbot.http import oidc_api, people_api, sessions_api
from chatbot.http.access import COOKIE, Gate, Holder, Keyring, require
from chatbot.journal.reading import audit_lines
from chatbot.journal.writer import Journal
from chatbot.parts import part, provide
from chatbot.settings import Settings

URL = "/api/admin/session"


def application(var: Path, **more: object) -> FastAPI:
    """The routes of signing in, and one that only editors may use."""
    settings = Settings(var=var, _env_file=None, **more)  # type: ignore[arg-type,call-arg]
    app = FastAPI()
    problem.install(app)
    journal = Journal.open(f"sqlite:///{var / 'journal.sqlite'}")
    provide(app, settings, Gate(Keyring(var / "tokens.json")), journal)
    provide(app, People(var / FILE), Sessions(var / SESSIONS, settings.session_hours))
    app.include_router(sessions_api.router)
    app.include_router(people_api.router)
    oidc_api.install(app, settings)

    @app.post("/write")
    async def write(holder: Holder = Depends(require("editor"))) -> str:  # noqa: B008
        return holder.name

    return app


@pytest.fixture
def var(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def app(var: Path) -> Iterator[FastAPI]:
    app = application(var)
    yield app
    part(app, Journal).close()


@pytest.fixture
def people(var: Path) -> People:
    return People(var / FILE)


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


def test_the_cookie_is_for_this_site_and_no_script(app: FastAPI, var: Path) -> None:
    """HttpOnly and SameSite=Strict, and Secure where the page came through TLS."""
    person(var)
    body = {"name": "REDAZIONE ", "passphrase": PASSPHRASE}
    plain = TestClient(app).post(URL, json=body).headers["set-cookie"]
    assert "HttpOnly" in plain
    assert "SameSite=strict" in plain
    assert "Secure" not in plain
    safe = TestClient(app, base_url="https://testserver").post(URL, json=body)
    assert "Secure" in safe.headers["set-cookie"]


def test_a_change_needs_the_word_of_our_pages(app: FastAPI, var: Path) -> None:
    """With the cookie alone, as a form of another site would send it, nothing is changed; and no
    other site signs a visitor in as somebody else."""
    client = TestClient(app)
    signed_in(client, person(var))
    assert client.post("/write").json() == "redazione"
    for word in ("", "0" * 64):
        assert client.post("/write", headers={"X-CSRF-Token": word}).status_code == 403
    body = {"name": "redazione", "passphrase": PASSPHRASE}
    for headers in ({"Origin": "https://altrove.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert TestClient(app).post(URL, json=body, headers=headers).status_code == 403


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


def test_signing_out_ends_the_session_here(app: FastAPI, var: Path) -> None:
    """On the server too: the cookie kept by somebody else opens nothing."""
    client = TestClient(app)
    signed_in(client, person(var))
    cookie = client.cookies[COOKIE]
    assert client.delete(URL).json() == {"ended": 1}
    assert client.get(URL).status_code == 401
    client.cookies.set(COOKIE, cookie)
    assert client.get(URL).status_code == 401
    assert "accedi" in client.post("/write").json()["detail"]


def test_sessions_end_by_themselves(var: Path) -> None:
    """After two hours without use, and after the hours of the settings however used."""
    sessions, start = Sessions(var / SESSIONS, 12), datetime.now(UTC)
    with time_machine.travel(start, tick=False) as clock:
        idle, used = sessions.begin("a", "x"), sessions.begin("a", "x")
        for _ in range(6):
            clock.shift(timedelta(minutes=100))
            assert sessions.find(used)
        assert sessions.find(idle) is None
        clock.shift(timedelta(minutes=100))
        assert sessions.find(used)
        clock.shift(timedelta(minutes=21))
        assert sessions.find(used) is None
        assert sessions.of("a") == []


def test_one_sees_and_ends_ones_own_sessions(app: FastAPI, var: Path) -> None:
    """Another browser's ends at once; nobody ends those of others."""
    name, here, there = person(var), TestClient(app), TestClient(app)
    signed_in(here, name)
    signed_in(there, name)
    other = TestClient(app)
    signed_in(other, person(var, "altra persona"))
    theirs = part(app, Sessions).of("altra persona")[0].id
    assert here.delete(f"{URL}/others/{theirs}").json() == {"ended": 0}
    assert here.delete(f"{URL}/others").json() == {"ended": 1}
    assert there.get(URL).status_code == 401
    assert (here.get(URL).status_code, other.get(URL).status_code) == (200, 200)


def test_a_new_passphrase_ends_the_other_sessions(app: FastAPI, var: Path) -> None:
    """The old one is asked for, and enters no more."""
    name, here, there, new = (
        person(var),
        TestClient(app),
        TestClient(app),
        "altre quattro parole qui",
    )
    signed_in(here, name)
    signed_in(there, name)
    wrong = here.post(f"{URL}/passphrase", json={"old": "sbagliata", "new": new})
    assert wrong.status_code == 401
    done = here.post(f"{URL}/passphrase", json={"old": PASSPHRASE, "new": new})
    assert done.json() == {"ended": 1}
    assert there.get(URL).status_code == 401
    body = {"name": name, "passphrase": PASSPHRASE}
    assert TestClient(app).post(URL, json=body).status_code == 401
    assert TestClient(app).post(URL, json={**body, "passphrase": new}).status_code == 200


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


def test_wrong_passphrases_lock_a_name_not_an_office(app: FastAPI, var: Path) -> None:
    """After five failures that name waits at that address, even with the right passphrase; a
    colleague behind the same address enters."""
    person(var)
    person(var, "collega")
    client, body = TestClient(app), {"name": "redazione", "passphrase": "sbagliata"}
    for _ in range(5):
        assert client.post(URL, json=body).status_code == 401
    locked = client.post(URL, json={**body, "passphrase": PASSPHRASE})
    assert (locked.status_code, "Retry-After" in locked.headers) == (429, True)
    assert signed_in(client, "collega")["name"] == "collega"


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


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def issuer() -> Iterator[str]:
    """A real provider of OpenID Connect."""
    server = make_server("127.0.0.1", 0, oidc_provider_mock.app(), handler_class=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_the_organisations_own_sign_in(issuer: str, var: Path) -> None:
    """By a real provider: who is new has the role of the settings and a free name, who comes back
    is the same person; a reply that was not asked for opens nothing."""
    person(var, "Ufficio")
    app = application(var, oidc_issuer=issuer, oidc_client_id="bussola",
                      oidc_client_secret="segreto", oidc_role="evaluator")  # fmt: skip
    assert httpx.put(f"{issuer}/users/u1", json={"name": "Ufficio"}).is_success
    with served(app) as address:
        for _ in range(2):
            with httpx.Client(follow_redirects=True) as browser:
                form = browser.get(f"{address}{oidc_api.PREFIX}")
                back = browser.post(form.url, data={"sub": "u1"})
                told = browser.get(f"{address}{URL}").json()
                assert back.history[-1].headers["location"] == "/revisione"
                assert (told["name"], told["role"]) == ("Ufficio 2", "evaluator")
        forged = httpx.get(f"{address}{oidc_api.PREFIX}/back?code=x&state=y")
        assert forged.headers["location"] == "/accedi?errore=1"
    assert [one.subject for one in part(app, People).all()] == ["", f"{issuer} u1"]


def test_without_a_provider_there_is_no_such_way_in(app: FastAPI) -> None:
    assert TestClient(app).get(oidc_api.PREFIX).status_code == 404
