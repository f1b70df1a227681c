"""A BEIR folder in two halves: one for practice, one to tell figures on."""

from __future__ import annotations

import hashlib

from eval.beir import Beir


def for_practice(name: str) -> bool:
    """Whether what has this name (an article's title, a question's id) is in the half for practice:
    a digest decides, so that it always falls on the same side."""
    return hashlib.sha256(name.encode()).digest()[-1] % 2 == 0


def title_of(data: Beir, query: str) -> str:
    """The title of the first document that answers a question, or the document's id."""
    document = min(data.qrels[query])
    return dict(zip(data.ids, data.titles, strict=True))[document] or document
