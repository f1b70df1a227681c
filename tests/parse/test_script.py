"""Scripts: steps and options read from Markdown."""

from __future__ import annotations

from pairs import pairs

from index.parse.script import read_steps


@pairs("script")
def test_steps(given: str, expected: str) -> None:
    """Steps in order, each with its options or its end; prose lists are no options."""
    lines = []
    for step in read_steps(given):
        lines.append(f"{step.id}: {step.title}")
        lines += [f"  {o.label} → {o.target} ({o.target_title})" for o in step.options]
        lines += ["  fine"] * step.ends
    assert lines == expected.split("\n")


def test_lines_of_steps_and_options() -> None:
    """Steps and options know their line, for the findings."""
    (step,) = read_steps("# P\n\n## Passo: a {#a}\n\nFai.\n\n- Sì → [b](x.md)\n")
    assert (step.line, step.options[0].line, step.text) == (3, 7, "Fai.")
