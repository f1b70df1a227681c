"""Guides and answers as safe HTML."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote

import nh3
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.token import Token

from index.guide import Guide
from index.parse.former import living_names, renamed_target
from index.parse.links import is_published, meant_path
from index.parse.markdown import make_parser, parse_tokens, visible_text
from index.parse.units import extract_units

TAGS = {
    "a", "blockquote", "br", "code", "dd", "div", "dl", "dt", "em", "h1", "h2", "h3", "h4", "h5",
    "h6", "hr", "img", "li", "mark", "ol", "p", "pre", "span", "strong", "sup", "table", "tbody",
    "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {
    "*": {"id", "class"},
    "a": {"href", "title"},
    "img": {"src", "alt", "title"},
    "ol": {"start"},
    "td": {"align"},
    "th": {"align", "scope"},
}
_GUIDE_LINK = re.compile(r"^(?!https?:)(?P<path>[^#?]*\.md)(?P<anchor>#.*)?$")


def clean_html(html: str) -> str:
    """Only the tags and attributes of a guide; links of http, https, mailto and tel."""
    return nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer",
    )


def guide_link(href: str) -> str:
    """`../schede/x.md#a`, as editors write it, to `/guide/x#a`; `../servizi/` to `/servizi`."""
    if match := _GUIDE_LINK.match(href):
        return f"/guide/{PurePosixPath(match['path']).stem}{match['anchor'] or ''}"
    if re.fullmatch(r"(\.\./|\./)?servizi/?", href):
        return "/servizi"
    return href


def link_from(guide: Guide, guides: Iterable[Guide]) -> Callable[[str], str]:
    """`guide_link` for the links of one of `guides`, which may bear the names of their folders, and
    those that guides had before."""
    every = list(guides)
    slugs, former = {other.path: other.slug for other in every}, living_names(every)

    def link(href: str) -> str:
        path, _, anchor = href.partition("#")
        if not path or ":" in path:
            return guide_link(href)
        target = meant_path(unquote(path), guide, slugs)
        renamed = None if target else renamed_target(unquote(path), former)
        slug = slugs[target] if target else renamed.slug if renamed else ""
        return f"/guide/{slug}{'#' + anchor if anchor else ''}" if slug else guide_link(href)

    return link


@lru_cache(maxsize=1)
def _renderer() -> MarkdownIt:
    parser = make_parser()
    parser.add_render_rule("image", _image)
    parser.add_render_rule("unit_open", _unit_open)
    parser.add_render_rule("unit_close", _unit_close)
    parser.add_render_rule("front_matter", lambda *_: "")
    return parser


def _cited(token: Token, env: Any) -> bool:
    return token.meta["key"] in env.get("cited", ())


def _unit_open(self: Any, tokens: Sequence[Token], i: int, options: Any, env: Any) -> str:
    return '<mark class="cited">' if _cited(tokens[i], env) else ""


def _unit_close(self: Any, tokens: Sequence[Token], i: int, options: Any, env: Any) -> str:
    return "</mark>" if _cited(tokens[i], env) else ""


def _image(self: Any, tokens: Sequence[Token], i: int, options: Any, env: Any) -> str:
    """An image of the web; in place of one that is not published, its text."""
    if is_published(str(tokens[i].attrGet("src") or "")):
        return str(self.image(tokens, i, options, env))
    return escapeHtml(visible_text(tokens[i].children or []))


def render_markdown(text: str, link: Callable[[str], str] = guide_link) -> str:
    """Any Markdown, an answer for instance, as safe HTML."""
    return render_tokens(_renderer().parse(text), frozenset(), link)


def render_guide(
    guide: Guide,
    cited: frozenset[str] = frozenset(),
    link: Callable[[str], str] = guide_link,
    within: str = "",
) -> str:
    """A guide as safe HTML: headings carry their anchors as ids, units whose key is in
    `cited` stand in `<mark class="cited">`; only those of the section anchored `within`, if the
    guide has it."""
    tokens = parse_tokens(guide.markdown)
    starts = [i for i, t in enumerate(tokens) if t.type == "heading_open" and t.level == 0]
    # The words before the first heading are a section too, the first when they are there.
    opening = guide.sections[0].anchor if guide.sections else ""
    anchors = [opening, *(str(tokens[start].attrGet("id")) for start in starts)]
    bounds = zip([0, *(s + 3 for s in starts)], [*starts, len(tokens)], anchors, strict=True)
    for start, end, anchor in bounds:
        if within not in anchors or anchor == within:
            extract_units(tokens[start:end])
    return render_tokens(tokens, cited, link)


def render_tokens(tokens: list[Token], cited: frozenset[str], link: Callable[[str], str]) -> str:
    """Tokens, which stay as they are, as safe HTML; units whose key is in `cited` are marked."""
    renderer, shown = _renderer(), [_led_by(link, token) for token in tokens]
    return clean_html(renderer.renderer.render(shown, renderer.options, {"cited": cited}))


def _led_by(link: Callable[[str], str], token: Token) -> Token:
    """The token with its links where `link` says that they lead."""
    children = token.children or []
    if not any(child.type == "link_open" for child in children):
        return token
    return token.copy(
        children=[
            child.copy(attrs={**child.attrs, "href": link(str(child.attrGet("href") or ""))})
            if child.type == "link_open"
            else child
            for child in children
        ]
    )
