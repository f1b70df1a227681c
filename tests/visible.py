"""The words a reader sees in HTML, to compare with the words of passages."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser

_WORD = re.compile(r"[^\W_]+")
_BLOCKS = {
    "p", "li", "td", "th", "tr", "pre", "br", "blockquote", "hr", "div", "ul", "ol", "table",
    "h1", "h2", "h3", "h4", "h5", "h6",
}  # fmt: skip

_UNSEEN = {"script", "style"}


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.unseen = 0  # open elements whose text a browser shows to nobody

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.parts.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self.unseen += 1
        elif tag == "img":
            self.parts.append(dict(attrs).get("alt") or "")
        elif tag in _BLOCKS:
            self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self.unseen -= 1
        elif tag in _BLOCKS:
            self.parts.append(" ")


def words(text: str) -> Counter[str]:
    """Letters and digits that stand together, counted."""
    return Counter(_WORD.findall(text))


def visible_words(html: str) -> Counter[str]:
    """The words of the text of `html` and of its images' alternative text."""
    reader = _Text()
    reader.feed(html)
    reader.close()
    return words("".join(reader.parts))
