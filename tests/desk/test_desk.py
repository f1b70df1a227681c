"""The editors' desk and the admin routes, over a few guides, a real journal and a real token."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
import time_machine
from fastapi.testclient import TestClient
from guide_texts import BODY, PLAIN, SHEET
from networks import NETWORK
from small import edit

from chatbot.desk.asked import MOST, AskedVectors
from chatbot.desk.data import group_questions, new_guide
from chatbot.desk.draft_guide import DraftGuide
from chatbot.desk.drafts import Drafts
from chatbot.desk.shelf import Wanted, shelf, wanted_rows
from chatbot.http.access import FILE, Keyring
from chatbot.journal.records import Cited, Entry, Feedback, Review
from chatbot.journal.writer import Journal
from chatbot.parts import part
from index.check.renew import renew, renewed
from index.encode.encoder import Encoder
from index.parse.header import fields_of, split_text
from index.publish.published import current_id
from index.publish.shelf import build_lock
from index.publish.snapshot import load, load_current


@pytest.fixture(scope="module")
def encoder(encoder_of_all: Encoder) -> Encoder:
    return encoder_of_all


def entry(question: str, answer_id: str, **more: object) -> Entry:
    return Entry(id=answer_id, question=question, outcome="no_answer", **more)  # type: ignore[arg-type]


def keep(client: TestClient, *records: object) -> None:
    for record in records:
        part(client.app, Journal).put(record).result(10)  # type: ignore[arg-type]


ADMIN = ["reindex", "draft", "rollback", "publish", "impact", "desk/preview", "desk/drafts",
         "desk/valid/conto-di-base"]  # fmt: skip


@pytest.mark.parametrize("path", ADMIN)
def test_nothing_opens_without_an_editors_token(
    client: TestClient, folder: Path, path: str
) -> None:
    """No token 401, an evaluator's 403; and the page itself holds no data."""
    evaluator = Keyring(folder / "var" / FILE).create("valutatrice", "evaluator")
    url = f"/api/admin/{path}"
    assert client.post(url, json={}, headers={"Authorization": ""}).status_code == 401
    wrong = {"Authorization": f"Bearer {evaluator}"}
    assert client.post(url, json={}, headers=wrong).status_code == 403
    assert client.get("/api/admin/desk/todo", headers=wrong).status_code == 403
    page = client.get("/redazione", headers={"Authorization": ""})
    assert page.status_code == 200
    assert str(current_id(folder / "var")) not in page.text


def test_reviews_are_for_holders_and_of_answers_that_are_there(client: TestClient) -> None:
    """No token 401; an answer that the journal does not hold 404; a passage that no guide has
    422; text of operators stays text; nothing of this is kept."""
    keep(client, entry("<b>Dove</b> si fa lo SPID?", "a1"))
    body = {"verdict": "sbagliata", "passage": "conto-di-base#niente"}
    url = "/api/admin/review/a1"
    assert client.post(url, json=body, headers={"Authorization": ""}).status_code == 401
    assert client.get("/api/admin/review", headers={"Authorization": ""}).status_code == 401
    assert client.post("/api/admin/review/zz", json=body).status_code == 404
    told = client.post(url, json=body)
    assert told.status_code == 422
    assert "conto-di-base#niente" in told.json()["detail"]
    assert client.post(url, json={"verdict": "forse"}).status_code == 422
    html = client.get("/api/admin/review").text
    assert "&lt;b&gt;Dove&lt;/b&gt; si fa lo SPID?" in html
    assert 'value="conto-di-base#residenza"' in html
    assert client.get("/revisione").status_code == 200


