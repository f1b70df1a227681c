"""The words around an answer, one file per language in `texts/`."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

DEFAULT = "it"
_FOLDER = Path(__file__).parent / "texts"


@lru_cache(maxsize=16)
def texts(language: str) -> dict[str, Any]:
    """The texts of a language, those of `it.json`; Italian where it is not there."""
    known = {path.stem: path for path in _FOLDER.glob("*.json")}
    return dict(json.loads(known.get(language, known[DEFAULT]).read_text(encoding="utf-8")))
