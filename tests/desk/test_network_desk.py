"""The files of the network on the desk: forms that keep what nobody changed, checked, published."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from folders import GUIDES
from signing_in import person, signed_in

from chatbot.desk.form import Node, form_of
from chatbot.desk.yaml_form import Refused, data_of, with_data
from chatbot.settings import Settings
from index.parse.network_folder import FILES
from index.publish.snapshot import load_current
from server import create_app

URL = "/api/admin/desk"
QUESTION = "Come si apre un conto di base?"


@pytest.fixture
def folder(small_copy: Path) -> Path:
    return small_copy


@pytest.fixture
def client(folder: Path) -> Iterator[TestClient]:
    settings = Settings(guides=folder / "guides", var=folder / "var", reload_seconds=60,
                        _env_file=None)  # type: ignore[call-arg]  # fmt: skip
    with TestClient(create_app(settings)) as client:
        signed_in(client, person(folder / "var"))
        yield client


def draft(client: TestClient) -> str:
    return str(client.post(f"{URL}/drafts", json={"name": "Rete"}).json()["id"])


def told(node: Node) -> Any:
    """The data of a form, as the page reads it back."""
    if node.shape == "object":
        found = {child.key: told(child) for child in node.children}
        return {key: value for key, value in found.items() if value not in ("", [], {})}
    if node.shape == "list":
        return [told(child) for child in node.children]
    if node.shape == "map":
        return {child.label: told(child) for child in node.children}
    return node.value


@pytest.mark.parametrize("name", [n for n in FILES if (GUIDES / "rete" / n).exists()])
def test_a_form_that_nobody_changed_changes_no_byte(name: str) -> None:
    """Of every file of the real network, comments and order too."""
    text = (GUIDES / "rete" / name).read_text("utf-8")
    form = form_of(FILES[name][0], data_of(name, text), "x")
    assert with_data(name, text, told(form)) == text


def test_a_change_writes_only_its_item() -> None:
    """The others keep their comments and their form; a new one comes where it was put, one that is
    left out goes with the comment over it."""
    text = (
        "# I bisogni.\n\n- {id: casa, nome: {it: Casa}}\n# il lavoro\n- id: lavoro  # anche qui\n"
        "  nome:\n    it: Lavoro\n"
    )
    data: Any = [
        {"id": "casa", "nome": {"it": "La casa"}},
        {"id": "lavoro", "nome": {"it": "Lavoro"}},
    ]
    changed = with_data("bisogni.yaml", text, data)
    assert changed == text.replace(
        "- {id: casa, nome: {it: Casa}}\n", "- id: casa\n  nome:\n    it: La casa\n"
    )
    assert with_data("bisogni.yaml", text, data[:1]).endswith("it: La casa\n")
    added = with_data("bisogni.yaml", text, [{"id": "scuola"}, *data])
    assert added.startswith("# I bisogni.\n\n- id: scuola\n- id: casa\n")
    keys = "nome: A  # chi siamo\nmotto: B\n"
    assert with_data("rete.yaml", keys, {"nome": "A", "esempi": ["Chi?"]}) == (
        "nome: A  # chi siamo\nesempi:\n  - Chi?\n"
    )


@pytest.mark.parametrize(
    ("name", "data"),
    [("bisogni.yaml", [{"id": "Casa!"}]), ("risposte.yaml", [{"domande": ["a"]}]),
     ("avvisi.yaml", [{"testo": "x", "fino_al": "domani", "guide": ["a"]}]),
     ("bisogni.yaml", {"x": 1}), ("rete.yaml", {"nome": "A", "boh": 1})],
)  # fmt: skip
def test_what_a_file_may_not_say_is_refused(name: str, data: Any) -> None:
    with pytest.raises(Refused):
        with_data(name, "", data)


def test_a_question_is_decided_asked_published_and_undone(client: TestClient, folder: Path) -> None:
    """From a question of the journal to the answer: in a draft, beside what is published, in the
    reasons once it is, and away again."""
    name = draft(client)
    page = client.get(f"{URL}/network-file/risposte?domanda=Chi%20%C3%A8%3F").text
    assert "Chi è?" in page
    data = [{"domande": [QUESTION], "rivolgersi_a": "l'ufficio della casa"}]
    address = f"{URL}/drafts/{name}/network/risposte"
    saved = client.put(address, json={"data": data, "version": 0})
    assert saved.json() == {"draft": name, "version": 1, "findings": []}
    found = client.post(f"{URL}/drafts/{name}/ask", json={"question": QUESTION}).json()
    assert "rivolgiti a l'ufficio della casa" in found["draft"]["html"]
    assert not found["same"]
    shown = client.get(f"{URL}/draft/{name}").text
    assert "/redazione/rete/risposte" in shown
    assert "<ins>- domande:</ins>" in shown
    done = client.post(f"{URL}/drafts/{name}/publish", json={"reason": "deciso"})
    assert done.status_code == 200, done.text
    answer = client.post("/api/chat", json={"question": QUESTION.upper()}).json()
    assert answer["outcome"] == "no_answer"
    assert "decisa" in [reason["rule"] for reason in answer["reasons"]]
    assert (folder / "guides/rete/risposte.yaml").is_file()
    client.post(f"{URL}/publications/{done.json()['publication']}/undo", json={})
    assert not (folder / "guides/rete/risposte.yaml").exists()
    assert load_current(folder / "var").network.decisions == ()


def test_what_is_wrong_is_saved_and_not_published(client: TestClient, folder: Path) -> None:
    """A text that cannot be read is kept and told; a section that is not there stops the trial and
    the publication, at its line."""
    name = draft(client)
    broken = client.put(f"{URL}/drafts/{name}/network/bisogni", json={"text": "- [", "version": 0})
    assert broken.json()["findings"][0]["file"] == "rete/bisogni.yaml"
    assert "Correggilo come testo" in client.get(f"{URL}/network-file/bisogni?bozza={name}").text
    assert client.post(f"{URL}/drafts/{name}/changes").status_code == 422
    client.delete(f"{URL}/drafts/{name}/guides/rete-bisogni")
    data = [{"domande": [QUESTION], "sezione": "conto-di-base#non-esiste"}]
    client.put(f"{URL}/drafts/{name}/network/risposte", json={"data": data, "version": 0})
    refused = client.post(f"{URL}/drafts/{name}/publish", json={"reason": "x"})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "rete/risposte.yaml:1"
    assert not (folder / "guides/rete/risposte.yaml").exists()


def test_two_people_on_one_file(client: TestClient, folder: Path) -> None:
    """The second is told, and their text is kept aside."""
    name, other = draft(client), TestClient(client.app)
    signed_in(other, person(folder / "var", "collega"))
    address = f"{URL}/drafts/{name}/network/non-persone"
    assert client.put(address, json={"text": "uno\n", "version": 0}).status_code == 200
    assert other.put(address, json={"text": "due\n", "version": 0}).status_code == 409
    assert "due" in client.get(f"{URL}/draft/{name}").text


@pytest.mark.parametrize("slug", ["tokens", "..", "README", "rete.yaml"])
def test_no_other_file_is_reached(client: TestClient, slug: str) -> None:
    answer = client.put(f"{URL}/drafts/{draft(client)}/network/{slug}", json={"version": 0})
    assert answer.status_code in (404, 405, 422)
