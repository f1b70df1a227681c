"""The network of this repository: what an editor may write has a name in every language."""

from __future__ import annotations

import pytest
from networks import REAL, WRONG

from chatbot.pages.texts import LANGUAGES
from index.network import EVERYBODY


def test_it_is_read_without_findings() -> None:
    """Every file of `rete/`."""
    assert WRONG == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_value_of_the_front_matter_has_a_name(language: str) -> None:
    """Needs and audiences an editor may write are all named, none twice alike."""
    needs = {need: names.get(language, "") for need, names in REAL.needs_shown.items()}
    audiences = {who: names.get(language, "") for who, names in REAL.audiences.items()}
    for named in (needs, audiences):
        assert [value for value, name in named.items() if not name.strip()] == []
        assert len(set(named.values())) == len(named)
    assert next(iter(audiences)) == EVERYBODY
