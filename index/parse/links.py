"""Links between guides: each must lead to a guide, and to an anchor that is there."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from markdown_it.token import Token
from rapidfuzz import process

from index.finding import Finding
from index.guide import Guide, Link
from index.parse.former import living_names, renamed_target
from index.parse.markdown import visible_text
from index.parse.walk import INDEX, SUFFIXES

SERVICES_FOLDER = "servizi"
ALIKE = 75  # of 100: a name this near is proposed as the fix

# Path of a guide -> its anchors; None for a file that could not be read, and may have any.
Anchors = Mapping[str, set[str] | None]
Former = Mapping[str, Guide]  # by the names that guides had


def read_links(tokens: Sequence[Token]) -> Iterator[Link]:
    """The links and images of block tokens, with their lines."""
    line = 1
    for token in tokens:
        line = token.map[0] + 1 if token.map else line
        offset = 0
        children = token.children or []
        for position, child in enumerate(children):
            offset += child.type in {"softbreak", "hardbreak"}
            if child.type == "image":
                text = visible_text(child.children or [])
                yield Link(str(child.attrGet("src") or ""), text, line + offset, image=True)
            elif child.type == "link_open":
                href = str(child.attrGet("href") or "")
                yield Link(href, _link_text(children[position:]), line + offset)


def _link_text(children: Sequence[Token]) -> str:
    end = next((i for i, c in enumerate(children) if c.type == "link_close"), len(children))
    return visible_text(children[:end])


def check_links(guides: Sequence[Guide], unread: Collection[str] = ()) -> Iterator[Finding]:
    """Dead internal links and anchors, external links of a wrong form, images without text; links
    to the files `unread`, which are told already, are not dead."""
    anchors: dict[str, set[str] | None] = dict.fromkeys(unread)
    anchors |= {g.path: {s.anchor for s in g.sections} for g in guides}
    former = living_names(guides)
    for guide in guides:
        for link in guide.links:
            if message := _problem(link, guide, anchors, former):
                yield Finding(guide.path, link.line, message, "link")
            elif message := _old_name(link, guide, anchors, former):
                yield Finding(guide.path, link.line, message, "link", "warning")


def _old_name(link: Link, guide: Guide, anchors: Anchors, former: Former) -> str | None:
    """What to say of a link that leads to a guide by a name it had; it works all the same."""
    path = link.target.partition("#")[0]
    if link.image or ":" in path or meant_path(unquote(path), guide, anchors):
        return None
    target = renamed_target(unquote(path), former)
    if target is None:
        return None
    now = posixpath.relpath(target.path, posixpath.dirname(guide.path) or ".")
    return f"«{path}» ora si chiama «{now}»: aggiorna il collegamento"


def _problem(link: Link, guide: Guide, anchors: Anchors, former: Former) -> str | None:
    if link.image:
        return _image_problem(link)
    if not link.text.strip():
        return f"il collegamento a «{link.target}» non ha un testo: scrivi dove porta"
    try:
        parts = urlsplit(link.target)
    except ValueError:
        return f"l'indirizzo «{link.target}» non si legge: ricopialo dalla pagina"
    if parts.scheme in {"http", "https"}:
        return None if "." in parts.netloc else f"l'indirizzo «{link.target}» non è completo"
    if parts.scheme in {"mailto", "tel"}:
        return None
    if parts.scheme or parts.netloc:
        allowed = "usa https, mailto, tel o un file .md"
        return f"il collegamento «{link.target}» non è ammesso: {allowed}"
    path, anchor = unquote(parts.path), unquote(parts.fragment)
    return _internal_problem(path, anchor, guide, anchors, former)


def check_images(guide: Guide) -> Iterator[Finding]:
    """Images kept beside the guides are not published: in their place a reader sees their text
    (one without a text is told with the links)."""
    for link in guide.links:
        if link.image and link.text.strip() and not is_published(link.target):
            shown = f"al suo posto si legge «{link.text}»"
            message = f"l'immagine «{link.target}» non si pubblica: {shown}"
            yield Finding(guide.path, link.line, message, "image", "warning")


def is_published(image: str) -> bool:
    """Whether an image is one of the web, which a browser can ask for."""
    return image.startswith(("https://", "http://"))


def _image_problem(link: Link) -> str | None:
    if link.text.strip():
        return None
    return "l'immagine non ha un testo che la descriva: scrivilo fra le parentesi quadre"


def _internal_problem(
    path: str, anchor: str, guide: Guide, anchors: Anchors, former: Former
) -> str | None:
    if path and _from(guide, path) == SERVICES_FOLDER:
        return None
    target = meant_path(path, guide, anchors)
    if target is None and (renamed := renamed_target(path, former)):
        target = renamed.path
    if target is None:
        meant = _meant_guide(path, guide, anchors)
        return f"il collegamento «{path}» non porta a nessuna guida{_perhaps(meant)}"
    there = anchors[target]
    if anchor and there is not None and anchor not in there:
        near = _nearest(anchor, there)
        meant = f"#{near}" if near else None
        return f"in «{target}» non c'è l'ancora «#{anchor}»{_perhaps(meant)}"
    return None


def _from(guide: Guide, path: str) -> str:
    """Where a path in a guide leads, from the folder of the guides; one that begins with a slash
    starts there."""
    return _joined(guide.path, path)


@lru_cache(maxsize=16_384)  # the links of a thousand guides, looked at while somebody writes
def _joined(place: str, path: str) -> str:
    start = "" if path.startswith("/") else posixpath.dirname(place)
    return posixpath.normpath(posixpath.join(start, path.lstrip("/")))


def meant_path(path: str, guide: Guide, known: Collection[str]) -> str | None:
    """Which of the guides `known` by their paths a link of `guide` leads to: the guide itself, the
    file named, the same without its ending, or the `index` of a folder."""
    if not path:
        return guide.path
    target = _from(guide, path)
    for ending in ("", *SUFFIXES, *(f"/{INDEX}{suffix}" for suffix in SUFFIXES)):
        if target + ending in known:
            return target + ending
    return None


def _perhaps(meant: str | None) -> str:
    return f"; forse «{meant}»?" if meant else ""


def _meant_guide(path: str, guide: Guide, anchors: Anchors) -> str | None:
    """The guide of the nearest name, as a path from where the link stands."""
    names = {posixpath.basename(known): known for known in anchors}
    meant = _nearest(posixpath.basename(path), names)
    if not meant:
        return None
    return posixpath.relpath(names[meant], posixpath.dirname(guide.path) or ".")


def _nearest(name: str, known: Mapping[str, str] | set[str]) -> str | None:
    found = process.extractOne(name, list(known), score_cutoff=ALIKE)
    return str(found[0]) if found else None
