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
    """The texts of a language; Italian where it is not there. Keys are those of `it.json`."""
    path = _FOLDER / f"{language}.json"
    known = (
        path if path.name in {p.name for p in _FOLDER.iterdir()} else _FOLDER / f"{DEFAULT}.json"
    )
    return dict(json.loads(known.read_text(encoding="utf-8")))
