"""What a reader of a guide sees marked as cited."""

from __future__ import annotations

import re
from collections import Counter
from html import unescape

from index.guide import Guide
from index.parse.render import render_guide

_MARK = re.compile(r'<mark class="cited">(.*?)</mark>', re.DOTALL)


def marks(html: str) -> list[str]:
    """The texts marked, one by one."""
    found = (unescape(re.sub(r"<[^>]+>", "", mark)) for mark in _MARK.findall(html))
    return [" ".join(text.split()) for text in found]


def unmarked(guide: Guide) -> list[str]:
    """Sentences and items of the guide that are not shown word for word when all is cited."""
    units = [unit for section in guide.sections for unit in section.units]
    headings = {section.heading_path[-1] for section in guide.sections}
    shown = Counter(marks(render_guide(guide, frozenset(unit.key for unit in units))))
    return [
        f"{guide.path}:{unit.line}: {unit.text}"
        for unit in units
        if unit.kind in {"sentence", "item"} and unit.text not in headings and not shown[unit.text]
    ]
