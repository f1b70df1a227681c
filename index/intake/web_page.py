"""A page of the web that was saved: its text without what stands around it, and its address."""

from __future__ import annotations

import codecs
import email
import email.policy
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import lxml.html
import trafilatura
from lxml import etree

from index.intake.blocks import blocks_of
from index.intake.document import Document, IntakeError, Loss, first_words
from index.intake.pandoc import tree_of

MAIN = ("//main", "//*[@role='main']", "//article[not(ancestor::article)]")
AROUND = "//nav|//aside|//footer|//*[@role='navigation' or @role='contentinfo' or @role='search']"
EMBEDDED = {
    "iframe": "contenuto di un'altra pagina", "video": "video", "audio": "audio",
    "object": "contenuto incorporato", "embed": "contenuto incorporato", "canvas": "disegno",
    "svg": "disegno", "math": "formula",
}  # fmt: skip
SILENT = ("script", "style", "template", "noscript", "link", "meta", "button", "input", "select",
          "textarea")  # fmt: skip
ENOUGH = 0.9  # of the words that are the page's own: the element that has them is its text
_SAVED_FROM = re.compile(
    rb"saved from url=\(\d+\)(https?://[^\s>]+)|SingleFile\s+url:\s*(https?://[^\s>]+)"
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
AROUND_THE_TEXT = "intorno al testo della pagina"


def read_web_page(path: Path) -> Document:
    """A .html, or a page and what it needs in one .mhtml. Raises IntakeError."""
    data, address = path.read_bytes(), ""
    if re.match(rb"(?s).{0,4000}?^MIME-Version:", data, re.MULTILINE | re.IGNORECASE):
        data, address = _unwrapped(data)
    page = _parsed(data)
    address = address or _address(page, data)
    losses = [*_hidden(page), *_embedded(page)]
    body = _body(page)
    losses += _around(page, body)
    _, nodes = tree_of(lxml.html.tostring(body, encoding="utf-8"), "html")
    blocks, told = blocks_of(nodes, address)
    about = trafilatura.extract_metadata(page, default_url=address or None)
    said = about.title if about else ""
    title = " ".join((said or page.findtext(".//title") or "").split())
    publisher = (about and about.sitename) or urlsplit(address).hostname or ""
    return Document(title, tuple(blocks), (*told, *losses), address, publisher)


def _unwrapped(data: bytes) -> tuple[bytes, str]:
    """The page of an .mhtml, and its address."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            found = message["Snapshot-Content-Location"] or part["Content-Location"] or ""
            payload = part.get_payload(decode=True)
            charset = part.get_content_charset() or "utf-8"
            assert isinstance(payload, bytes)
            text = payload.decode(charset, "replace")
            return text.encode(), str(found).strip() if urlsplit(str(found)).scheme else ""
    raise IntakeError("nel file non c'è una pagina: salvala di nuovo dal browser")


def _parsed(data: bytes) -> Any:
    """The tree of a page; entities of its own are not read."""
    text = _decoded(data)
    text = re.sub(r"^\ufeff?\s*<\?xml[^>]*>|<!DOCTYPE[^>\[]*(\[.*?\])?\s*>", "", text, flags=re.S)
    try:
        parser = lxml.html.HTMLParser(remove_comments=True, remove_pis=True, no_network=True)
        return lxml.html.document_fromstring(text.replace("\0", ""), parser=parser)
    except (etree.ParserError, ValueError):
        raise IntakeError("nella pagina non c'è testo") from None


def _decoded(data: bytes) -> str:
    """As a browser does: the mark at the beginning, then what the page says, then what it is."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    declared = re.search(rb"<meta[^>]+charset=[\"']?([\w-]+)", data[:4000], re.IGNORECASE)
    for encoding in [*([declared[1].decode()] if declared else []), "utf-8-sig"]:
        try:
            return data.decode(encoding)
        except (LookupError, UnicodeDecodeError):
            continue
    return data.decode("cp1252", "replace")


def _address(page: Any, data: bytes) -> str:
    """Where the page says it is from, or who saved it does."""
    saved = _SAVED_FROM.search(data[:10_000])
    found = [(saved[1] or saved[2]).decode("ascii", "replace")] if saved else []
    found += page.xpath("//link[@rel='canonical']/@href|//meta[@property='og:url']/@content")
    return next((url for url in found if url.startswith(("http://", "https://"))), "")


def _hidden(page: Any) -> Iterator[Loss]:
    """What a reader of the page does not see is taken off."""
    for element in page.xpath("//body//*[@hidden or contains(@style, ':')]"):
        if "hidden" in element.attrib or _HIDDEN.search(element.get("style", "")):
            if words := _words(element):
                yield Loss("testo nascosto nella pagina", _place(element), first_words(words))
            _drop(element)


def _embedded(page: Any) -> Iterator[Loss]:
    for form in page.xpath("//form"):
        fields = form.xpath(".//input[not(@type='hidden')]|.//select|.//textarea")
        if fields:
            yield Loss("modulo da riempire", _place(form), f"{len(fields)} campi")
        form.tag = "div"  # some pages are one form from top to bottom
    etree.strip_elements(page, *SILENT, with_tail=False)
    for element in page.xpath("|".join(f"//body//{tag}" for tag in EMBEDDED)):
        words = element.get("title") or element.get("src") or _words(element)
        if element.tag != "svg" or words:  # a drawing without words is an icon
            yield Loss(EMBEDDED[element.tag], _place(element), first_words(words))
        _drop(element)


def _drop(element: Any) -> None:
    if element.getparent() is not None:
        element.drop_tree()


def _place(element: Any) -> str:
    """Under which heading an element stands."""
    above = element.xpath("preceding::*[self::h1 or self::h2 or self::h3 or self::h4][1]")
    return f"sotto «{first_words(_words(above[-1]))}»" if above else "all'inizio"


def _words(element: Any) -> str:
    return " ".join(" ".join(element.itertext()).split())


def _body(page: Any) -> Any:
    """The element that holds the page's own text: the one it marks, or else the smallest that has
    nearly all of what trafilatura takes for it; whole, with its tables and lists."""
    for way in MAIN:
        marked = page.xpath(way)
        if len(marked) == 1 and _words(marked[0]):
            return marked[0]
    body = page.find("body")
    body = page if body is None else body
    own = trafilatura.extract(lxml.html.tostring(page, encoding="unicode"), favor_precision=True)
    wanted = len((own or "").split())
    if not wanted:
        return body
    while True:
        inner = [e for e in body if isinstance(e.tag, str) and _share(e, own or "") >= ENOUGH]
        if not inner:
            return body
        body = inner[0]


def _share(element: Any, own: str) -> float:
    """How much of the words `own` an element has, each as often as it stands there."""
    there, wanted = Counter(_words(element).split()), Counter(own.split())
    return (there & wanted).total() / wanted.total()


def _around(page: Any, body: Any) -> Iterator[Loss]:
    """What the page has around its text, and menus inside it, which are taken off."""
    for element in body.xpath(AROUND.replace("//", ".//")):
        if words := _words(element):
            yield Loss("menu o riquadro della pagina", AROUND_THE_TEXT, first_words(words))
        _drop(element)
    for inner in (body, *body.iterancestors()):
        for element in (*inner.itersiblings(preceding=True), *inner.itersiblings()):
            shown = isinstance(element.tag, str) and element.tag != "head"
            if shown and (words := _words(element)):
                yield Loss("intorno al testo", AROUND_THE_TEXT, first_words(words))
