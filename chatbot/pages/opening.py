"""Opening hours as editors write them, read only where they leave no doubt."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, time

from chatbot.pages.texts import fold
from chatbot.words.pack import italian, listed, pack

_DAY = f"(?:{italian('weekdays')})"
_DAYS = tuple(day[:3] for day in listed("weekdays", (pack("it"),)))
_HOUR = r"\d{1,2}(?:[.:]\d{2})?"
_UNTIL = rf"(?:-|{italian('opening.to_hour')})"
_SPAN = rf"(?:{italian('opening.from_hour')}\s+)?{_HOUR}\s*{_UNTIL}\s*{_HOUR}"
_AND, _TO = rf"\b{italian('opening.also')}\b", italian("opening.to_day")
_JOIN = rf"\s*(?:,|;|/|{_AND})?\s*"
_ENTRY = re.compile(
    rf"(?P<days>(?:{italian('opening.from_day')}\s+)?{_DAY}"
    rf"(?:\s*(?:-|,|/|{_AND}|\b{_TO}\b)\s*{_DAY})*)\s*:?\s*"
    rf"(?P<spans>{_SPAN}(?:{_JOIN}{_SPAN})*){_JOIN}"
)
_ALWAYS = re.compile(rf"(?:{italian('opening.always')})(?:{italian('opening.every_day')})?[.]?")

Interval = tuple[int, time, time]  # weekday (Monday is 0), opening, closing


def is_open(hours: str | None, moment: datetime) -> bool | None:
    """Whether the door is open at `moment` (local time); None when the text does not say
    so without doubt: «su appuntamento», «primo giovedì del mese», no hours at all."""
    intervals = read_hours(hours or "")
    if intervals is None:
        return None
    return any(
        day == moment.weekday() and start <= moment.time() < end for day, start, end in intervals
    )


def read_hours(text: str) -> list[Interval] | None:
    """The intervals of «lun-gio 9-13, ven 14.30-16.30», or None for any word beyond those."""
    plain = re.sub(r"[–—]", "-", fold(text)).strip()
    if _ALWAYS.fullmatch(plain):
        return [(day, time.min, time.max) for day in range(7)]
    plain = plain.rstrip(".")
    intervals: list[Interval] = []
    position = 0
    while position < len(plain):
        match = _ENTRY.match(plain, position)
        if not match:
            return None
        try:
            spans = list(_spans(match["spans"]))
        except ValueError:
            return None
        intervals += [(day, start, end) for day in _days(match["days"]) for start, end in spans]
        position = match.end()
    return intervals or None


def _days(text: str) -> list[int]:
    numbers: list[int] = []
    pieces = re.findall(rf"{_DAY}|-|\b{_TO}\b", text)
    names = [(piece[:3], i) for i, piece in enumerate(pieces) if piece[:3] in _DAYS]
    for name, i in names:
        day = _DAYS.index(name)
        if i and pieces[i - 1][:3] not in _DAYS and numbers:
            numbers += [d % 7 for d in range(numbers[-1] + 1, day + 1)]
        else:
            numbers.append(day)
    return numbers


def _spans(text: str) -> Iterator[tuple[time, time]]:
    for start, end in re.findall(rf"({_HOUR})\s*{_UNTIL}\s*({_HOUR})", text):
        opening, closing = _time(start), _time(end)
        if opening >= closing:
            raise ValueError(text)
        yield opening, closing


def _time(text: str) -> time:
    hour, _, minute = text.replace(".", ":").partition(":")
    return time.max if int(hour) == 24 else time(int(hour), int(minute or 0))
