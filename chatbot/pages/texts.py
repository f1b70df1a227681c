"""The words of the pages and the widget, one JSON file per language under `web/texts`; those of
whole pages of text apart, in `statements`, so that the chat does not load them."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from chatbot.words.pack import LANGUAGES

_FOLDER = Path(__file__).parent.parent / "web" / "texts"


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of one language; calling it with a key gives the text of a page."""

    language: str
    name: str
    dir: str
    pages: Mapping[str, str]
    months: tuple[str, ...]
    widget: Mapping[str, str]

    def __call__(self, key: str, **values: object) -> str:
        """The text of `key` with `{name}` replaced; an unknown key raises KeyError."""
        return self.pages[key].format(**values) if values else self.pages[key]

    def label(self, prefix: str, value: str) -> str:
        """The name shown for a value of the front matter; the value itself when unnamed."""
        return self.pages.get(f"{prefix}_{value}", value)

    def kind(self, value: str) -> str:
        """What a kind of guide is called."""
        return self.label("kind", value)

    def day(self, value: date) -> str:
        """«22 novembre 2026» in this language."""
        return f"{value.day} {self.months[value.month - 1]} {value.year}"

    def verified(self, value: date | None, key: str = "verified_on") -> str:
        """«Verificato il 22 novembre 2026.», or that nobody says when."""
        return self(key, date=self.day(value)) if value else self("undated")


@cache
def load_texts(language: str) -> Texts:
    """Texts of `language`, Italian for any language there is no file for."""
    known = language if language in LANGUAGES else "it"
    data = _read(_FOLDER / f"{known}.json")
    pages = data["pages"] | _read(_FOLDER / "statements" / f"{known}.json")
    return Texts(known, data["name"], data["dir"], pages, tuple(data["months"]), data["widget"])


def _read(path: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return data


def fold(text: str) -> str:
    """Lower case without accents, so that «perche» finds «Perché» (`fold.js` folds alike)."""
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).lower()
