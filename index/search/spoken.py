"""The words that a text says without meaning a person."""

from __future__ import annotations

import re
from collections.abc import Iterable

from index.guide import Guide
from index.passage import Passage

_WORD = re.compile(r"[^\W\d_]+")


def spoken_in(texts: Iterable[str]) -> frozenset[str]:
    """In lower case, the words written small in any of the texts, and those all in capitals
    (acronyms): what is only ever written with one capital may be a name, and is not among them."""
    found = (word for text in texts for word in _WORD.findall(text))
    return frozenset(
        word.lower() for word in found if word.islower() or (word.isupper() and len(word) > 1)
    )


def spoken_of(passages: Iterable[Passage], glossary: Guide | None) -> frozenset[str]:
    """Of passages, with the questions that lead to them, and of every way to write a term."""
    terms = glossary.terms if glossary else ()
    forms = (form.lower() for term in terms for form in (term.term, *term.variants))
    return spoken_in([*forms, *(passage.searched for passage in passages)])