def test_reindex_publishes_in_a_moment(client: TestClient, folder: Path) -> None:
    """One changed guide is published and served at once, from the model in memory."""
    edit(folder / "guides", "pubblicata")
    start = time.process_time()
    summary = client.post("/api/admin/reindex").json()
    assert time.process_time() - start < 2
    assert (summary["changed"], summary["encoded"], summary["published"]) == (1, 1, True)
    assert client.get("/api/health").json()["snapshot"] == summary["snapshot"]
    answer = client.post("/api/chat", json={"question": "Come si apre un conto di base?"}).json()
    assert answer["snapshot"] == summary["snapshot"]


def test_reindex_tells_what_is_wrong(client: TestClient, folder: Path) -> None:
    """Errors come back with file and line, a build under way as a conflict; nothing changes."""
    before = current_id(folder / "var")
    with build_lock(folder / "var"):
        assert client.post("/api/admin/reindex").status_code == 409
    (folder / "guides/schede/rotta.md").write_text("---\ntitolo: [\n---\n\n# Rotta\n")
    told = client.post("/api/admin/reindex")
    assert told.status_code == 422
    assert told.json()["errors"][0]["field"].startswith("schede/rotta.md:")
    assert current_id(folder / "var") == before


def test_draft_publish_and_rollback(client: TestClient, folder: Path) -> None:
    """A draft changes nothing until published, with who and why; rollback undoes it."""
    before = current_id(folder / "var")
    edit(folder / "guides", "bozza")
    draft = client.post("/api/admin/draft").json()["snapshot"]
    assert client.get("/api/health").json()["snapshot"] == before
    body = {"snapshot": draft, "reason": "norma nuova"}
    assert client.post("/api/admin/publish", json=body).json() == {"published": draft}
    (note,) = load(folder / "var", draft).manifest["publications"]
    assert (note["by"], note["why"]) == ("redattrice", "norma nuova")
    assert client.post("/api/admin/rollback").json() == {"published": before}
    assert client.get("/api/health").json()["snapshot"] == before
    assert client.post("/api/admin/publish", json={"snapshot": "../x"}).status_code == 422


def test_what_is_to_be_done(client: TestClient) -> None:
    """Questions without an answer grouped and counted, what operators and evaluators found wrong
    with their words, escaped; drafts under way."""
    wrong = Entry("c1", "Serve la residenza?", "answered",
                  cited=(Cited(1, "conto-di-base", "residenza", "No."),))  # fmt: skip
    keep(
        client,
        entry("Dove si fa lo SPID?", "a1"),
        entry("Dove si fa lo SPID?", "a2"),
        entry("Quanto costa la patente di guida per camion?", "a3"),
        wrong,
    )
    keep(client, Feedback("c1", "sbagliata", "manca <b>il caso</b> del rinnovo"))
    keep(client, Review("a3", "pericolosa", "valutatrice", note="<i>grave</i>"))
    client.post("/api/admin/desk/drafts", json={"name": "Novembre <u>"})
    html = client.get("/api/admin/desk/todo").text
    groups = html[html.index('id="domande"') : html.index('id="sbagliate"')]
    assert re.search(r"<strong>2</strong> volte: [Dd]ove si fa lo", groups)
    assert groups.index("SPID") < groups.index("camion")
    assert "manca &lt;b&gt;il caso&lt;/b&gt; del rinnovo" in html
    assert "&lt;i&gt;grave&lt;/i&gt;" in html
    assert "Novembre &lt;u&gt;" in html


def test_the_lists_of_guides_and_services(client: TestClient) -> None:
    """Each guide with its state; filters by words, kind and state; the services as a table and as
    CSV; snapshots in the history."""
    html = client.get("/api/admin/desk/guides").text
    assert html.count('<th scope="row">') == 6
    found = client.get("/api/admin/desk/guides?q=conto&tipo=scheda").text
    assert found.count('<th scope="row">') == 1
    assert client.get("/api/admin/desk/guides?pagina=99").status_code == 200
    services = client.get("/api/admin/desk/services").text
    assert services.count('<th scope="row">') == 2
    assert client.get("/api/admin/desk/services.csv").text.startswith("\ufeffnome_file,")
    assert 'data-snapshot="' in client.get("/api/admin/desk/history").text


