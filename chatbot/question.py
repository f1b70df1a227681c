"""What is asked: the question, the turns before it and the person it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from chatbot.period import Period
from index.encode.encoder import Encoder, QueryTokens

MAX_QUESTION = 4_000  # characters: people paste e-mails


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of the conversation so far."""

    role: Literal["user", "assistant"]
    text: str


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of the person, so that it need not be asked again; never a name."""

    title: str | None = None  # title of stay, named as in the guides' `per_chi`
    application_date: Period | None = None  # of the asylum application
    municipality: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A question as asked."""

    text: str
    language: str = ""  # of who asks; the text's own counts, where it tells
    history: tuple[Turn, ...] = ()
    profile: Profile = field(default_factory=Profile)


@dataclass(frozen=True, slots=True)
class Query:
    """A question as searched: corrected, expanded, with its topic; and all that was read in it.

    `text` goes to the encoder and to nobody else, and so does each of the things asked, `asks`;
    `stems` go to the lexical index, `own_stems` are those of the words asked (without expansions),
    against which coverage is judged. What later rooms want to know of a question is one of the
    other fields: none of them reads it again.
    """

    text: str
    asks: tuple[str, ...]
    stems: tuple[str, ...]
    own_stems: tuple[str, ...]
    language: str
    profile: Profile
    definition: bool = False  # asks what a word means
    shown: str = ""  # the question as searched, where it differs from the one asked
    unsaid: str = ""  # the title of stay, where it is known and the question does not say it
    written: str = ""  # the last turn as it came
    goes_on: bool = False  # the last turn took its topic from those before
    posed: str = ""  # as it is put to a language model, whole
    latest: str = ""  # and without the topic of the turns before
    titles: frozenset[str] = frozenset()  # of stay, that it names or that are known of the person
    places: frozenset[str] = frozenset()  # of the network, that it names: folded
    abroad: frozenset[str] = frozenset()  # countries that the guides do not speak of, in plain
    rules: frozenset[str] = frozenset()  # ids of the reforms of which it says which rule it means
    kinds: frozenset[str] = frozenset()  # of answer, that a text has the form of or does not give
    whether: bool | None = None  # the last turn asks for a yes or a no; None: it does not tell
    figures: frozenset[str] = frozenset()  # numbers in the last turn

    def to_read(self, asked: int) -> str:
        """One of the things asked, as a reader sees it: before all that was said, where that is
        more."""
        part = self.asks[asked]
        return part if part == self.text else f"{part} {self.text}"


@dataclass(frozen=True)
class QueryVectors:
    """A query as the encoder sees it: the `whole` with its tokens; `all` (1 + a, d), the whole and
    then each of the things asked; `searches` (e, d), other questions that candidates are looked for
    with."""

    whole: QueryTokens
    all: NDArray[np.float32]
    searches: NDArray[np.float32]

    @classmethod
    def of(cls, query: Query, encoder: Encoder, searches: Sequence[str] = ()) -> QueryVectors:
        whole = encoder.encode_query_tokens(query.text)
        asked = [
            whole.vector if part == query.text else encoder.encode_queries([part])[0]
            for part in query.asks
        ]
        return cls(whole, np.stack([whole.vector, *asked]), encoder.encode_queries(searches))
