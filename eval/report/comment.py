"""What a change of guides does to the answers, as a comment to the request that proposes it: in
the words of the desk, in the Markdown of a forge."""

from __future__ import annotations

import re
from typing import Literal, get_args

from eval.report.impact import EFFECT_WORDS, Effect, Impact
from eval.runs.result import VERDICT_WORDS, Result
from eval.suite.case import WORD_OF
from index.parse.guide_file import escape_markdown

Format = Literal["text", "markdown", "github", "gitlab"]
FORMATS: tuple[Format, ...] = get_args(Format)
# Longest comment that a forge takes is 65,536 characters on one, a million on the other.
LONGEST = {"markdown": 1_000_000, "github": 60_000, "gitlab": 900_000}
SHOWN = 600  # characters of an answer
MARKER = "<!-- bussola: impatto -->"  # by which a comment is found again, to be written anew
ONE: dict[Effect, str] = {
    "worse": "peggiora", "better": "migliora", "changed": "cambia risposta", "same": "resta uguale",
}  # fmt: skip
_AUTOLINKS = re.compile(r"[@!~$%&#](?=\w)")


def impact_comment(impact: Impact, form: Format = "markdown") -> str:
    """The comment, worst cases first; what a forge would not take is counted at its end. Nothing in
    a question or in an answer becomes a mention, a link or a tag there."""
    heads = [f"{impact.count(effect)} {word}" for effect, word in EFFECT_WORDS.items()]
    lines = [] if form == "markdown" else [MARKER]
    lines += [
        "### Che cosa cambia nelle risposte", "",
        f"**{'Qualcosa peggiora' if impact.red else 'Niente peggiora'}.** "
        f"Dei casi delle prove {', '.join(heads)}.", "",
        *(f"- ⚠️ {_plain(line)}" for line in impact.regressions),
        *(f"- ⚠️ {_plain(str(finding))}" for finding in impact.dead), "",
    ]  # fmt: skip
    text, left = "\n".join(lines), 0
    for effect, before, after in impact.pairs:
        if effect == "same":
            continue
        block = _block(effect, before, after, folded=form != "markdown")
        if left or len(text) + len(block) > LONGEST[form]:
            left += 1
        else:
            text += block
    if left:
        text += f"\nAltri {left} casi nella pagina scritta con `--html`.\n"
    return text.rstrip() + "\n"


def _block(effect: Effect, before: Result, after: Result, folded: bool) -> str:
    case = after.case
    head = f"**{ONE[effect]}** {_plain(case.question)} ({_plain(case.id)}, gravità {case.severity})"
    body = [
        *(f"- {_plain(problem)}" for problem in after.problems), "",
        f"Prima: {_told(before)}", "", f"Con la modifica: {_told(after)}", "",
    ]  # fmt: skip
    if not folded:
        return "\n".join(["", head, "", *body])
    opened = " open" if effect == "worse" else ""
    # GitLab and GitHub read Markdown in a folded part after a blank line
    return "\n".join(
        [f"<details{opened}><summary>{_html(head)}</summary>", "", *body, "</details>", ""]
    )


def _told(result: Result) -> str:
    answer = " ".join(result.answer.split())
    shown = answer if len(answer) <= SHOWN else f"{answer[:SHOWN]}…"
    return f"**{VERDICT_WORDS[result.verdict]}** ({WORD_OF[result.outcome]}). {_plain(shown)}"


def _plain(text: str) -> str:
    """Text that stays text: no Markdown, no tag, no mention of a person, an issue or a label."""
    escaped = escape_markdown(" ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;"))
    escaped = re.sub(r"\b(https?):(?=//)", r"\1&#58;", escaped).replace("\\#", "&#35;")
    return _AUTOLINKS.sub(lambda sign: _entity(sign.group(), escaped, sign.start()), escaped)


def _entity(sign: str, text: str, at: int) -> str:
    """A sign that would begin a reference, as an entity; an entity that stands there stays."""
    if sign in "&#" and re.match(r"&(?:#\d+|\w+);|#\d+;", text[at:]):
        return sign
    return f"&#{ord(sign)};"


def _html(head: str) -> str:
    """A summary is HTML: its bold too, and no backslash of Markdown."""
    bold = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", head, count=1)
    return re.sub(r"\\([\\`*_\[\]<>{}#|])", r"\1", bold)
