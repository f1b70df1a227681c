"""A passage as an answer shows it: its section with what was cited lit, its units with their links,
the numbers of their steps and the cells of their rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from markdown_it.token import Token

from index.guide import Guide, Section
from index.parse.markdown import parse_tokens, visible_text
from index.parse.render import link_from, render_tokens
from index.parse.units import extract_units
from index.passage import Passage

# Sections: an answer shows each of its own twice, as units and whole, and the same ones come back.
REMEMBERED = 256
_DEFINITION = re.compile(r"^ {0,3}\[[^\]]+\]:", re.MULTILINE)
_FOLLOWED = re.compile(r"^(https?:|mailto:|tel:|/guide/|/servizi$)", re.IGNORECASE)
_SPECIAL = "\\`*_[]<>#|{}~!"


@dataclass(frozen=True, slots=True)
class Shown:
    """A unit in Markdown, its words as they stand: one of `cells`, or one for each column of a row
    whose table has the `header`; `number` is that of its item («3»), empty outside such a list."""

    cells: tuple[str, ...]
    header: tuple[str, ...] = ()
    number: str = ""


@dataclass(slots=True)
class _Walk:
    """Where the walk over a section stands."""

    items: list[str] = field(default_factory=list)  # the number of each open item, if it has one
    header: list[str] = field(default_factory=list)
    in_head: bool = False


def escape(text: str) -> str:
    """Text as it stands, whatever Markdown it looks like."""
    return "".join(f"\\{c}" if c in _SPECIAL else c for c in text)


def section_html(
    guide: Guide, passage: Passage | Section, keys: Iterable[str], guides: Iterable[Guide]
) -> str:
    """The section of a passage as safe HTML without its heading, the units with these `keys` in
    `<mark class="cited">`."""
    return render_tokens(_section(guide, passage), frozenset(keys), _links(guide, guides))


def shown_units(guide: Guide, passage: Passage, guides: Iterable[Guide]) -> Mapping[str, Shown]:
    """The units of the section of a passage, by key; code is not among them."""
    link, walk = _links(guide, guides), _Walk()
    found: dict[str, Shown] = {}
    for token in _section(guide, passage):
        if token.type == "list_item_open":
            walk.items.append(token.info)
        elif token.type == "list_item_close":
            walk.items.pop()
        elif token.type in ("thead_open", "thead_close"):
            walk.in_head = token.type == "thead_open"
            walk.header = [] if walk.in_head else walk.header
        elif token.type == "inline" and walk.in_head:
            walk.header.append(_markdown(token.children or [], link))
        elif token.type == "inline":
            _add_units(found, token, walk, link)
    return found


def _add_units(
    found: dict[str, Shown], token: Token, walk: _Walk, link: Callable[[str], str]
) -> None:
    """The units of one run of words; cells of one row come one after the other."""
    number = walk.items[-1] if walk.items else ""
    for key, row, children in _marked(token.children or []):
        cell = _markdown(children, link)
        if row:
            cells = found[key].cells if key in found else ()
            if len(cells) < len(walk.header) or not walk.header:  # the same row twice says it once
                found[key] = Shown((*cells, cell), tuple(walk.header))
        else:
            found.setdefault(key, Shown((cell,), (), number))


def _marked(children: list[Token]) -> Iterator[tuple[str, bool, list[Token]]]:
    """Key, whether it is a cell of a row, and tokens of each unit among inline tokens."""
    inside: list[Token] = []
    for child in children:
        if child.type == "unit_open":
            inside = []
        elif child.type == "unit_close":
            yield str(child.meta["key"]), bool(child.meta.get("row")), inside
        else:
            inside.append(child)


def section_text(guide: Guide, passage: Passage | Section) -> str:
    """The Markdown of a section, its heading included."""
    lines = guide.markdown.lstrip("\ufeff").splitlines()
    return "\n".join(lines[passage.line - 1 : passage.last_line])


def _section(guide: Guide, passage: Passage | Section) -> list[Token]:
    """The tokens of a section without its heading, with its units marked; not to be changed. Where
    links lead may be said elsewhere in the file."""
    lines = guide.markdown.lstrip("\ufeff").splitlines()
    elsewhere = [line for line in lines if _DEFINITION.match(line)]
    return _parsed("\n".join([section_text(guide, passage), "", *elsewhere]))


@lru_cache(REMEMBERED)
def _parsed(text: str) -> list[Token]:
    tokens = [token for token in parse_tokens(text) if token.type != "front_matter"]
    if tokens and tokens[0].type == "heading_open":
        tokens = tokens[3:]
    extract_units(tokens)
    return tokens


def _links(guide: Guide, guides: Iterable[Guide]) -> Callable[[str], str]:
    """Where a link of a guide leads from an answer; empty where only its guide leads there."""
    from_guide = link_from(guide, guides)

    def link(href: str) -> str:
        there = f"/guide/{guide.slug}{href}" if href.startswith("#") else from_guide(href)
        return there if _FOLLOWED.match(there) else ""

    return link


def _markdown(children: Iterable[Token], link: Callable[[str], str]) -> str:
    """The words of inline tokens, with their links and nothing else that is Markdown."""
    parts: list[str] = []
    open_links: list[str] = []
    for child in children:
        if child.type == "link_open":
            open_links.append(link(str(child.attrGet("href") or "")))
            parts.append("[" if open_links[-1] else "")
        elif child.type == "link_close":
            there = open_links.pop()
            parts.append(f"]({_in_brackets(there)})" if there else "")
        else:
            parts.append(escape(visible_text([child])))
    return re.sub(r"\s+", " ", "".join(parts)).strip()


def _in_brackets(address: str) -> str:
    return address.replace("(", "%28").replace(")", "%29")