def test_the_old_address_leads_to_the_new(client: TestClient) -> None:
    """And what leads nowhere is told so."""
    moved = client.get("/redazione", follow_redirects=False)
    assert (moved.status_code, moved.headers["location"]) == (307, "/redazione/da-fare")
    for name in ("guide", "bozze", "storia", "servizi", "guida/conto-di-base"):
        assert client.get(f"/redazione/{name}").status_code == 200
    for name in ("altro", "guida/a%22b", f"guida/{'a' * 101}"):
        assert client.get(f"/redazione/{name}").status_code == 404
    assert client.get("/api/admin/desk/guide/non-esiste").status_code == 404


def test_preview_is_what_the_build_would_do(client: TestClient) -> None:
    """A guide is checked, cut and rendered, each finding with the line that its editor sees or
    the field it is of; scripts in it stay text; a bad one is told."""
    head, body = split_text(SHEET + BODY + "\n## Costa? {#costa}\n\nCosta 10 euro. [x](y.md).\n")
    fields = {**(fields_of(head) or {}), "rivedere_entro": "2026-11-01"}
    sent = {"head": head, "fields": fields_of(head), "body": body + PLAIN}
    found = client.post("/api/admin/desk/preview", json=sent).json()
    (dead,) = [f for f in found["findings"] if "y.md" in f["message"]]
    assert "non porta a nessuna guida" in dead["message"]
    assert body.split("\n")[dead["line"] - 1].startswith("Costa 10 euro")
    assert "anteprima#costa:0" in [p["id"] for p in found["passages"]]
    assert '<h2 id="costa">' in found["page"]
    late = client.post("/api/admin/desk/preview", json={**sent, "fields": fields}).json()
    (of_dates,) = late["findings"]
    assert "deve venire dopo" in of_dates["message"]
    bad = client.post(
        "/api/admin/desk/preview", json={"body": SHEET + "# Prova\n\n<script>x</script>\n"}
    )
    assert "<script>" not in bad.json()["page"]
    good = SHEET + BODY + "\nVedi [Conto](conto-di-base.md#residenza).\n" + PLAIN
    with time_machine.travel(date(2026, 11, 30)):  # before that sheet is to be looked at again
        assert client.post("/api/admin/desk/preview", json={"body": good}).json()["findings"] == []
    unread = client.post("/api/admin/desk/preview", json={**sent, "head": "a: [\n"})
    assert unread.status_code == 422


def test_still_valid_writes_or_gives_a_patch(client: TestClient, folder: Path) -> None:
    """The two dates change and nothing else; a guide edited meanwhile is not touched."""
    path = folder / "guides/schede/conto-di-base.md"
    before = path.read_text("utf-8")
    done = client.post("/api/admin/desk/valid/conto-di-base").json()
    after = path.read_text("utf-8")
    assert done["written"]
    changed = [b for a, b in zip(before.split("\n"), after.split("\n"), strict=True) if a != b]
    assert len(changed) in {1, 2}
    assert f"verificato_il: {NETWORK.today().isoformat()}" in after
    assert "+verificato_il: " in done["patch"]
    again = client.post("/api/admin/desk/valid/conto-di-base")
    assert again.status_code == 422
    assert "prima ripubblicala" in again.json()["detail"]
    assert client.post("/api/admin/desk/valid/non-esiste").status_code == 404


