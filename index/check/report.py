"""Findings as lines: for a person, for a program, for a code host."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from index.finding import Finding
from index.network import HOUSE_RULES, Network

FORMATS = ("text", "json", "github")
_FIELDS = ("path", "line", "message", "rule", "severity")


def report(findings: Sequence[Finding], form: str, folder: str = "") -> Iterator[str]:
    """The lines of a report in one of FORMATS; `folder` stands before the paths for a code
    host, which counts them from the root of the repository."""
    if form == "json":
        rows = [{field: getattr(f, field) for field in _FIELDS} for f in findings]
        yield json.dumps(rows, ensure_ascii=False)
    elif form == "github":
        yield from (_command(finding, folder) for finding in findings)
    else:
        yield from map(show, findings)


def show(finding: Finding) -> str:
    warning = "avviso: " if finding.severity == "warning" else ""
    return f"{finding.path}:{finding.line}: {warning}{finding.message}"


def _command(finding: Finding, folder: str) -> str:
    path = f"{folder}/{finding.path}" if folder else finding.path
    message = finding.message.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return f"::{finding.severity} file={path},line={finding.line},title={finding.rule}::{message}"


def rules_off(network: Network) -> str:
    """How many house rules find nothing, and where they are switched on; empty when none is off."""
    if not network.rules_off:
        return ""
    how = "spenta" if network.rules_off == 1 else "spente"
    return (
        f"{network.rules_off} regole della casa su {len(HOUSE_RULES)} {how}: per accenderle scrivi "
        "«regole:» in rete/rete.yaml, dentro la cartella delle guide (guides/rete/rete.yaml "
        "di Bussola è l'esempio)"
    )


def count(findings: Sequence[Finding]) -> str:
    """«3 errori, 1 avviso»."""
    errors = sum(finding.severity == "error" for finding in findings)
    warnings = len(findings) - errors
    return (
        f"{errors} {'errore' if errors == 1 else 'errori'}, "
        f"{warnings} {'avviso' if warnings == 1 else 'avvisi'}"
    )
