"""The words of each language, one file a language, put together into regular expressions.

A file holds some kinds of words (months, cues of a follow-up, forms of answer …); a kind that it
lacks is not looked for in that language. Another language of questions is another file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

import yaml

FOLDER = Path(__file__).parent
Language = Literal["it", "en", "fr", "es", "ar", "uk"]  # of the questions and of the pages
LANGUAGES: tuple[Language, ...] = get_args(Language)

Pack = Mapping[str, Any]


def read_pack(path: Path) -> Pack:
    """The kinds of words of one language."""
    return dict(yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader))


@cache
def pack(language: str) -> Pack:
    return read_pack(FOLDER / f"{language}.yaml")


@cache
def packs() -> tuple[Pack, ...]:
    """Those of all the languages that questions are asked in."""
    return tuple(map(pack, LANGUAGES))


def listed(kind: str, among: Iterable[Pack] | None = None) -> list[str]:
    """The patterns of a kind in every language; `a.b` is the kind `b` of the group `a`."""
    group, _, name = kind.rpartition(".")
    found = []
    for words in packs() if among is None else among:
        within = words.get(group, {}) if group else words
        found += within.get(name, [])
    return found


def either(kind: str, among: Iterable[Pack] | None = None) -> str:
    """A pattern that finds any of a kind, for the middle of another pattern."""
    return "|".join(listed(kind, among))


def italian(kind: str) -> str:
    """As `either`, in Italian, which the guides are in."""
    return either(kind, (pack("it"),))