def test_a_read_only_folder_gives_the_patch(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the file cannot be replaced the patch comes back and the file is as it was."""
    guide = load_current(folder / "var").guides["codice-fiscale"]
    path = folder / "guides" / guide.path
    before = path.read_bytes()

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("index.files.os.replace", refuse)
    done = renew(guide, folder / "guides", date(2027, 1, 10))
    assert not done.written
    assert path.read_bytes() == before
    assert "+verificato_il: 2027-01-10" in done.patch
    assert "2027-01-10" in done.text


def test_renewed_keeps_every_other_byte() -> None:
    """Windows line ends, comments and order of the front matter stay."""
    text = (
        "---\r\ntitolo: x\r\nverificato_il: 2026-01-02  # a mano\r\nrivedere_entro: 2026-02-02\r\n"
    )
    new = renewed(text, date(2026, 11, 23), date(2026, 12, 24))
    assert new == text.replace("2026-01-02  ", "2026-11-23").replace("2026-02-02", "2026-12-24")


def test_guides_are_ordered_by_what_is_urgent(folder: Path) -> None:
    """Overdue first, the longest on top; then by how many answers they ground; each with its
    states, and the draft that has it."""
    guides = list(load_current(folder / "var").guides.values())
    day = max(g.review_by for g in guides) + timedelta(days=3)
    left = [row.left for row in shelf(guides, [], {}, day)]
    assert left == sorted(left)
    assert left[-1] == -3
    drafts = Drafts(folder / "var")
    name = drafts.create("redattrice").id
    here = next(g for g in guides if g.slug == "conto-di-base")
    one = DraftGuide(slug=here.slug, path=here.path, text="x", at=datetime.now(UTC))
    drafts.put(name, one, "redattrice", 0)
    counts = {"codice-fiscale": 5, "violenza": 9}
    rows = shelf(guides, drafts.open(), counts, date(2026, 11, 23))
    assert [row.guide.slug for row in rows[:2]] == ["violenza", "codice-fiscale"]
    (edited,) = wanted_rows(rows, Wanted(stage="in bozza"))
    assert (edited.guide.slug, edited.edited.by) == ("conto-di-base", "redattrice")
    assert wanted_rows(rows, Wanted(q="CONTO bas", kind="copione")) == []


def test_questions_of_the_journal_are_proposed(client: TestClient) -> None:
    """To the guide whose passage is nearest, under that section, as text; to no other."""
    near = "Un conto di base <b>senza</b> residenza si apre?"
    keep(client, entry(near, "p1"))
    page = client.get("/api/admin/desk/guide/conto-di-base").text
    assert re.search(r'data-propose="[a-z0-9-]+"', page)
    assert "<b>senza</b>" not in page
    assert "data-propose" not in client.get("/api/admin/desk/guide/violenza").text


def test_a_question_is_encoded_once() -> None:
    """However often the page is opened; what was not seen for long is forgotten."""
    asked: list[str] = []

    class Counting:
        def encode_queries(self, texts: Sequence[str]) -> np.ndarray:
            asked.extend(texts)
            return np.array([[float(len(text))] for text in texts], dtype=np.float32)

    kept = AskedVectors(Counting())
    assert kept.encode_queries(["a", "bb", "a"]).tolist() == [[1.0], [2.0], [1.0]]
    assert kept.encode_queries(["bb", "ccc"]).tolist() == [[2.0], [3.0]]
    assert asked == ["a", "bb", "ccc"]
    kept.encode_queries([str(n) for n in range(MOST)])
    kept.encode_queries(["a"])
    assert asked.count("a") == 2


def test_groups_of_questions(folder: Path, encoder: Encoder) -> None:
    """The same question in other words makes one group; different needs make two."""
    snapshot = load_current(folder / "var")
    asked = ["Come si fa lo SPID?", "come si fa lo spid", "Come si fa lo SPID?", "Serve il visto?"]
    groups = group_questions([entry(q, str(n)) for n, q in enumerate(asked)], encoder, snapshot)
    assert [(g.times, len(g.questions)) for g in groups] == [(3, 2), (1, 1)]
    assert all(len(g.nearest) == 3 for g in groups)
    assert group_questions([], encoder, snapshot) == []
    assert new_guide("scheda", "?", ["«?»"], (), snapshot).startswith("---\n")
