"""Handing a slip on: an e-mail through the network's mail server, or a signed POST of JSON.

The POST is as «Standard Webhooks» says (github.com/standard-webhooks/standard-webhooks): headers
`webhook-id`, `webhook-timestamp` and `webhook-signature`, the HMAC-SHA256 of the three joined.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import date, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx

from chatbot.mail import NotSentError, new_mail, send_mail
from chatbot.referral.referral import Referral, Slip, State
from chatbot.referral.ways import Way, Ways

TIMEOUT_S = 20.0
_MAIL = (Path(__file__).parent / "mail.txt").read_text(encoding="utf-8")


class NotHandedOnError(Exception):
    """It did not arrive; `for_good` when trying again would not help."""

    def __init__(self, why: str, for_good: bool = False) -> None:
        super().__init__(why)
        self.for_good = for_good


def hand_on(referral: Referral, slip: Slip, way: Way, ways: Ways, moment: datetime) -> State:
    """Send it; the state it is in then. Raises NotHandedOnError."""
    if way.channel == "email":
        if ways.mailer is None:
            raise NotHandedOnError("no mail server")
        try:
            send_mail(mail_of(referral, slip, way.to, ways.mailer.sender), ways.mailer)
        except NotSentError as error:
            raise NotHandedOnError(str(error), error.for_good) from error
        return "sent"
    post(way.to, body_of(referral, slip), referral.id, ways.secret, moment)
    return "delivered"


def mail_of(referral: Referral, slip: Slip, to: str, sender: str) -> EmailMessage:
    """The message; its subject says nothing of the person."""
    message = new_mail(f"Invio di una persona da {referral.office}", sender, to)
    fields = "\n".join(f"{label}: {value}" for label, value in slip.fields)
    message.set_content(
        _MAIL.format(
            office=referral.office, service=referral.title, why=slip.why, fields=fields,
            day=_shown(referral.at.date()), until=_shown(date.fromisoformat(slip.until)),
            link=slip.link,
        )
    )  # fmt: skip
    return message


def _shown(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year}"


def body_of(referral: Referral, slip: Slip) -> dict[str, Any]:
    """What a system is told: `docs/referrals.md` describes it."""
    return {
        "type": "referral.created",
        "timestamp": referral.at.isoformat(timespec="seconds"),
        "data": {
            "id": referral.id,
            "office": referral.office,
            "service": {"id": referral.service, "title": referral.title},
            "need": referral.need,
            "why": slip.why,
            "fields": [{"label": label, "value": value} for label, value in slip.fields],
            "consent": {"given": True, "at": referral.at.isoformat(timespec="seconds")},
            "answer_url": slip.link,
            "answer_until": slip.until,
        },
    }


def post(url: str, body: dict[str, Any], message_id: str, secret: bytes, moment: datetime) -> None:
    """POST signed JSON; anything but 2xx is a failure, and no redirect is followed. Raises
    NotHandedOnError."""
    data = json.dumps(body, ensure_ascii=False).encode()
    stamp = str(int(moment.timestamp()))
    headers = {
        "Content-Type": "application/json", "webhook-id": message_id, "webhook-timestamp": stamp,
        "webhook-signature": signature(message_id, stamp, data, secret),
    }  # fmt: skip
    try:
        response = httpx.post(url, content=data, headers=headers, timeout=TIMEOUT_S)
    except httpx.HTTPError as error:
        raise NotHandedOnError(type(error).__name__) from error
    if not response.is_success:
        raise NotHandedOnError(
            f"status {response.status_code}", for_good=response.status_code == 410
        )


def signature(message_id: str, stamp: str, data: bytes, secret: bytes) -> str:
    """`v1,` and the HMAC-SHA256 of id, seconds and body in base64."""
    signed = b".".join((message_id.encode(), stamp.encode(), data))
    return "v1," + base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()
