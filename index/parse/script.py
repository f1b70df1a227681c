"""Scripts: steps, options and the graph they make."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from index.finding import Finding
from index.guide import Guide, Option, Step
from index.parse.comments import without_comments

_STEP = re.compile(r"^##\s+Passo:\s*(?P<title>.*?)\s*\{#(?P<id>[^}\s]+)\}\s*$")
_HEADING = re.compile(r"^##?\s")
_OPTION = re.compile(r"^[-*]\s+(?P<label>.+?)\s*→\s*\[(?P<title>[^\]]+)\]\((?P<target>[^)\s]+)\)")
_END = re.compile(r"^\*\*Fine\.?\*\*\s*$")


def read_steps(markdown: str) -> tuple[Step, ...]:
    """The steps of a script in the order written; the first is the start."""
    return tuple(_steps(without_comments(markdown).split("\n")))


def _steps(lines: Sequence[str]) -> Iterator[Step]:
    for number, line in enumerate(lines):
        match = _STEP.match(line)
        if match:
            body = _body(lines, number + 1)
            yield _read_step(match["id"], match["title"], body, number + 2)


def _body(lines: Sequence[str], start: int) -> Sequence[str]:
    end = start
    while end < len(lines) and not _HEADING.match(lines[end]):
        end += 1
    return lines[start:end]


def _read_step(step_id: str, title: str, body: Sequence[str], first_line: int) -> Step:
    text, options, ends = [], [], False  # type: list[str], list[Option], bool
    for number, line in enumerate(body, first_line):
        if match := _OPTION.match(line):
            options.append(Option(match["label"], match["target"], match["title"], number))
        elif _END.match(line):
            ends = True
        else:
            text.append(line)
    shown = "\n".join(text).strip()
    return Step(step_id, title, shown, tuple(options), ends, first_line - 1)


def check_script(guide: Guide) -> Iterator[Finding]:
    """Dead ends, unreachable steps, unknown targets and loops without an exit."""
    steps = {step.id: step for step in guide.steps}
    if not steps:
        yield _finding(guide, 1, "un copione ha almeno un «## Passo: … {#ancora}»")
        return
    for step in guide.steps:
        yield from _check_step(guide, step, steps)
    reached = _closure(guide.steps[0].id, {s.id: _next_steps(s) for s in guide.steps})
    exits = _steps_with_exit(guide.steps)
    for step in guide.steps:
        if step.id not in reached:
            yield _finding(guide, step.line, f"al passo «{step.title}» non porta nessuna scelta")
        elif step.id not in exits and (step.options or step.ends):
            message = f"dal passo «{step.title}» si gira in tondo senza arrivare a una fine"
            yield _finding(guide, step.line, message)


def _check_step(guide: Guide, step: Step, steps: dict[str, Step]) -> Iterator[Finding]:
    if not step.options and not step.ends:
        message = f"il passo «{step.title}» non ha uscita: aggiungi le scelte o «**Fine.**»"
        yield _finding(guide, step.line, message)
    if step.options and step.ends:
        message = f"il passo «{step.title}» ha sia scelte sia «**Fine.**»: tieni uno dei due"
        yield _finding(guide, step.line, message)
    for option in step.options:
        if option.target.startswith("#") and option.target[1:] not in steps:
            message = f"la scelta «{option.label}» porta a «{option.target}», che non è un passo"
            yield _finding(guide, option.line, message)


def _next_steps(step: Step) -> set[str]:
    return {option.target[1:] for option in step.options if option.target.startswith("#")}


def _closure(start: str, edges: dict[str, set[str]]) -> set[str]:
    seen, todo = {start}, [start]
    while todo:
        for target in edges.get(todo.pop(), set()) - seen:
            seen.add(target)
            todo.append(target)
    return seen


def _steps_with_exit(steps: Sequence[Step]) -> set[str]:
    """Steps from which an end, or another guide, can be reached."""
    backwards: dict[str, set[str]] = {}
    for step in steps:
        for target in _next_steps(step):
            backwards.setdefault(target, set()).add(step.id)
        if step.ends or any(not option.target.startswith("#") for option in step.options):
            backwards.setdefault("", set()).add(step.id)
    return _closure("", backwards)


def _finding(guide: Guide, line: int, message: str) -> Finding:
    return Finding(guide.path, line, message, "script")
