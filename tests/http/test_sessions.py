"""Sessions of people: their cookie, the word of our pages, how they end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import time_machine
from fastapi import FastAPI
from fastapi.testclient import TestClient
from signing_in import PASSPHRASE, person, signed_in
from signing_in import SESSION as URL

from chatbot.desk.sessions import FILE as SESSIONS
from chatbot.desk.sessions import Sessions
from chatbot.http.access import COOKIE
from chatbot.parts import part


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
