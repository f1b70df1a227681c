"""Pandoc, run within bounds: its tree of a document, as JSON."""

from __future__ import annotations

import json
import subprocess
from functools import lru_cache
from typing import Any

import pypandoc

from index.intake.document import IntakeError

SECONDS = 60
MEMORY = "1g"  # of pandoc's heap
# quotes and dashes as they are written; raw HTML is told, not carried
FORMATS = {
    "docx": ("docx", "--track-changes=all"),
    "odt": ("odt",),
    "html": ("html-smart-tex_math_dollars-raw_html",),
}

Node = dict[str, Any]


@lru_cache(maxsize=1)
def _program() -> str:
    return str(pypandoc.get_pandoc_path())


def tree_of(data: bytes, kind: str) -> tuple[dict[str, Any], list[Node]]:
    """What the document says of itself, and its blocks; `kind` is one of FORMATS.

    In its sandbox pandoc reads no other file and asks the network for nothing. Raises IntakeError.
    """
    form, *options = FORMATS[kind]
    command = [_program(), "+RTS", f"-M{MEMORY}", "-RTS", "--sandbox", "--quiet", "-f", form,
               *options, "-t", "json"]  # fmt: skip
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        raise IntakeError(f"non finisce di leggersi in {SECONDS} s: dividi il documento") from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise IntakeError(
            "il documento è rovinato o non è quello che sembra: aprilo con il programma che l'ha "
            f"fatto e salvalo di nuovo ({said[-1] if said else done.returncode})"
        )
    tree = json.loads(done.stdout)
    return tree["meta"], tree["blocks"]


def taken(node: Node) -> tuple[str, Any]:
    """What a node is, and what it holds."""
    return node["t"], node.get("c")
