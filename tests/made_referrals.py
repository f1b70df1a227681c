"""Slips, and settings with which they are sent."""

from __future__ import annotations

from typing import Any

from chatbot.referral.referral import Referral, Slip, digest
from chatbot.settings import Settings

CODE = "codice-dello-sportello"
SECRET = "whsec_" + "c2VncmV0byBkaSBwcm92YSwgbHVuZ28="


def settings(**changes: Any) -> Settings:
    whole = {
        "smtp_url": "smtp://127.0.0.1:1?tls=no", "smtp_from": "bussola@rete.example",
        "referral_offices": {"Sportello di prova": CODE},
        "public_address": "https://bussola.example",
    }  # fmt: skip
    return Settings(_env_file=None, **{**whole, **changes})


WRITTEN = Slip("Il lavoro", (("Nome", "nome di prova"),), "https://b.example/x", "2031-06-01")


def made(**changes: Any) -> Referral:
    whole = {
        "office": "Sportello", "service": "ufficio", "title": "Ufficio", "channel": "email",
        "slip": WRITTEN, "receiver": digest("servizio"), "sender": digest("operatore"),
    }  # fmt: skip
    return Referral(**{**whole, **changes})
