"""Everything that one network has, tried on another: through every route there is, nothing of the
first comes out, and nothing of it is changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest
from made_referrals import made
from signing_in import PASSPHRASE
from sqlalchemy import Engine
from two_networks import (
    Visitor,
    common_settings,
    network_folder,
    opened,
    person,
    token,
    visited,
)
from walking import Door, doors

from chatbot.desk.people import People
from chatbot.desk.sessions import Sessions
from chatbot.hosting.gateway import Gateway
from chatbot.parts import part
from chatbot.referral import store
from chatbot.referral.referral import digest, new_link
from chatbot.settings import Settings
from index.parse.header import fields_of, split_text

SECRET = "ghiandaia"  # in texts of the first alone; no request to the other says it
OF_THE_COURIER = ("tries", "changed", "next_try")  # which tries a slip again meanwhile
GUIDE = "solo-nord"
HERS = "anna-del-nord"
HIS = "ugo-del-sud"
CONVERSATION = "c0ffee" * 4
# with one's own session: what would end it, or look at other sites
APART = {("DELETE", "/api/admin/session"), ("POST", "/api/admin/session/passphrase"),
         ("POST", "/api/admin/desk/links")}  # fmt: skip


@dataclass(frozen=True)
class Stolen:
    """What somebody has of the first network: names of what is there, and ways to enter."""

    known: dict[str, Any]
    ways: dict[str, dict[str, str]]


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Gateway:
    folder = tmp_path_factory.mktemp("confine")
    networks = {
        n: {**network_folder(folder, n), "hosts": [f"{n}.example"]} for n in ("nord", "sud")
    }
    return opened(common_settings(folder, networks))


@pytest.fixture(scope="module")
def client(front: Gateway) -> Iterator[httpx.Client]:
    with visited(front) as client:
        yield client


@pytest.fixture(scope="module")
def nord(front: Gateway, client: httpx.Client) -> Visitor:
    """Who administers the first network."""
    person(front, "nord", HERS)
    return Visitor(client, "nord.example").signed_in(HERS)


@pytest.fixture(scope="module")
def sud(front: Gateway, client: httpx.Client) -> Visitor:
    """And the other."""
    person(front, "sud", HIS)
    return Visitor(client, "sud.example").signed_in(HIS)


@pytest.fixture(scope="module")
def stolen(front: Gateway, nord: Visitor) -> Stolen:
    """All that there is to know of the first: drafts, answers, conversation, publication, slip,
    invitation, snapshot; a session with its word, and tokens."""
    desk = "/api/admin/desk"
    asked = {"question": f"Che cosa dice la {SECRET}?", "conversation": CONVERSATION}
    answer = nord.ask("POST", "/api/chat", json=asked).json()
    told = {"answer_id": answer["id"], "reason": "altro", "comment": SECRET}
    nord.ask("POST", "/api/feedback", json=told)
    draft = nord.ask("POST", f"{desk}/drafts", json={"name": SECRET}).json()["id"]
    new = {"title": f"La {SECRET}", "questions": [f"Che cosa è la {SECRET}?"]}
    added = nord.ask("POST", f"{desk}/drafts/{draft}/guides", json=new)
    assert added.status_code == 200, added.text
    published = _publication(front, nord)
    link = new_link()
    slip = made(title=f"Ufficio {SECRET}", receiver=digest(link), sender=digest(link))
    store.add(part(front.apps["nord"], Engine), slip)
    invitation = part(front.apps["nord"], People).invite("admin", HERS, SECRET)
    (session,) = part(front.apps["nord"], Sessions).of(HERS)
    known = {
        "slug": GUIDE, "service": GUIDE, "guide": GUIDE, "section": GUIDE, "guida": GUIDE,
        "conversation": CONVERSATION, "answer_id": answer["id"], "answers": answer["id"],
        "session_id": session.id, "draft_id": draft, "draft": draft, "bozza": draft, "which": draft,
        "publication_id": published, "snapshot": answer["snapshot"],
        "snapshot_id": answer["snapshot"], "link": link, "said": "taken", "secret": invitation,
        "name": HERS, "person": HERS, "passphrase": PASSPHRASE, "old": PASSPHRASE, "language": "en",
        "question": "La scheda", "turns": "La scheda", "p": f"{GUIDE}~chi-puo-chiederlo~x",
    }  # fmt: skip
    ways = {role: token(front, "nord", f"macchina-{role}", role)
            for role in ("editor", "evaluator", "program")}  # fmt: skip
    return Stolen(known, {**ways, "session": nord.headers, "nothing": {}})


def _publication(front: Gateway, nord: Visitor) -> str:
    """A draft that adds a guide of its own to the first network, published."""
    desk = "/api/admin/desk"
    draft = nord.ask("POST", f"{desk}/drafts", json={"name": f"Uscita {SECRET}"}).json()["id"]
    guide = f"{desk}/drafts/{draft}/guides/{GUIDE}"
    text = (part(front.apps["nord"], Settings).guides / f"schede/{GUIDE}.md").read_text("utf-8")
    head, body = split_text(f"{text.rstrip()}\n\nLa {SECRET} vale per tutti.\n")
    sent = {"head": head, "fields": fields_of(head), "body": body, "version": 0}
    saved = nord.ask("PUT", guide, json=sent)
    assert saved.status_code == 200, saved.text
    done = nord.ask("POST", f"{desk}/drafts/{draft}/publish", json={"reason": SECRET})
    assert done.status_code == 200, done.text
    return str(done.json()["publication"])


def all_doors(front: Gateway) -> list[Door]:
    return doors(front.apps["sud"])


def test_in_its_own_network_it_all_comes_out(front: Gateway, nord: Visitor, stolen: Stolen) -> None:
    """The walk finds what there is to find: else it would prove nothing."""
    found = []
    for door in all_doors(front):
        method, path, rest = door.request(stolen.known)
        if method == "GET" and SECRET in nord.ask(method, path, **rest).text:
            found.append(door.path)
    assert len(found) >= 12, found
    assert "/api/conversations/{conversation}" in found
    assert "/invio/stato/{link}" in found
    assert "/api/admin/desk/draft/{draft_id}" in found


@pytest.mark.parametrize("way", ["nothing", "session", "editor", "evaluator", "program"])
def test_what_opens_one_opens_nothing_in_the_other(
    front: Gateway, sud: Visitor, stolen: Stolen, way: str
) -> None:
    """No session, word or token; with them every name that is known there."""
    stranger = sud.with_headers(stolen.ways[way])
    before, doors_ = _state(front, "nord"), all_doors(front)
    assert len(doors_) > 120
    for door in doors_:
        method, path, rest = door.request(stolen.known)
        told = stranger.ask(method, path, **rest)
        assert SECRET not in told.text, door
        assert told.status_code < 500, (door, told.text)
        if door.path.startswith("/api/admin/") and not door.path.endswith("/oidc/back"):
            assert told.status_code in (400, 401, 403, 404, 422), (door, told.text)
        assert "bussola_sessione" not in told.headers.get("set-cookie", ""), door
    assert _state(front, "nord") == before


def test_names_of_one_mean_nothing_in_the_other(
    front: Gateway, sud: Visitor, stolen: Stolen
) -> None:
    """Also to who may do everything there."""
    before = _state(front, "nord")
    for door in all_doors(front):
        method, path, rest = door.request(stolen.known)
        if (method, door.path) in APART:
            continue
        told = sud.ask(method, path, **rest)
        assert SECRET not in told.text, door
        assert told.status_code < 500 or told.status_code == 503, (door, told.text)
    assert _state(front, "nord") == before
    kept = [p for p in _folder(front, "sud").rglob("*") if p.is_file() and not p.is_symlink()]
    assert kept
    assert not [path for path in kept if SECRET.encode() in path.read_bytes()]


def test_a_question_sent_again_is_another_one_elsewhere(nord: Visitor, sud: Visitor) -> None:
    """The key with which a lost answer is asked for again opens nothing in the other network."""
    key = {"Idempotency-Key": "b" * 32}
    body = {"question": "Che cosa dice la scheda?"}
    first = nord.ask("POST", "/api/chat", json=body, headers=key).json()
    again = nord.ask("POST", "/api/chat", json=body, headers=key).json()
    other = sud.ask("POST", "/api/chat", json=body, headers=key).json()
    assert first["id"] == again["id"] != other["id"]
    assert other["snapshot"] != first["snapshot"]


def _folder(front: Gateway, name: str) -> Path:
    return part(front.apps[name], Settings).var


def _state(front: Gateway, name: str) -> dict[str, str]:
    """Every file of a network but the journal, whose records are counted."""
    folder = _folder(front, name)
    files = {
        str(path): sha256(path.read_bytes()).hexdigest()
        for place in (folder, part(front.apps[name], Settings).guides)
        for path in sorted(place.rglob("*"))
        if path.is_file() and "journal" not in path.name and "models" not in path.parts
    }
    with part(front.apps[name], Engine).connect() as connection:
        for table in ("answers", "feedback", "audit", "referrals", "reviews"):
            rows = connection.exec_driver_sql(f"SELECT * FROM {table} ORDER BY 1").mappings()
            kept = [{k: v for k, v in row.items() if k not in OF_THE_COURIER} for row in rows]
            files[table] = str(kept)
    return files
