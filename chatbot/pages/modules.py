"""Which modules a page's scripts import: a browser that is told asks for all of them at once, and
not for each when it has read the one before."""

from __future__ import annotations

import posixpath
import re
from functools import cache

from chatbot.pages.page import WEB

_IMPORTED = re.compile(r'^(?:import|\}) .*?from "(\.[^"]+)";$', re.M)


@cache
def modules_of(*entries: str) -> tuple[str, ...]:
    """`entries`, paths under `web/`, and all that they import, each once; what a script imports
    later, by `import()`, is an entry of its own."""
    found: list[str] = []
    waiting = list(entries)
    while waiting:
        path = waiting.pop(0)
        if path in found:
            continue
        found.append(path)
        folder = posixpath.dirname(path)
        text = (WEB / path).read_text(encoding="utf-8")
        told = _IMPORTED.findall(text)
        waiting += [posixpath.normpath(posixpath.join(folder, name)) for name in told]
    return tuple(found)
