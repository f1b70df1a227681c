"""Hostile text in guides, questions and feedback, opened in a real Chromium.

Each page is looked at twice: as served, and with the Content-Security-Policy switched off, so that
what is shown is the work of the rendering alone.
"""

from __future__ import annotations

import http.client
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from folders import DATA, MADE
from playwright.sync_api import Browser, Page, Route
from serving import served
from web import PATIENCE_MS, ask

from chatbot.settings import Settings
from index.encode.encoder import Encoder
from index.encode.passage_text import text_of
from index.encode.vectors import Text, VectorCache
from index.errors import BussolaError
from index.parse.chunk import chunk_guide
from index.parse.folder import read_guides
from index.parse.guide_file import parse_guide
from index.parse.render import render_markdown
from index.publish.build import make_snapshot
from index.publish.manifest import SnapshotError
from index.publish.published import point_current, snapshots_dir
from index.publish.snapshot import load_current, save
from server import create_app

# a file with a control character is refused whole: without them the rest is read
VECTORS = [
    re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "", vector["payload"])
    for vector in json.loads(
        (DATA / "conformance/dompurify-vectors.json").read_text(encoding="utf-8")
    )
]
PER_GUIDE = 25
SHORT = 30  # characters encoded of each: what is shown matters here, not what is found
CONVERSATION = "0123456789abcdef"
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
CATCH = """for (const name of ["alert", "confirm", "prompt"])
  window[name] = (...words) => { window.ran = (window.ran ?? 0) + 1; };"""


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


@pytest.fixture(scope="module")
def hostile_var(
    tmp_path_factory: pytest.TempPathFactory, model_dir: Path, encoder_of_all: Encoder
) -> Path:
    """A published snapshot of the hostile guides beside ordinary ones. `index check` refuses them:
    here they are as if somebody had got past it."""
    var = tmp_path_factory.mktemp("hostile")
    (var / "models").symlink_to(model_dir.parent)
    encoder = encoder_of_all
    ordinary, _ = read_guides(MADE)
    guides = [g for g in ordinary if g.kind in ("emergenza", "copione")][:4] + hostile_guides()
    passages = [p for guide in guides for p in chunk_guide(guide, encoder.count_tokens)]
    encoded, _ = VectorCache(var / "vectors", encoder).encode(
        [Text(p.embedded[:SHORT], text_of(p).starts) for p in passages]
    )
    snapshot = make_snapshot(guides, passages, encoded, encoder, "0" * 64)
    save(snapshot, snapshots_dir(var) / snapshot.id)
    point_current(var, snapshot.id)
    return var


@pytest.fixture(scope="module")
def site(hostile_var: Path) -> Iterator[str]:
    settings = Settings(
        _env_file=None, var=hostile_var, ask_rate="100000 per minute",
        global_rate="100000 per minute", read_rate="100000 per minute",
        conversation_rate="100000 per minute",
    )  # fmt: skip
    with served(create_app(settings)) as address:
        yield address


