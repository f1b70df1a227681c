"""The contract holds whatever is sent: generated requests and naughty strings, never a 5xx."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import schemathesis
from folders import DATA
from hypothesis import HealthCheck, Phase, given, settings
from sockets import QUESTION

NAUGHTY: list[str] = json.loads((DATA / "conformance/blns.json").read_text(encoding="utf-8"))


QUIET = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]


def _fuzz(site: str, cases: int, same: bool) -> int:
    """`cases` generated requests to each route, valid and not; how many routes there were.
    `same` makes them the same at each run, so that a change fails for what it does."""
    schema = schemathesis.openapi.from_url(f"{site}/openapi.json", timeout=120)
    routes = [result.ok() for result in schema.get_all_operations()]
    for route in routes:

        @given(case=route.as_strategy())
        @settings(max_examples=cases, deadline=None, suppress_health_check=QUIET,
                  phases=[Phase.explicit, Phase.generate], database=None,
                  derandomize=same)  # fmt: skip
        def keeps_its_contract(case: Any) -> None:
            case.call_and_validate(timeout=30)

        keeps_its_contract()
    return len(routes)


def test_every_route_keeps_its_contract(site: str) -> None:
    """Generated requests, valid and not, to every route: a documented status and body each."""
    assert _fuzz(site, 25, same=True) >= 9


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_every_route_keeps_its_contract_over_thousands_of_cases(site: str) -> None:
    """The same, long."""
    assert _fuzz(site, 1000, same=False) >= 9


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("\u200b", 200), ("\u0017\U0003d184\U00029bec", 200), ("?", 200),
        ("\u2028 \u00a0", 422), ("\x00\x85\x9f", 422), ("\ufeff", 422),
    ],
)  # fmt: skip
def test_what_counts_as_blank(site: str, text: str, status: int) -> None:
    """Blanks and control characters alone are no question, by the schema and by the server; any
    other character is one, though nobody can read it."""
    pattern = httpx.get(f"{site}/openapi.json").json()["components"]["schemas"]["ChatIn"][
        "properties"
    ]["question"]["pattern"]
    answer = httpx.post(f"{site}/api/chat", json={"question": text}, timeout=30)
    assert answer.status_code == status
    assert bool(re.search(pattern, text)) == (status == 200)


def _every_field(text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """A naughty string in every text field that the contract has."""
    yield "/api/chat", {"question": text}
    yield "/api/chat", {**QUESTION, "history": [{"role": "user", "text": text}]}
    for name in ("title", "municipality", "application_date"):
        yield "/api/chat", {**QUESTION, "profile": {name: text}}
    yield "/api/chat", {**QUESTION, "language": text}
    yield "/api/chat", {**QUESTION, "conversation": text}
    yield "/api/feedback", {"answer_id": "a1", "reason": "sbagliata", "comment": text}
    yield "/api/feedback", {"answer_id": text, "reason": text}


def _send_naughty(site: str, texts: list[str]) -> int:
    sent = 0
    with httpx.Client(base_url=site, timeout=30) as client:
        for text in texts:
            for path, body in _every_field(text):
                response = client.post(path, json=body)
                sent += 1
                assert response.status_code in (200, 422), (path, body, response.text[:300])
            for url in ("/guide", "/servizi"):
                page = client.get(url, params={"q": text, "bisogno": text, "comune": text})
                assert page.status_code in (200, 404, 422), (url, text, page.status_code)
                assert "Traceback" not in page.text
    return sent


def test_naughty_strings_in_every_text_field(site: str) -> None:
    """One in ten of the naughty strings through every field; the soak sends them all."""
    assert _send_naughty(site, NAUGHTY[::10]) == len(NAUGHTY[::10]) * 9


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_all_the_naughty_strings_in_every_text_field(site: str) -> None:
    """All 515, through every text field and the searches of the pages."""
    assert len(NAUGHTY) == 515
    assert _send_naughty(site, NAUGHTY) == 5150
