"""Drafts of cases that wait in their file: read, named, thrown away."""

from __future__ import annotations

import re
from pathlib import Path

from filelock import FileLock

from eval.suite.case import Case
from eval.suite.folder import load_suite
from eval.suite.meaning import normalise
from eval.suite.sheet import save_suite

THEME = "bozze"
LOCK = ".bozze.lock"
ID_WORDS = 4  # of the question, in a suggested name
_WORD = re.compile(r"[a-z0-9]{4,}")
_TODO = re.compile(r"^Da completare:[^.]*\. Bussola ha dato: [^.]*\.\s*")


def drop(draft: str, drafts: Path) -> bool:
    """Take a draft away for good; whether it was there."""
    drafts.mkdir(parents=True, exist_ok=True)
    with FileLock(drafts / LOCK):
        known = read_drafts(drafts)
        left = [case for case in known if case.id != draft]
        if left and len(left) < len(known):
            save_suite(left, drafts)
        elif not left:
            (drafts / f"{THEME}.yaml").unlink(missing_ok=True)
        return len(left) < len(known)


def read_drafts(drafts: Path) -> tuple[Case, ...]:
    """Those that wait. Raises CasesError when the file was broken by hand."""
    return load_suite(drafts) if (drafts / f"{THEME}.yaml").is_file() else ()


def said_of(draft: Case) -> str:
    """What people said of the answer, without what was left to do."""
    return _TODO.sub("", draft.why)


def suggested_id(draft: Case, taken: frozenset[str]) -> str:
    """A free name for a case, from the words of its question; evaluators change it."""
    words = _WORD.findall(normalise(draft.question))[:ID_WORDS]
    name = "-".join(words) or draft.id
    numbered = (f"{name}-{n}" for n in range(2, 1_000))
    return name if name not in taken else next(one for one in numbered if one not in taken)