@pytest.fixture(params=[False, True], ids=["as served", "without the policy"])
def guarded(browser: Browser, site: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page that counts what runs and keeps every request to another origin from leaving."""
    context = browser.new_context(bypass_csp=request.param, service_workers="block")
    context.add_init_script(CATCH)
    left: list[str] = []

    def gate(route: Route) -> None:
        own = route.request.url.startswith((site, "data:", "blob:"))
        if not own:
            left.append(route.request.url)
        route.continue_() if own else route.abort()

    context.route("**/*", gate)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    yield page
    if not request.param:
        assert left == []
    context.close()


def looked_at(page: Page) -> dict[str, Any]:
    page.wait_for_timeout(100)
    for element in page.locator("main a, main img").all()[:5]:
        element.dispatch_event("mouseover")
    found: dict[str, Any] = page.evaluate(LOOK)
    return found


def test_all_the_vectors_are_in_the_guides() -> None:
    """The fixture means what it says: no vector was lost by the parser."""
    guides = hostile_guides()
    assert len(guides) == (len(VECTORS) + PER_GUIDE - 1) // PER_GUIDE + 1
    whole = " ".join(" ".join(guide.markdown for guide in guides).split())
    assert len(VECTORS) == 223
    assert [v for v in VECTORS if " ".join(v.split()) not in whole] == []


def test_hostile_guides_run_nothing(guarded: Page, site: str) -> None:
    """Every page that shows a hostile guide: nothing runs, nothing leaves, no attribute of the
    vectors is in the document."""
    guides = [f"/guide/ostile-{n}" for n in range(0, len(VECTORS), PER_GUIDE)]
    others = ["/guide", "/guide/ostile-servizio", "/servizi", "/novita", "/invio/ostile-servizio"]
    for path in [*guides, *others]:
        response = guarded.goto(site + path)
        assert response is not None
        assert response.status == 200, path
        assert looked_at(guarded) == {"wrong": [], "ran": 0}, path


def test_hostile_questions_and_answers_run_nothing(guarded: Page, site: str) -> None:
    """Vectors asked in the chat come back in the transcript with passages of hostile guides:
    nothing runs."""
    guarded.goto(site)
    texts = [" ".join(v.split()) for v in VECTORS]
    bundles: list[str] = [""]
    for text in texts:
        if len(bundles[-1]) + len(text) > 900:
            bundles.append("")
        bundles[-1] = f"{bundles[-1]} {text[:900]}".strip()
    for number, bundle in enumerate(filter(None, bundles)):
        ask(guarded, bundle)
        guarded.locator(".turn .card").nth(number).wait_for()
    assert looked_at(guarded) == {"wrong": [], "ran": 0}


def test_hostile_feedback_is_data(guarded: Page, site: str) -> None:
    """Vectors as feedback come back from the journal as JSON that a browser shows as text."""
    request = guarded.request
    body = {"question": VECTORS[0][:900], "conversation": CONVERSATION, "language": "it"}
    answer = request.post(f"{site}/api/chat", data=body).json()
    for vector in VECTORS:
        said = {"answer_id": answer["id"], "reason": "sbagliata", "comment": vector[:1000]}
        assert request.post(f"{site}/api/feedback", data=said).json() == {"kept": True}
    response = guarded.goto(f"{site}/api/conversations/{CONVERSATION}")
    assert response is not None
    assert response.headers["content-type"] == "application/json"
    assert len(response.json()["feedback"]) >= len(VECTORS)
    assert guarded.evaluate(LOOK) == {"wrong": [], "ran": 0}


@pytest.mark.parametrize(
    "path",
    ["/guide/..%2f..%2fserver.py", "/guide/%2e%2e", "/web/..%2fsettings.py", "/web/../settings.py",
     "/web/%2e%2e/%2e%2e/pyproject.toml", "/web//etc/passwd", "/stampa/..%5c..%5cx",
     "/copione/%00", "/guide/a%0d%0aSet-Cookie:%20x=1", "/api/guides/..%2f..%2fx",
     "/api/conversations/..%2f..%2fx", "/lingua?da=//evil.example", "/lingua?da=/%5cevil.example",
     "/lingua?da=https://evil.example", "/lingua?lingua=../../x", "/invio/../../x"],
)  # fmt: skip
def test_paths_do_not_leave_their_folders(site: str, path: str) -> None:
    """No slug, language or file name reaches a file outside, another site or a header."""
    connection = http.client.HTTPConnection(site.removeprefix("http://"), timeout=10)
    connection.request("GET", path)
    response = connection.getresponse()
    text = response.read().decode("utf-8", "replace")
    connection.close()
    assert response.status in (303, 400, 404, 422), path
    assert response.getheader("Location", "/").replace("%5C", "\\")[1:2] not in ("/", "\\")
    assert response.getheader("Location", "/").startswith("/")
    assert "root:" not in text
    assert "[project]" not in text
    assert "class Settings" not in text


@pytest.mark.parametrize("slug", ["..", "../x", "a/b", "A", "à", "a b", "a%2f", ".nascosta", "-"])
def test_a_slug_is_a_plain_word(slug: str) -> None:
    """A file whose name is not a plain slug does not become a guide."""
    text = HEAD.format(title="Prova", kind="scheda", more="") + "Una frase.\n"
    guide, _ = parse_guide(text.encode(), f"schede/{slug}.md")
    assert guide is None or re.fullmatch("[a-z0-9-]+", guide.slug)


def test_a_tampered_snapshot_is_refused(hostile_var: Path, tmp_path: Path) -> None:
    """One changed, added or removed byte or file, and the snapshot does not load; nothing in it is
    a pickle."""

    def copy() -> Path:
        var = tmp_path / f"v{len(list(tmp_path.iterdir()))}"
        shutil.copytree(hostile_var / "snapshots", var / "snapshots")
        shutil.copy(hostile_var / "CURRENT", var / "CURRENT")
        return var

    folder = next((hostile_var / "snapshots").iterdir())
    files = sorted(p.relative_to(folder) for p in folder.rglob("*") if p.is_file())
    assert [f for f in files if (folder / f).read_bytes()[:2] in (b"\x80\x04", b"\x80\x05")] == []
    for file in files:
        var = copy()
        target = var / "snapshots" / folder.name / file
        data = bytearray(target.read_bytes())
        data[len(data) // 2] ^= 1
        target.write_bytes(data)
        with pytest.raises(SnapshotError):
            load_current(var)
        shutil.rmtree(var)
    var = copy()
    (var / "snapshots" / folder.name / "extra.pkl").write_bytes(b"\x80\x04.")
    with pytest.raises(SnapshotError):
        load_current(var)


@pytest.mark.parametrize("pointer", ["../../etc", "..", "/etc", "a/b", "", "\0", "x" * 5000])
def test_the_pointer_cannot_leave_its_folder(tmp_path: Path, pointer: str) -> None:
    """A CURRENT that names a path is an error, not a path."""
    (tmp_path / "CURRENT").write_text(pointer)
    with pytest.raises(BussolaError):
        load_current(tmp_path)


def test_an_answer_of_hostile_markdown_is_clean() -> None:
    """The same vectors through the rendering of an answer, without a browser."""
    html = "".join(render_markdown(v) for v in VECTORS).lower()
    tags = re.findall(r"<([a-z][a-z0-9]*)([^>]*)>", html)
    bad = {"script", "iframe", "svg", "object", "embed", "form", "style", "math"}
    assert {name for name, _ in tags} & bad == set()
    assert [rest for _, rest in tags if re.search(r"javascript:|\bon\w+=|data:", rest)] == []
