"""What GitHub, pandoc and GitBook write and CommonMark does not have: kept where it can be.

Notices (`> [!WARNING]`), task lists (`- [ ]`), line breaks (`<br>`) and definitions (`: …`) are
shown as what they mean. Lines that only tell another program what to do (`:::`, `{% … %}`) are left
out, as MARKER tokens, so that no one cites them; `check.foreign` tells them and all the rest.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin

MARKER = "marker"
# Lines of Docusaurus and pandoc, Jekyll and GitBook, Hugo, MkDocs, tables of contents, LaTeX.
_MARKER = re.compile(
    r":{3,}.*|\{%.*%\}|\{\{[<%].*[>%]\}\}|={3}[+!]? \".*\"|\[TOC\]|\[\[_?TOC_?\]\]"
    r"|-+8<-+.*|\\(?:newpage|pagebreak)",
    re.IGNORECASE,
)
_NOTICE = re.compile(r"\[!(?P<kind>[A-Za-z]+)\][+-]?[ \t]*(?P<title>[^\n]*)(?:\n|$)")
_TASK = re.compile(r"\[(?P<mark>[ xX])\][ \t]+(?=\S)")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
BOXES = {" ": "☐", "x": "☑"}


def beyond_plugin(md: MarkdownIt) -> None:
    """Adds what is kept to a parser of CommonMark."""
    md.use(deflist_plugin)
    alternatives = ["paragraph", "reference", "blockquote", "list"]
    md.block.ruler.before("fence", MARKER, _marker, {"alt": alternatives})
    md.inline.ruler.before("autolink", "break", _break)
    md.core.ruler.before("inline", "notice", _notices)
    md.core.ruler.before("inline", "task", _tasks)
    md.add_render_rule(MARKER, lambda *_: "")
    md.add_render_rule("box", lambda self, tokens, i, *_: f"{tokens[i].content} ")


def _marker(state: StateBlock, first: int, last: int, silent: bool) -> bool:
    begin = state.bMarks[first] + state.tShift[first]
    line = state.src[begin : state.eMarks[first]].rstrip()
    if state.is_code_block(first) or not _MARKER.fullmatch(line):
        return False
    if not silent:
        token = state.push(MARKER, "", 0)
        token.content, token.map = line, [first, first + 1]
        state.line = first + 1
    return True


def _break(state: StateInline, silent: bool) -> bool:
    match = _BREAK.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    if not silent:
        state.push("hardbreak", "br", 0).markup = "br"  # no line of the file ends here
    state.pos = match.end()
    return True


def _notices(state: StateCore) -> None:
    """A quote whose first line is `[!KIND] title` becomes a notice, as `!!! kind "title"` is."""
    found: list[Token] = []
    closing: list[bool] = []
    for position, token in enumerate(state.tokens):
        if token.type == "blockquote_open":
            notice = _notice(state.tokens, position)
            closing.append(notice is not None)
            if notice is not None:
                _retype(token, "admonition_open")
                token.attrs = {"class": f"admonition {notice['kind'].lower()}"}
                found += [token, *_title(notice["title"].strip(), token)]
                continue
        elif token.type == "blockquote_close" and closing.pop():
            _retype(token, "admonition_close")
        found.append(token)
    state.tokens = found


def _notice(tokens: Sequence[Token], position: int) -> re.Match[str] | None:
    """Takes the first line off the paragraph a notice begins with."""
    inline = tokens[position + 2] if position + 2 < len(tokens) else None
    if inline is None or tokens[position + 1].type != "paragraph_open":
        return None
    match = _NOTICE.match(inline.content)
    if match is not None:
        _cut(inline, match.end())
    return match


def _title(text: str, notice: Token) -> list[Token]:
    if not text:
        return []
    opening, inline = Token("admonition_title_open", "p", 1), Token("inline", "", 0)
    first = (notice.map or [0])[0]
    opening.attrs = {"class": "admonition-title"}
    inline.content, inline.children = text, []
    opening.map = inline.map = [first, first + 1]
    return [opening, inline, Token("admonition_title_close", "p", -1)]


def _retype(token: Token, kind: str) -> None:
    token.type, token.tag = kind, "div"


def _cut(inline: Token, end: int) -> None:
    """Leaves out the first `end` characters of an inline token; its line follows."""
    if inline.map:
        inline.map = [inline.map[0] + inline.content.count("\n", 0, end), inline.map[1]]
    inline.content = inline.content[end:]


def _tasks(state: StateCore) -> None:
    """The box of a task is shown before it and is no part of what is cited."""
    found: list[Token] = []
    for position, token in enumerate(state.tokens):
        found.append(token)
        inline = state.tokens[position + 2] if position + 2 < len(state.tokens) else None
        if token.type != "list_item_open" or inline is None or inline.type != "inline":
            continue
        if match := _TASK.match(inline.content):
            box = Token("box", "", 0)
            box.content = BOXES[match["mark"].lower()]
            found.append(box)
            _cut(inline, match.end())
    state.tokens = found
