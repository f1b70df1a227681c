"""How a turn is made that keeps the question before it and changes its object, language by language
(`keeps` of their files): «e la carta d'identità?» after «quanto costa il permesso?»."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from chatbot.words.pack import Pack, packs

_NEVER = r"(?!)"


@dataclass(frozen=True, slots=True)
class Keeps:
    """The words of one language: of such a turn how it `opens` and `closes`, what stands before
    whom or what it is for, what is `no_thing`, or an act on one (`acts`); of the question before
    it, what is `asked` or `done` up to its object, where that `begins`, what `stays` after it.
    `joined` has a preposition and an article, and how the two are written as one."""

    opens: re.Pattern[str]
    closes: re.Pattern[str]
    for_whom: re.Pattern[str]
    articles: re.Pattern[str]  # none, one, or «il mio»
    has_articles: bool
    no_thing: re.Pattern[str]
    acts: re.Pattern[str]
    people: re.Pattern[str]
    for_people: re.Pattern[str]
    asked: tuple[re.Pattern[str], ...]
    done: tuple[re.Pattern[str], ...]
    begins: re.Pattern[str]
    purpose: re.Pattern[str]
    stays: re.Pattern[str]
    for_written: str
    joined: Mapping[tuple[str, str], str]

    @classmethod
    def of(cls, language: Pack) -> Keeps:
        words: Mapping[str, list[str]] = language["keeps"]
        joined: Mapping[str, str] = language["keeps"]["joined"]
        either = {kind: "|".join(words.get(kind, ())) or _NEVER for kind in (*words, "glued")}
        article, people = rf"(?:(?:{either['articles']})\s*)*", either["people"]
        ends = rf"(?<!\w)(?:{either['stays']})|(?<!\w)(?:{either['tails']})\W*$"
        forms = (re.escape(form) + ("" if form.endswith("'") else r"(?!\w)") for form in joined)
        return cls(
            opens=_compiled(rf"^\W*(?:(?:{either['opens']})[\s,]+|(?:{either['glued']}))"),
            closes=_compiled(rf"[\s,]+(?:{either['closes']})$"),
            for_whom=_compiled(rf"(?:{either['for']})\s*"),
            articles=_compiled(article),
            has_articles=bool(words["articles"]),
            no_thing=_compiled(rf"(?<!\w)(?:{either['no_thing']})(?!\w)"),
            acts=_compiled(rf"{article}(?:{either['acts']})"),
            people=_compiled(rf"(?<!\w)(?:{people})(?!\w)"),
            for_people=_compiled(rf"(?<!\w)(?:{either['for']})\s*{article}(?:{people})(?!\w)"),
            asked=tuple(map(_compiled, words["asked"])),
            done=tuple(map(_compiled, words["done"])),
            begins=_compiled(rf"(?<![\w'])(?:{'|'.join([*forms, either['articles']])})"),
            purpose=_compiled(rf"(?<!\w)(?:{either['purpose']})\s*"),
            stays=_compiled(rf"[;(]|,(?!\s*(?:{either['purpose']}))|{ends}"),
            for_written=words["for_written"][0],
            joined={_apart(apart): form for form, apart in joined.items()},
        )


def _apart(written: str) -> tuple[str, str]:
    preposition, article = written.split()
    return preposition, article


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


@cache
def keeps() -> tuple[Keeps, ...]:
    """Those of each language that questions are asked in."""
    return tuple(map(Keeps.of, packs()))
