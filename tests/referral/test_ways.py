"""Where a slip may go, and that nothing goes until everything is set."""

from __future__ import annotations

from typing import Any

import pytest
from guide_texts import SERVICE, guide
from made_referrals import CODE, SECRET, settings

from chatbot.mail import Mailer, MailError
from chatbot.referral.ways import Way, WayError, Ways
from index.guide import Guide

HOOK = "https://tickets.example/hook"


def card(
    contacts: str = "contatti:\n  email: [a@servizio.example]\n  pec: [b@pec.example]\n",
) -> Guide:
    text = SERVICE.removesuffix("---\n") + contacts + "---\n# Ufficio\n\nAiuta.\n"
    return guide(text, "servizi/ufficio.md")


def test_the_first_email_of_the_card() -> None:
    """Then the certified one; a card without either has no way."""
    ways = Ways.of(settings())
    assert ways.to(card()) == Way("email", "a@servizio.example")
    assert ways.to(card("contatti:\n  pec: [b@pec.example]\n")) == Way("email", "b@pec.example")
    assert ways.to(card("contatti:\n  telefono: ['011 1']\n")) is None


def test_the_system_of_a_service_comes_first() -> None:
    """`*` is for the cards that e-mail does not reach."""
    own = Ways.of(settings(referral_webhooks={"ufficio": HOOK}, referral_secret=SECRET))
    assert own.to(card()) == Way("webhook", HOOK)
    rest = Ways.of(settings(referral_webhooks={"*": HOOK}, referral_secret=SECRET))
    assert rest.to(card()).channel == "email"  # type: ignore[union-attr]
    assert rest.to(card("")) == Way("webhook", HOOK)


@pytest.mark.parametrize(
    ("gone", "told"),
    [
        ({"smtp_url": ""}, "BUSSOLA_SMTP_URL"),
        ({"referral_offices": {}}, "BUSSOLA_REFERRAL_OFFICES"),
        ({"public_address": None}, "BUSSOLA_PUBLIC_ADDRESS"),
    ],
)
def test_nothing_is_sent_until_all_is_set(gone: dict[str, Any], told: str) -> None:
    """The slip is then of paper, as without any of it."""
    ways = Ways.of(settings(**gone))
    assert ways.missing == told
    assert ways.to(card()) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"smtp_url": "posta.example"},
        {"smtp_url": "smtp://u:segreta@posta.example:porta"},
        {"smtp_from": "bussola"},
        {"smtp_from": "a@b.example\nBcc: c@d.example"},
        {"referral_offices": {"Sportello": "corto"}},
        {"referral_webhooks": {"*": "tickets.example"}, "referral_secret": SECRET},
        {"referral_webhooks": {"*": HOOK}},
        {"referral_webhooks": {"*": HOOK}, "referral_secret": "whsec_???"},
    ],
)
def test_a_setting_that_cannot_work_is_told_at_the_start(wrong: dict[str, Any]) -> None:
    """With its name, and never with a password."""
    with pytest.raises((WayError, MailError)) as told:
        Ways.of(settings(**wrong))
    assert "segreta" not in str(told.value)


def test_an_office_by_its_code() -> None:
    """Any other text is nobody's."""
    ways = Ways.of(settings())
    assert ways.office_of(CODE) == "Sportello di prova"
    assert [ways.office_of(code) for code in ("", CODE[:-1], "\udc80")] == ["", "", ""]


def test_the_address_of_a_mail_server() -> None:
    """Encrypted unless it is said that it is not."""
    made = Mailer.parse("smtps://u%40x:p%3Aq@posta.example", "a@b.example")
    assert (made.port, made.security, made.user, made.password) == (465, "tls", "u@x", "p:q")
    assert Mailer.parse("smtp://posta.example", "a@b.example").security == "starttls"
