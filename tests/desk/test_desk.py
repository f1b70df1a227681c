"""The editors' desk and the admin routes, over a few guides, a real journal and a real token."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from desk_drafts import entry, keep
from fastapi.testclient import TestClient
from guide_texts import BODY, PLAIN, SHEET

from chatbot.desk.draft_guide import DraftGuide
from chatbot.desk.drafts import Drafts
from chatbot.desk.shelf import Wanted, shelf, wanted_rows
from chatbot.http.access import FILE, Keyring
from chatbot.journal.records import Cited, Entry, Feedback, Review
from index.parse.header import fields_of, split_text
from index.publish.published import current_id
from index.publish.snapshot import load_current

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
    for name in ("altro", "guida/a%22b", f"guida/{'a' * 118}"):
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
