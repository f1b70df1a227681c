"""Rules about places and contacts: a wrong one sends a person to the wrong door."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.check.dates import key_line
from index.finding import Finding
from index.guide import Contact, Guide, Service
from index.network import Network
from index.phone import phone_problem
from index.places import Places

_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[a-z]{2,}", re.IGNORECASE)
_SITE = re.compile(r"(https?://)?[a-z0-9.-]+\.[a-z]{2,}(/\S*)?", re.IGNORECASE)


def places(guide: Guide, network: Network) -> Iterator[Finding]:
    """Territory, municipality and area served exist, where the network says which ones do."""
    known = network.places
    if not known.rows:
        return
    if guide.territory and not known.has(guide.territory):
        yield from _unknown_place(guide, known, "territorio", guide.territory)
    if guide.service is None:
        return
    municipality = guide.service.municipality
    if municipality and not known.find(municipality):
        yield from _unknown_place(guide, known, "comune", municipality)
    for area in guide.service.area:
        if not known.has(area):
            yield from _unknown_place(guide, known, "area", area)


def _unknown_place(guide: Guide, known: Places, key: str, name: str) -> Iterator[Finding]:
    """An error when it looks like a slip; of places elsewhere the list cannot tell."""
    line, meant = key_line(guide, key), known.nearest(name)
    if meant:
        message = f"«{key}»: «{name}» non è fra i luoghi di rete/luoghi.csv; forse «{meant}»?"
        yield Finding(guide.path, line, message, "place")
    else:
        message = f"«{key}»: «{name}» non è fra i luoghi di rete/luoghi.csv"
        yield Finding(guide.path, line, message, "place", "warning")


def contacts(guide: Guide, network: Network) -> Iterator[Finding]:
    """Contacts have the form of what they are, and there is a way to reach the service."""
    service = guide.service
    if service is None:
        return
    for contact in service.contacts:
        problem = contact_problem(contact, network.phone_country)
        if problem:
            yield Finding(guide.path, _contact_line(guide, contact), problem, "contact")
    if not reachable(service):
        message = "nessun contatto e nessun indirizzo: aggiungine uno che abbia una fonte"
        yield Finding(guide.path, 1, message, "contact", "warning")


def reachable(service: Service) -> bool:
    return bool(service.contacts or service.address)


def contact_problem(contact: Contact, country: str) -> str | None:
    """What is wrong with the form of a contact, or None."""
    value = contact.value.strip()
    if contact.kind in {"telefono", "whatsapp"}:
        return phone_problem(value, country)
    if contact.kind in {"email", "pec"} and not _EMAIL.fullmatch(value):
        return f"«{value}» non è un indirizzo di posta elettronica"
    if contact.kind == "sito" and not _SITE.fullmatch(value):
        return f"«{value}» non è un indirizzo di sito: scrivilo come https://…"
    return None


def _contact_line(guide: Guide, contact: Contact) -> int:
    for number, line in enumerate(guide.markdown.split("\n"), start=1):
        if contact.value in line:
            return number
    return 1
