"""Whether a text says a fact, and not its contrary: by words, and by what turns words round.

A fact has a polarity and a condition. «entro 60 giorni» is not «non prima di 60 giorni», «può
lavorare» is not in «non può lavorare», nor «i rifugiati» in «tutti tranne i rifugiati»; «sessanta
giorni» and «60 gg» are. All is mechanical: what the words of the language are stands in
`meaning.yaml`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

from eval.suite.case import Case
from index.check.facts import QUANTITY

WORDS = Path(__file__).parent / "meaning.yaml"
REMEMBERED = 4_000  # texts whose canonical form is kept at hand
MOST_BETWEEN = 3  # words between a condition and what it is about
LOOKED_AT = 120  # characters before a match in which what turns it round is looked for
MOST_CARRIED = 4  # words between a «non» and what it denies
_MARK = "§{}§"  # of a condition, in a canonical text; no word has it
_THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?:\.\d{3})+(?![\d.]?\d)")
_DATE = re.compile(r"(?<![\d/.])(\d{1,2})[./](\d{1,2})[./](\d{4})(?![\d/])")
_ORDINAL = re.compile(r"\b1[°o](?=\s)")


BARE = (
    "i suoi fatti sono solo numeri («{}»): scrivi anche la parola che li regge, per esempio «entro "
    "60 giorni», o metti fra i «mai» il contrario"
)


def only_numbers(case: Case) -> bool:
    """Whether a case asks for no fact but numbers, and forbids nothing: «60 giorni» is said by «non
    prima di 60 giorni» and by «entro 60 giorni», which are opposites."""
    phrases = [phrase for fact in case.facts for phrase in fact]
    return bool(phrases) and not case.forbidden and all(map(QUANTITY.fullmatch, phrases))


def normalise(text: str) -> str:
    """Lower case, no accents, no Markdown marks, plain apostrophes, single blanks."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("’", "'"))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(re.sub(r"[*_`#«»“”\"§]|\[\d+\]", " ", plain).split())


@lru_cache(maxsize=REMEMBERED)
def canonical(text: str) -> str:
    """`normalise`, and then numbers in figures with their unit, dates in words, and a mark in the
    place of each condition."""
    words = _words()
    plain = _ORDINAL.sub("1", normalise(text))
    plain = _THOUSANDS.sub(lambda found: found.group().replace(".", ""), plain)
    plain = _DATE.sub(lambda found: _in_words(found, words["months"]), plain)
    for pattern, shown in words["units"]:
        plain = re.sub(pattern, shown, plain)
    numerals: dict[str, int] = words["numerals"]
    plain = re.sub(
        rf"\b({'|'.join(numerals)})(?=\s+(?:{words['counted']})\b)",
        lambda found: str(numerals[found.group(1)]), plain,
    )  # fmt: skip
    for name, pattern in words["conditions"].items():
        plain = re.sub(rf"(?<![\w§'])(?:{pattern})(?![\w§])", _MARK.format(name), plain)
    return plain


def contains(text: str, phrase: str) -> bool:
    """Whether `text` says `phrase`, in whole words («60 giorni» is not in «160 giorni»), under
    the same condition, and somewhere without denying it or taking it out."""
    said = canonical(text)
    return any(not _denied(said[: found.start()]) for found in _places(said, canonical(phrase)))


def denies(text: str, phrase: str) -> bool:
    """Whether `text` has the words of `phrase`, and each time denied or under an exception."""
    said = canonical(text)
    places = [found.start() for found in _places(said, canonical(phrase))]
    return bool(places) and all(_denied(said[:place]) for place in places)


def matches(text: str, pattern: str, model: Sequence[str] = ()) -> bool:
    """`contains` of a regular expression: whether `text` matches it somewhere, capitals or not,
    without denying it or taking it out. `model` are sentences that say it as it should be said: it
    must be denied where they deny it, and no figure that they have under a condition («entro 60
    giorni») is said under another («dopo 60 giorni»)."""
    found = re.compile(pattern, re.IGNORECASE)
    meant = {_sense(match) for one in model for match in found.finditer(one)} or {(False, "")}
    return any(
        denied == wanted and (bound == condition or not (bound and condition))
        for denied, bound in map(_sense, found.finditer(text))
        for wanted, condition in meant
    )


def _sense(match: re.Match[str]) -> tuple[bool, str]:
    """Whether a match is denied or an exception, and the condition that it stands under."""
    before = _before(match)
    return _denied(before), _bound(match, before)


def _before(match: re.Match[str]) -> str:
    """What stands right before a match, in its canonical form."""
    before = match.string[max(0, match.start() - LOOKED_AT) : match.start()]
    return canonical(before if match.start() <= LOOKED_AT else before.partition(" ")[2])


def _bound(match: re.Match[str], before: str) -> str:
    """The condition that the figure matched stands under; "" where none, or where it is no
    figure."""
    if not re.search(r"\d", canonical(match.group())):
        return ""
    between = rf"(?:\s*(?:{_words()['between']})(?!\w)){{0,{MOST_BETWEEN}}}"
    bounds = "|".join(_words()["bounds"])
    found = re.search(rf"§({bounds})§{between}\s*$", before)
    return found.group(1) if found else ""


def _places(said: str, phrase: str) -> Iterator[re.Match[str]]:
    """Where the words of a phrase stand: after a condition others may come between."""
    between = rf"(?:\s*(?:{_words()['between']})(?![\w])){{0,{MOST_BETWEEN}}}\s*"
    parts = re.split(r"(§\w+§)", phrase)
    pattern = ""
    for before, part in zip(["", *parts], parts, strict=False):
        text = part.strip()
        if before.startswith("§"):
            text = re.sub(rf"^(?:(?:{_words()['between']})(?!\w)\s*)+(?=\S)", "", text)
            pattern += between if text else ""
        elif pattern and text:
            pattern += r"\s*"
        pattern += re.escape(text)
    # a figure is whole: «500 euro» is not in «2,500», nor «5» in «5,2»
    return re.finditer(rf"(?<!\w)(?<!\d[.,]){pattern}(?!\w)(?![.,]\d)", said)


def _denied(before: str) -> bool:
    """Whether what stands right before denies what follows, or makes it an exception. What is not
    to be done without something asks for it: «non si parte senza un legale»."""
    found = _denying().search(before)
    if found is None or not found["word"]:
        return found is not None
    return not _needing().search(before[: found.end("word")])


@cache
def _denying() -> re.Pattern[str]:
    words = _words()
    between = words["between"]
    carried = rf"(?:\s*(?:{words['carries']}|{between})(?!\w)){{0,{MOST_CARRIED}}}"
    excepted = rf"§except§(?:\s*(?:{between})(?!\w)){{0,{MOST_BETWEEN}}}"
    return re.compile(rf"(?:(?<![\w'])(?P<word>{words['negation']})(?!\w){carried}|{excepted})\s*$")


@cache
def _needing() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w'])non(?:\s[\w']+){{1,{MOST_CARRIED}}}\s(?:{_words()['without']})$")


def _in_words(found: re.Match[str], months: list[str]) -> str:
    day, month, year = (int(part) for part in found.groups())
    return f"{day} {months[month - 1]} {year}" if 1 <= month <= 12 else found.group()


@cache
def _words() -> Any:
    return yaml.safe_load(WORDS.read_text(encoding="utf-8"))
