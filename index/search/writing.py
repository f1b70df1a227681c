"""The ways of writing one thing made one, so that a question and a passage meet: «C.P.I.» and
«CPI», «1.000» and «1000», «142/15» and «142/2015», «e-mail» and «email»."""

from __future__ import annotations

import re

_DOTTED = re.compile(r"(?<![^\W_])(?<!\.)(?:[^\W\d_]\.){2,}(?:[^\W\d_](?![^\W_]))?")
_HYPHEN = re.compile(r"(?<![^\W_])([^\W\d_])[-‐‑](?=[^\W\d_]{3})")
_THOUSANDS = re.compile(r"(?<![\d./,-])\d{1,3}(?:\.\d{3})+(?![\d/-]|\.\d)")
_SHORT_YEAR = re.compile(r"(?<![\d./,-])(?:(\d{1,5})|\d{1,2}/\d{1,2})/(\d\d)(?![\d/-]|[.,]\d)")
_CENTURY = 50  # a year of two figures below it is of this century
_LAST_DAY, _LAST_MONTH = 31, 12


def one_form(text: str) -> str:
    """`text` with acronyms, numbers, years and words with a letter apart in one form each."""
    text = _HYPHEN.sub(r"\1", join_acronyms(text))
    text = _THOUSANDS.sub(lambda match: match.group().replace(".", ""), text)
    return _SHORT_YEAR.sub(_with_century, text)


def join_acronyms(text: str) -> str:
    """`text` with the full stops inside acronyms taken away; a stop that ends it goes with them."""
    return _DOTTED.sub(lambda match: match.group().replace(".", ""), text)


def _with_century(match: re.Match[str]) -> str:
    """A number and its year, unless it can be a day and its month; or a day, a month and a year."""
    number, year = match.groups()
    if number and int(number) <= _LAST_DAY and 0 < int(year) <= _LAST_MONTH:
        return match.group()
    century = "20" if int(year) < _CENTURY else "19"
    return f"{match.group()[:-2]}{century}{year}"
