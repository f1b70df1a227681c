"""The summary by e-mail of what is to be reviewed: what it says, when it goes, through a real mail
server.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from folders import MADE
from guide_texts import sheet
from mail_server import Mailbox, mail_server
from pydantic import ValidationError
from typer.testing import CliRunner

from chatbot.__main__ import app
from chatbot.desk.digest import Digest, subject, text_of
from chatbot.desk.due import due
from chatbot.desk.mailing import NotSet, Post, Rounds
from chatbot.mail import NotSentError
from chatbot.settings import Settings
from index.parse.network_folder import read_network

TODAY = date(2031, 6, 2)  # a Monday
MORNING = datetime(2031, 6, 2, 8, tzinfo=UTC)
ONE = sheet("# Prova\n\nUna prova.\n")
LATE = replace(ONE, title="Conto", slug="conto", review_by=TODAY - timedelta(days=1))
SOON = replace(ONE, title="Casa", slug="casa", owner="", review_by=TODAY)
REFUSED = "via@rete.example"


def digest() -> Digest:
    return Digest(TODAY, due([LATE, SOON], TODAY), ["https://x.example: non risponde (Conto)"])


def settings(port: int, **changes: object) -> Settings:
    whole: dict[str, object] = {
        "smtp_url": f"smtp://127.0.0.1:{port}?tls=no", "smtp_from": "bussola@rete.example",
        "digest_to": ["a@rete.example", "b@rete.example"],
        "public_address": "https://bussola.example/",
    }  # fmt: skip
    return Settings(_env_file=None, **{**whole, **changes})  # type: ignore[call-arg, arg-type]


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mail_server(frozenset({REFUSED})) as box:
        yield box


def test_what_it_says() -> None:
    """Titles, days, who keeps each guide and where it is written; how often it comes, and who can
    stop it."""
    said = text_of(digest(), "https://bussola.example", "ogni lunedì")
    assert "Conto: scaduta da 1 giorno (01/06/2031), redazione giuridica" in said
    assert "Casa: scade oggi (02/06/2031), senza responsabile" in said
    assert "https://bussola.example/redazione/guida/casa" in said
    assert said.index("SCADUTE") < said.index("Conto") < said.index("ENTRO 30 GIORNI")
    assert "https://x.example: non risponde (Conto)" in said
    assert "ogni lunedì" in said
    assert subject(digest()) == (
        "Da rivedere: 1 guida scaduta, 1 in scadenza, 1 collegamento rotto"
    )
    assert Digest(TODAY, []).empty


def test_a_deadline_of_the_text_counts() -> None:
    """«Entro il …» that has passed is to be looked at, though the date of review is to come."""
    network, _ = read_network(MADE)
    text = "# Prova\n\nLa domanda si presenta entro il 30 maggio 2031.\n"
    one = replace(sheet(text), review_by=TODAY + timedelta(days=90))
    (found,) = due([one], TODAY, network=network)
    assert (found.left, found.shown) == (-3, "entro il 30 maggio 2031")
    assert due([one], TODAY) == []  # without the words of a network nothing is a deadline


def test_one_message_to_each(box: Mailbox) -> None:
    """Nobody reads the address of another."""
    assert Post.of(settings(box.port)).send(digest()) == ["a@rete.example", "b@rete.example"]
    assert [mail["To"] for mail in box.mails] == ["a@rete.example", "b@rete.example"]
    mail = box.mails[0]
    assert mail["Auto-Submitted"] == "auto-generated"
    assert "Conto: scaduta" in mail.get_content()
    assert "b@rete.example" not in mail.as_string()


def test_an_address_that_is_refused_keeps_it_from_nobody_else(box: Mailbox) -> None:
    """Only where nobody had it is it not sent."""
    both = Post.of(settings(box.port, digest_to=[REFUSED, "b@rete.example"]))
    assert both.send(digest()) == ["b@rete.example"]
    with pytest.raises(NotSentError):
        Post.of(settings(box.port, digest_to=[REFUSED])).send(digest())


def test_it_goes_once_on_its_day(box: Mailbox, tmp_path: Path) -> None:
    """On Monday from seven, not again that day nor by a second server, not on Tuesday."""
    post = Post.of(settings(box.port, digest_to=["a@rete.example"]))
    one, other = Rounds(tmp_path, post), Rounds(tmp_path, post)
    looked = [
        one.look(MORNING.replace(hour=6), digest), one.look(MORNING, digest),
        one.look(MORNING, digest), other.look(MORNING, digest),
        one.look(MORNING + timedelta(days=1), digest),
        other.look(MORNING + timedelta(days=7), digest),
    ]  # fmt: skip
    assert looked == [False, True, False, False, False, True]
    assert len(box.mails) == 2


def test_nothing_to_say_is_not_sent(box: Mailbox, tmp_path: Path) -> None:
    """An empty message teaches not to read the next one."""
    assert not Rounds(tmp_path, Post.of(settings(box.port))).look(
        MORNING, lambda: Digest(TODAY, [])
    )
    assert box.mails == []


def test_a_mail_server_that_is_away_is_tried_again(box: Mailbox, tmp_path: Path) -> None:
    """An hour later, that day; not every minute."""
    away = Rounds(tmp_path, Post.of(settings(1)))
    back = Rounds(tmp_path, Post.of(settings(box.port, digest_day="every day")))
    assert not away.look(MORNING, digest)
    assert not back.look(MORNING + timedelta(minutes=5), digest)
    assert back.look(MORNING + timedelta(hours=1), digest)


@pytest.mark.parametrize(
    ("gone", "told"),
    [({"smtp_url": ""}, "SMTP_URL"), ({"digest_to": []}, "DIGEST_TO"),
     ({"public_address": None}, "PUBLIC_ADDRESS")],
)  # fmt: skip
def test_a_setting_that_is_missing_is_named(gone: dict[str, object], told: str) -> None:
    """And nothing goes out by itself."""
    post = Post.of(settings(1, **gone))
    assert post.missing == f"BUSSOLA_{told}"
    with pytest.raises(NotSet, match=told):
        post.send(digest())


@pytest.mark.parametrize("wrong", ["redazione", "a@b.example\nBcc: c@d.example", "@rete.example"])
def test_an_address_that_is_none_is_told_at_the_start(wrong: str) -> None:
    """And cannot add a header to the message."""
    with pytest.raises(ValidationError, match="non è un indirizzo"):
        settings(1, digest_to=[wrong])


def test_the_command(
    box: Mailbox, small_built: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Shows what it would say, and sends it now; a setting that is missing is named."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BUSSOLA_VAR", str(small_built / "var"))
    shown = CliRunner().invoke(app, ["digest", "--show"])
    assert "Guide da rivedere al" in shown.output
    untold = CliRunner().invoke(app, ["digest"])
    assert (untold.exit_code, "BUSSOLA_SMTP_URL" in untold.output) == (1, True)
    monkeypatch.setenv("BUSSOLA_SMTP_URL", f"smtp://127.0.0.1:{box.port}?tls=no")
    monkeypatch.setenv("BUSSOLA_SMTP_FROM", "bussola@rete.example")
    monkeypatch.setenv("BUSSOLA_DIGEST_TO", '["a@rete.example"]')
    monkeypatch.setenv("BUSSOLA_PUBLIC_ADDRESS", "https://bussola.example")
    sent = CliRunner().invoke(app, ["digest"])
    assert (sent.exit_code, sent.output) == (0, "Mandato a 1 di 1: a@rete.example\n")
    assert str(box.wait(1)["Subject"]).startswith("Da rivedere:")
