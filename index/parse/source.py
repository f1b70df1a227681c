"""The text of a file: decoded, in one form, with nothing in it that a reader would not see.

Two texts that look the same are the same from here on: letters with their accents in one piece
(NFC), no soft hyphens or other characters without a shape. Those that could make a reader see
something else than what is indexed are refused, and so is a merge that nobody finished.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from index.finding import Finding, Severity

ENCODING, MERGE, CHARACTER = "encoding", "merge", "character"

_LIKE_A_BLANK = re.compile("[\x0b\x0c\x85\u2028\u2029]")
# Without a shape, and without a meaning in running text: hyphens and joins of a typesetter, marks
# of the order of bytes. Those that some scripts and emoji need (200C-200F, 061C) are kept.
_SHAPELESS = re.compile("[\u00ad\u200b\u2060\ufeff]")
_MERGE = re.compile(r"(?:<{7}|>{7}|\|{7})(?: |$)")
_NOT_SEEN: tuple[tuple[re.Pattern[str], Severity, str], ...] = (
    (
        re.compile("[\u202a-\u202e\u2066-\u2069]"),
        "error",
        "cambia l'ordine in cui si legge il testo: toglilo",
    ),
    (
        re.compile("[\U000e0000-\U000e007f]"),
        "error",
        "non si vede e può nascondere parole: toglilo",
    ),
    (
        re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]"),
        "error",
        "è un carattere di controllo: toglilo",
    ),
    (
        re.compile("[\ue000-\uf8ff\ufffd\U000f0000-\U0010fffd]"),
        "warning",
        "non ha una forma che tutti vedano: scrivi il segno o la lettera che era",
    ),
    (
        re.compile(r"(?<=\w)[\u200b\u2060\ufeff](?=\w)"),
        "warning",
        "non si vede, e le parole ai suoi lati si leggono come una sola: mettici uno spazio",
    ),
)
# A file without any of them, as nearly all are, is looked at once.
_ANY_NOT_SEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\u202a-\u202e\u2060\u2066-\u2069"
    "\ue000-\uf8ff\ufeff\ufffd\U000e0000-\U000e007f\U000f0000-\U0010fffd]"
)


def read_text(data: bytes, path: str) -> tuple[str, list[Finding]]:
    """The text of a file, with line feeds alone, and what is to be told of it: an error among the
    findings when it is not to be read."""
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        message = "il file non è in UTF-8: salvalo di nuovo scegliendo la codifica UTF-8"
        return "", [Finding(path, line, message, ENCODING)]
    text = _LIKE_A_BLANK.sub(" ", text)
    told = [*_merges(text, path), *_characters(text, path)]
    return unicodedata.normalize("NFC", _SHAPELESS.sub("", text)), told


def _merges(text: str, path: str) -> Iterator[Finding]:
    """Where each merge begins that git left to somebody; of half a merge, its first mark."""
    marks = [(n, line) for n, line in enumerate(text.split("\n"), 1) if _MERGE.match(line)]
    begun = [mark for mark in marks if mark[1].startswith("<")]
    for number, line in begun or marks[:1]:
        message = (
            f"unione di git non risolta («{line.strip()}»): tieni una delle due versioni e togli "
            "le righe con <<<<<<<, ======= e >>>>>>>"
        )
        yield Finding(path, number, message, MERGE)


def _characters(text: str, path: str) -> Iterator[Finding]:
    """The first of each kind in a line."""
    if not _ANY_NOT_SEEN.search(text):
        return
    for pattern, severity, what in _NOT_SEEN:
        if not pattern.search(text):
            continue
        for number, line in enumerate(text.split("\n"), 1):
            if match := pattern.search(line):
                message = f"il carattere U+{ord(match.group()):04X}{_place(line, match)} {what}"
                yield Finding(path, number, message, CHARACTER, severity)


def _place(line: str, match: re.Match[str]) -> str:
    """« dopo «la carta»», or nothing at the beginning of a line."""
    before = "".join(c for c in line[: match.start()] if c.isprintable())
    words = " ".join(before.split()[-2:])
    return f" dopo «{words}»" if words else ""
