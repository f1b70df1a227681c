"""What a conversation says of the person: title of stay and date of the asylum application."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise

from chatbot.question import Profile, Question
from chatbot.understand.application_date import application_date
from chatbot.understand.followup import Follows, by_words
from chatbot.understand.titles import title_of_stay, titles_of_stay
from index.network import Network


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


def unsaid_title(profile: Profile, text: str, network: Network) -> str:
    """The title of stay, when it is known and `text` names none; or nothing."""
    known = profile.title if profile.title in network.title_of else None
    return "" if titles_of_stay(text, network) else known or ""
