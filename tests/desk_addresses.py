"""The addresses of the pages behind a sign-in, for the tests that look at every one of them."""

from __future__ import annotations

import httpx
from desk_drafts import REASON, URL

from chatbot.pages.desk import OF_ONE, OWN, PAGES
from chatbot.routes import WITH_PAGES

LEADS_ON = {"/redazione"}  # to the first of them
TOLD_BY = {"/redazione/{name}": PAGES | OWN, "/redazione/{name}/{which}": OF_ONE}


def published(client: httpx.Client, draft: str, reason: str = REASON["reason"]) -> str:
    """The publication of a draft."""
    answer = client.post(f"{URL}/drafts/{draft}/publish", json={"reason": reason})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["publication"])


def addresses(draft: str, publication: str, network: tuple[str, ...]) -> list[str]:
    """Of each page that the routes have; of one of a guide, a draft with a guide in it, a
    publication and the files of the network too."""
    examples = {
        "guida": ["conto-di-base", "upm-torino", "violenza", f"conto-di-base?bozza={draft}"],
        "bozza": [draft],
        "pubblicazione": [publication],
        "rete": network,
        "anteprima": [f"{draft}-conto-di-base"],
    }
    found = [f"/redazione/{name}" for name in TOLD_BY["/redazione/{name}"]]
    found += [f"/redazione/{name}/{one}" for name in OF_ONE for one in examples[name]]
    routes = [route.path for module in WITH_PAGES for route in module.pages.routes]  # type: ignore[attr-defined]
    return found + [path for path in routes if path not in LEADS_ON | set(TOLD_BY)]
