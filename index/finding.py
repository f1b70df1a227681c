"""A problem found in a guide, told as `file:line: message`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from index.errors import BussolaError

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """`path` is relative to the folder of the guides; `line` counts from 1."""

    path: str
    line: int
    message: str
    rule: str = ""
    severity: Severity = "error"

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


def has_error(findings: Iterable[Finding]) -> bool:
    return any(finding.severity == "error" for finding in findings)


def as_warnings(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The same, of drafts: told, and nothing is kept from being published by them."""
    return (replace(finding, severity="warning") for finding in findings)


class GuidesRejected(BussolaError):  # noqa: N818 (it reads as what happened)
    """The guides have errors: nothing was published."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(sorted(findings))
        super().__init__("\n".join(str(finding) for finding in self.findings))
