"""What a conversation says of the person: title of stay and date of the asylum application."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from functools import lru_cache
from itertools import pairwise

from chatbot.question import Profile, Question
from chatbot.understand.application_date import application_date
from chatbot.understand.followup import Follows, by_words
from index.network import Network
from index.phrases import NEVER, any_of, plain

REMEMBERED = 8  # networks whose titles are kept compiled


def with_circumstances(
    question: Question, today: date, network: Network, follows: Follows = by_words
) -> Profile:
    """The profile given with the question, completed with what the question says and, when it
    goes on from the turns before it, with what they said: the last word counts."""
    title, when = None, None
    turns = [turn.text for turn in question.history if turn.role == "user"]
    for before, text in pairwise(("", *turns, question.text)):
        if not before or not follows(before, text):
            title, when = None, None
        title = title_of_stay(text, network) or title
        when = application_date(text, today, network, follows=when is not None) or when
    given = question.profile
    return replace(
        given, title=given.title or title, application_date=given.application_date or when
    )


def title_of_stay(text: str, network: Network) -> str | None:
    """The title of stay that `text` names, when it names one and no other."""
    found = titles_of_stay(text, network)
    return found.pop() if len(found) == 1 else None


def titles_of_stay(text: str, network: Network) -> set[str]:
    """The titles of stay of the network that `text` names."""
    found = {match.lastgroup for match in _patterns(network).finditer(plain(text))}
    return {network.titles[int(name[1:])].id for name in found if name}


@lru_cache(maxsize=REMEMBERED)
def _patterns(network: Network) -> re.Pattern[str]:
    """One group for each title of stay, `t0` and so on."""
    groups = (
        f"(?P<t{n}>{any_of(phrase for found in title.phrases.values() for phrase in found)})"
        for n, title in enumerate(network.titles)
    )
    return re.compile("|".join(groups) or NEVER)


def unsaid_title(profile: Profile, text: str, network: Network) -> str:
    """The title of stay, when it is known and `text` names none; or nothing."""
    known = profile.title if profile.title in network.title_of else None
    return "" if titles_of_stay(text, network) else known or ""
