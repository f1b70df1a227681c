"""Guides full of attack vectors, and what a page that showed one must not hold."""

from __future__ import annotations

import json
import re
from typing import Any

from folders import DATA
from playwright.sync_api import Page

from index.parse.guide_file import parse_guide

# a file with a control character is refused whole: without them the rest is read
VECTORS = [
    re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "", vector["payload"])
    for vector in json.loads(
        (DATA / "conformance/dompurify-vectors.json").read_text(encoding="utf-8")
    )
]
PER_GUIDE = 25
# What must not be in a page that untrusted text went through: read from the live document.
LOOK = """() => {
  const wrong = [];
  const inside = (root) => [...root.querySelectorAll("*")]
    .flatMap((node) => [node, ...(node.shadowRoot ? inside(node.shadowRoot) : [])]);
  for (const node of inside(document)) {
    if (node.localName === "script" && !node.src) wrong.push("inline script");
    if (["iframe", "object", "embed", "base", "math"].includes(node.localName))
      wrong.push(node.localName);
    for (const { name, value } of node.attributes) {
      if (name.startsWith("on")) wrong.push(`${node.localName} ${name}=${value}`);
      if (["href", "src", "action", "formaction", "xlink:href"].includes(name)
          && /^[\\s\\x00-\\x1f]*(javascript|vbscript|data)\\s*:/i.test(value)
          && !value.startsWith("data:image/svg+xml"))
        wrong.push(`${node.localName} ${name}=${value}`);
    }
  }
  return { wrong, ran: window.ran ?? 0 };
}"""
BAD = '"><img src=x onerror=alert(1)><script>alert(1)</script></textarea>{{ 7 * 7 }}'
CATCH = """for (const name of ["alert", "confirm", "prompt"])
  window[name] = (...words) => { window.ran = (window.ran ?? 0) + 1; };"""
HEAD = """---
titolo: '{title}'
tipo: {kind}
bisogni: [lavoro]
per_chi: [tutti]
verificato_il: 2026-11-22
rivedere_entro: 2027-02-20
responsabile: redazione lavoro
fonti:
  - titolo: '<img src=x onerror=alert(1)>'
    url: 'https://example.org/"onmouseover="alert(1)'
{more}---

# {title}

"""
SERVICE = """ente: '<svg onload=alert(1)>'
stato: verificato
indirizzo: '"><script>alert(1)</script>'
orari: '<iframe src=javascript:alert(1)>'
comune: Torino
contatti:
  sito: 'javascript:alert(1)'
  telefono: '011 5613987"onclick="alert(1)'
  email: 'a@example.org"onclick="alert(1)'
"""


def clean(page: Page, where: str) -> None:
    """Nothing ran in a page that CATCH began, and it holds nothing that could."""
    assert page.evaluate(LOOK) == {"wrong": [], "ran": 0}, where


def hostile_guides() -> list[Any]:
    """Guides that hold every vector as a paragraph, an item, a cell, a heading and a link."""
    texts = {}
    for start in range(0, len(VECTORS), PER_GUIDE):
        body = ["Testo di prova della guida ostile, una frase vera."]
        for n, payload in enumerate(VECTORS[start : start + PER_GUIDE], start=start):
            line = " ".join(payload.split())
            body += [
                f"## Sezione {n} {line[:60]} {{#sezione-{n}}}", payload, f"- {line}",
                f"[{line}]({line})", f"![{line}](<{line}>)", f"`{line}`", f"> {line}",
                f"| a | b |\n|---|---|\n| {line} | x |",
            ]  # fmt: skip
        title = f"Ostile {start} " + " ".join(VECTORS[start].split()).replace("'", "")[:80].strip()
        head = HEAD.format(title=title, kind="scheda", more="")
        texts[f"schede/ostile-{start}.md"] = head + "\n\n".join(body)
    title = "Servizio <img src=x onerror=alert(1)>"
    texts["servizi/ostile-servizio.md"] = HEAD.format(title=title, kind="servizio", more=SERVICE)
    found = [parse_guide((text + "\n").encode(), path)[0] for path, text in texts.items()]
    return [guide for guide in found if guide]
