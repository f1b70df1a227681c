"""The words of the language of the guides that the checks look for: `it.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

_FILE = Path(__file__).with_name("it.yaml")
_WORDS: Mapping[str, Any] = yaml.load(_FILE.read_text(encoding="utf-8"), yaml.CSafeLoader)

NUMERALS: Mapping[str, str] = {word: str(n) for word, n in _WORDS["numerals"].items()}
MONTHS: tuple[str, ...] = tuple(_WORDS["months"])


def either(kind: str) -> str:
    """A pattern that finds any of a kind, for the middle of another pattern."""
    return "|".join(_WORDS[kind])
