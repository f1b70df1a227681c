"""A slip from the desk to the service, through a real mail server, and back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from folders import MADE
from mail_server import Mailbox, mail_server
from playwright.sync_api import Page, expect
from serving import served

from chatbot.settings import Settings
from server import create_app

CODE = "codice-dello-sportello"
SERVICE = "cpi-torino-nord"


@pytest.fixture(scope="module")
def mailbox() -> Iterator[tuple[Mailbox, int]]:
    with mail_server() as box:
        yield box, box.port


@pytest.fixture(scope="module")
def office(
    published: Path, mailbox: tuple[Mailbox, int], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """A server that sends slips."""
    journal = tmp_path_factory.mktemp("office") / "journal.sqlite"
    settings = Settings(
        _env_file=None, guides=MADE, var=published, journal_url=f"sqlite:///{journal}",
        smtp_url=f"smtp://127.0.0.1:{mailbox[1]}?tls=no", smtp_from="bussola@rete.example",
        referral_offices={"Sportello di prova": CODE}, public_address="http://pubblico.example",
    )  # fmt: skip
    with served(create_app(settings)) as address:
        yield address


def test_a_slip_arrives_and_is_taken_charge_of(
    page: Page, office: str, mailbox: tuple[Mailbox, int]
) -> None:
    """The operator fills in what the card asks, ticks the consent and sends; the service answers
    by the link in its mail; the operator sees it. On the page and in the state nothing of the
    person is left."""
    box, before = mailbox[0], len(mailbox[0].mails)
    page.goto(f"{office}/invio/{SERVICE}?bisogno=lavoro")
    page.get_by_label("Nome").fill("nome di prova")
    page.get_by_label("Codice dell'ufficio").fill(CODE)
    page.get_by_role("button", name="Manda", exact=True).click()
    expect(page.locator("#slip-sent")).to_be_hidden()  # not before the person agreed
    page.get_by_label("ha detto di sì").check()
    page.get_by_role("button", name="Manda", exact=True).click()
    expect(page.get_by_role("heading", name="Il foglio è partito")).to_be_focused()
    assert "nome di prova" not in page.content()
    mail = box.wait(before + 1)
    body = mail.get_content()
    assert "nome di prova" in body
    assert "Lingua parlata" not in body  # left empty
    assert "nome di prova" not in str(mail["Subject"])
    state = page.locator("#slip-sent a").get_attribute("href") or ""
    state = state.replace("http://pubblico.example", office)
    page.goto(state)
    expect(page.locator(".referral-state")).to_contain_text("Mandato")
    expect(page.locator("main")).not_to_contain_text("nome di prova")
    link = re.search(r"http://pubblico\.example(/presa-in-carico/\S+)", body)
    assert link is not None
    page.goto(office + link[1])
    expect(page.get_by_role("heading", name="Prendete in carico questa persona?")).to_be_visible()
    page.goto(f"{state}?ancora=1")
    expect(page.locator(".referral-state")).to_contain_text("Mandato")  # a visit changes nothing
    page.goto(office + link[1])
    page.get_by_role("button", name="Sì, la prendiamo in carico").click()
    expect(page.get_by_role("status").filter(has_text="Presa in carico")).to_be_visible()
    page.goto(f"{state}?ancora=2")
    expect(page.locator(".referral-state")).to_contain_text("Presa in carico")


def test_without_consent_or_code_nothing_leaves(
    page: Page, office: str, mailbox: tuple[Mailbox, int]
) -> None:
    """Whatever a page is made to say: the server refuses both."""
    before = len(mailbox[0].mails)
    slip = {"service": SERVICE, "why": "x", "code": CODE}
    for wrong, status in (
        ({**slip, "consent": False}, 422), (slip, 422),
        ({**slip, "consent": True, "code": "codice-sbagliato"}, 401),
        ({**slip, "consent": True, "service": "non-esiste"}, 404),
        ({**slip, "consent": True, "service": "antiviolenza-1522"}, 422),  # has no address
    ):  # fmt: skip
        assert page.request.post(f"{office}/api/referrals", data=wrong).status == status
    assert len(mailbox[0].mails) == before


def test_guessing_codes_is_locked_out(page: Page, office: str) -> None:
    """After a few wrong ones even the right one waits; the others of the office are told why."""
    slip = {"service": SERVICE, "why": "x", "consent": True}
    codes = [f"codice-{n}-inventato" for n in range(8)] + [CODE]
    found = [
        page.request.post(f"{office}/api/referrals", data={**slip, "code": code}).status
        for code in codes
    ]
    assert found[-1] == 429
    assert 200 not in found


def test_without_a_way_the_slip_is_of_paper(page: Page, live_server: str) -> None:
    """No form, and a POST is told what is missing."""
    page.goto(f"{live_server}/invio/{SERVICE}")
    expect(page.locator("#send-slip")).to_have_count(0)
    expect(page.get_by_role("button", name="Stampa")).to_be_visible()
    slip = {"service": SERVICE, "why": "x", "consent": True, "code": CODE}
    refused = page.request.post(f"{live_server}/api/referrals", data=slip)
    assert refused.status == 409
    assert "BUSSOLA_SMTP_URL" in refused.json()["detail"]


def test_a_link_that_is_nobodys(page: Page, office: str) -> None:
    """It is a page, and says what to do."""
    for path in ("/presa-in-carico/inventato", "/invio/stato/inventato"):
        response = page.goto(office + path)
        assert response is not None
        assert response.status == 404
        expect(page.locator("h1")).to_have_text("Questo collegamento non si apre più")
