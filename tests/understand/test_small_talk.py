"""A message that asks nothing is told from one that does, in every language of questions."""

from __future__ import annotations

import pytest

from chatbot.understand.small_talk import LONGEST, is_small_talk, says_yes


@pytest.mark.parametrize(
    "text",
    ["Ciao!", "ciaooo", "buongiorno e grazie mille", "Sei un robot?", "hello, how are you", "👍",
     "شكرا جزيلا", "добрий день", "merci beaucoup", "muchas gracias", "?!"],
)  # fmt: skip
def test_courtesy_asks_nothing(text: str) -> None:
    assert is_small_talk(text)


@pytest.mark.parametrize(
    "text",
    ["Ciao, quanto costa il permesso?", "grazie, e il codice fiscale?", "permesso", "60", "12/6",
     "hello, can I work?", "tu e lei"],
)  # fmt: skip
def test_a_question_with_courtesy_is_a_question(text: str) -> None:
    """So is a number alone, which answers something; and fillers alone say nothing."""
    assert not is_small_talk(text)


def test_a_long_message_is_never_taken_for_talk() -> None:
    """However many greetings it has: somebody may be telling something."""
    assert is_small_talk("ciao " * LONGEST)
    assert not is_small_talk("ciao " * (LONGEST + 1))


@pytest.mark.parametrize(
    "text", ["sì", "Sì grazie", "ok, dimmi", "yes please", "oui", "نعم", "так"]
)
def test_what_was_offered_is_accepted(text: str) -> None:
    assert says_yes(text)


@pytest.mark.parametrize("text", ["no", "grazie", "sì, ma quanto costa?", "", "👍"])
def test_nothing_else_accepts_it(text: str) -> None:
    """A thank-you is none: what was offered would come unasked."""
    assert not says_yes(text)
