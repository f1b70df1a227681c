"""Where a person lives and when they were born, as written in a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator

from chatbot.words.pack import italian

Found = tuple[int, int]

_MONTH = f"(?:{italian('months')})"
_DATE = (
    rf"(?:\d{{1,2}}\s?[./-]\s?\d{{1,2}}\s?[./-]\s?\d{{2,4}}|\d{{4}}-\d{{2}}-\d{{2}}"
    rf"|\d{{1,2}}[°º]?\s+{_MONTH}\.?\s+\d{{2,4}}|{italian('births.first_day')}\s+{_MONTH}\s+\d{{4}})"
)
_BORN = f"(?:{italian('addresses.born')})"
_GAP = r"(?P<gap>[^.?!;\d]{0,45}?)"
_BIRTH_DATE = re.compile(rf"{_BORN}{_GAP}(?<![\d/])(?P<date>{_DATE})", re.IGNORECASE)
_BIRTH_YEAR = re.compile(
    rf"\b(?:{italian('births.year')}) (?P<date>(?:19|20)\d\d)\b", re.IGNORECASE
)
_BIRTHDAY = re.compile(
    rf"\b(?:{italian('births.birthday')}){italian('births.on')} ?"
    rf"(?P<date>\d{{1,2}}[°º]? {_MONTH}(?: \d{{4}})?)\b",
    re.IGNORECASE,
)
_HOUR = re.compile(rf"\b(?:{italian('streets.at')})$", re.IGNORECASE)
# Between «nato» and a date, these say that the date is of something else.
_OTHER_EVENT = re.compile(rf"\b(?:{italian('addresses.other_event')})\b", re.IGNORECASE)

_STREET = f"(?:{italian('addresses.street')})"
_LINK = f"(?:{italian('streets.links')})"
_NUMBER = (
    rf",?\s*(?:{italian('streets.numbered')}\s*)?\d{{1,4}}"
    rf"(?:\s?(?:/|-)?\s?(?:{italian('streets.repeated')}|[a-z]))?\b"
    rf"(?:,?\s+(?:{italian('streets.within')})\.?\s*\w{{1,4}})?"
)
_UNIT = rf"(?!\s*(?:{italian('streets.counted')}|%|[.:]\d))"
_NUMBERED = re.compile(
    rf"\b{_STREET}\s+(?P<name>(?:{_LINK}\s*)*[^\W\d_][\w'’.]*(?:\s+[^\W\d_][\w'’.]*){{0,4}}?)"
    rf"{_NUMBER}{_UNIT}",
    re.IGNORECASE,
)
_LIVES = rf"\b(?:{italian('addresses.lives')})\b[^.?!;\d]{{0,20}}?"
_UNNUMBERED = re.compile(
    rf"(?i:{_LIVES})(?P<place>(?i:{_STREET})\s+(?:(?i:{_LINK})\s*)*[A-ZÀ-Ý][\w'’]+"
    r"(?:\s+[A-ZÀ-Ý][\w'’]*)*)"
)
_TOWN = re.compile(r",?\s+(?:\d{5}\s+)?[A-ZÀ-Ý][\w'’]+(?=\s*(?:[,.;?!)]|$))")
# Ways of doing things and courses, which only look like streets.
_NOT_A_STREET = re.compile(rf"^(?:{italian('addresses.not_a_street')})\b", re.IGNORECASE)


def birth_dates(text: str) -> Iterator[Found]:
    """Dates and years said to be of a birth; not those of a law, a permit or an arrival."""
    for match in _BIRTH_DATE.finditer(text):
        if not _OTHER_EVENT.search(match["gap"]):
            yield match.span("date")
    for pattern in (_BIRTH_YEAR, _BIRTHDAY):
        for match in pattern.finditer(text):
            yield match.span("date")


def addresses(text: str) -> Iterator[Found]:
    """A street with its number, or a street where somebody is said to live."""
    for match in _NUMBERED.finditer(text):
        if not _NOT_A_STREET.match(match["name"]) and not _HOUR.search(match["name"]):
            yield match.start(), _with_town(text, match.end())
    for match in _UNNUMBERED.finditer(text):
        yield match.span("place")


def _with_town(text: str, end: int) -> int:
    town = _TOWN.match(text, end) if text[end : end + 1] == "," else None
    return town.end() if town else end
