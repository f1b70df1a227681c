"""Comments, `<!-- … -->`: notes among those who write, which no reader is to see anywhere."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

OPENING = "<!--"
_COMMENT = re.compile(r"<!--(?:>|->|.*?-->)", re.DOTALL)
_CLOSING = re.compile(r"-->[ \t]*$")


def comment_plugin(md: MarkdownIt) -> None:
    """Comments that are closed make no token; one that is not stays text, to be told."""
    alternatives = ["paragraph", "reference", "blockquote", "list"]
    md.block.ruler.before("fence", "comment", _block, {"alt": alternatives})
    md.inline.ruler.before("autolink", "comment", _inline)


def without_comments(markdown: str) -> str:
    """`markdown` with its comments left out and as many lines as before."""
    return _COMMENT.sub(lambda match: "\n" * match.group().count("\n"), markdown)


def _block(state: StateBlock, first: int, last: int, silent: bool) -> bool:
    """Whole lines; what is written beside a comment is left to the paragraph it stands in."""
    begin = state.bMarks[first] + state.tShift[first]
    if state.is_code_block(first) or not state.src.startswith(OPENING, begin):
        return False
    for line in range(first, last):
        if line > first and not state.isEmpty(line) and state.sCount[line] < state.blkIndent:
            return False
        text = state.src[begin if line == first else state.bMarks[line] : state.eMarks[line]]
        if "-->" not in text:
            continue
        if not _CLOSING.search(text) or text.count("-->") > 1:
            return False
        if not silent:
            state.line = line + 1
        return True
    return False


def _inline(state: StateInline, silent: bool) -> bool:
    match = _COMMENT.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    state.pos = match.end()
    return True
