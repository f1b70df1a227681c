"""How a slip can be sent, as the settings say: by e-mail, or to the system of a service."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Mapping
from dataclasses import dataclass

from chatbot.mail import Mailer, mailer_of
from chatbot.referral.referral import Channel
from chatbot.settings import Settings
from index.errors import BussolaError
from index.guide import Guide

ANY = "*"  # in BUSSOLA_REFERRAL_WEBHOOKS: every service that has no system of its own
LEAST_CODE = 16  # characters of the code of an office
SECRET = "whsec_"


class WayError(BussolaError):
    """A setting of the referrals is wrong; the message says which, in Italian."""


@dataclass(frozen=True, slots=True)
class Way:
    """Where a slip for one service goes: an e-mail address, or the address of its system."""

    channel: Channel
    to: str


@dataclass(frozen=True)
class Ways:
    """All that sending needs. Where something is missing nothing is sent, and the paper slip is
    what there is; `missing` says what, for whoever runs the service."""

    mailer: Mailer | None
    webhooks: Mapping[str, str]
    secret: bytes
    offices: Mapping[str, str]  # name of an office -> its code
    base: str  # public address, without a final slash
    days: int

    @classmethod
    def of(cls, settings: Settings) -> Ways:
        """Raises WayError or MailError for a setting that cannot work."""
        mailer = mailer_of(settings)
        short = [n for n, code in settings.referral_offices.items() if len(code) < LEAST_CODE]
        if short:
            raise WayError(f"Il codice di «{short[0]}» deve avere almeno {LEAST_CODE} caratteri.")
        for address in settings.referral_webhooks.values():
            if not address.startswith(("https://", "http://")):
                raise WayError("BUSSOLA_REFERRAL_WEBHOOKS: gli indirizzi iniziano con https://")
        return cls(
            mailer, settings.referral_webhooks, _secret(settings), settings.referral_offices,
            (settings.public_address or "").rstrip("/"), settings.referral_days,
        )  # fmt: skip

    @property
    def missing(self) -> str:
        """The first setting without which nothing is sent; empty when all are there."""
        if not self.mailer and not self.webhooks:
            return "BUSSOLA_SMTP_URL"
        needed = {"BUSSOLA_REFERRAL_OFFICES": self.offices, "BUSSOLA_PUBLIC_ADDRESS": self.base}
        return next((name for name, value in needed.items() if not value), "")

    def to(self, guide: Guide) -> Way | None:
        """Where a slip for the service of a card goes; None where it can only be printed."""
        if self.missing or guide.service is None:
            return None
        if url := self.webhooks.get(guide.slug):
            return Way("webhook", url)
        contacts = {c.kind: c.value for c in reversed(guide.service.contacts)}
        address = contacts.get("email") or contacts.get("pec")
        if self.mailer and address:
            return Way("email", address.strip())
        url = self.webhooks.get(ANY)
        return Way("webhook", url) if url else None

    def office_of(self, code: str) -> str:
        """The office whose code this is, compared with each in constant time; empty for none."""
        found = ""
        for name, own in self.offices.items():
            if hmac.compare_digest(own.encode(), code.encode("utf-8", "surrogatepass")):
                found = name
        return found


def _secret(settings: Settings) -> bytes:
    """The key of the signature. Raises WayError where a webhook has none."""
    try:
        secret = base64.b64decode(settings.referral_secret.removeprefix(SECRET), validate=True)
    except binascii.Error:
        secret = b""
    if settings.referral_webhooks and len(secret) < LEAST_CODE:
        raise WayError(
            "BUSSOLA_REFERRAL_SECRET manca o è corto: 24 byte in base64, dopo «whsec_». "
            "Per farne uno: openssl rand -base64 24"
        )
    return secret
