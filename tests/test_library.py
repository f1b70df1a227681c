"""Hot reload: questions under way keep their snapshot, whatever is published meanwhile."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from small import copy_of, edit

from chatbot.bot import Bot
from chatbot.library import Library
from chatbot.question import Question
from index.encode.encoder import Encoder
from index.publish.build import build
from index.publish.published import current_id, snapshots_dir
from index.publish.snapshot import load_current

QUESTIONS = 200
SNAPSHOTS = 10
ASKED = "Il richiedente asilo può aprire un conto di base?"


@pytest.fixture(scope="module")
def encoder(encoder_of_all: Encoder) -> Encoder:
    return encoder_of_all


@pytest.fixture
def folder(small_copy: Path) -> Path:
    """Guides and what is generated from them, twice published."""
    return small_copy


def library_of(folder: Path, encoder: Encoder) -> Library:
    return Library(folder / "var", Bot(encoder), load_current(folder / "var"))


def test_two_hundred_questions_while_ten_snapshots_are_published(
    folder: Path, encoder: Encoder
) -> None:
    """None fails; each answer names one snapshot and cites only words of that snapshot; every
    snapshot published in the end is the one served."""
    library = library_of(folder, encoder)
    sentences = {library.snapshot.id: sentence_of(library)}
    done = threading.Event()

    def publish() -> None:
        for n in range(SNAPSHOTS):
            edit(folder / "guides", f"edizione {n}")
            build(folder / "guides", folder / "var", encoder)
            assert library.refresh()
            sentences[library.snapshot.id] = sentence_of(library)
        done.set()

    def ask(_: int) -> tuple[str, list[str]]:
        snapshot = library.snapshot
        answer = library.bot.reply(Question(ASKED), snapshot)
        known = {u.text for p in snapshot.passages for u in p.units}
        quotes = [line for c in answer.citations for line in c.quote.split("\n")]
        assert answer.snapshot == snapshot.id
        assert answer.citations
        assert all(any(text in quote for text in known) for quote in quotes), quotes
        return answer.snapshot, [c.quote for c in answer.citations]

    publisher = threading.Thread(target=publish)
    publisher.start()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(QUESTIONS)))
        while not done.is_set() and publisher.is_alive():
            answers += pool.map(ask, range(8))
    publisher.join()
    assert done.is_set()
    assert len(answers) >= QUESTIONS
    assert len({snapshot for snapshot, _ in answers}) > 1, "the reload was never under way"
    for snapshot, quotes in answers:
        others = {s for i, s in sentences.items() if i != snapshot and s != sentences[snapshot]}
        assert not any(other in quote for other in others for quote in quotes)
    assert library.snapshot.id == current_id(folder / "var")


def sentence_of(library: Library) -> str:
    """The sentence that tells the editions apart."""
    guide = library.snapshot.guides["conto-di-base"]
    return guide.sections[0].units[0].text


def test_a_damaged_snapshot_is_told_and_not_served(folder: Path, encoder: Encoder) -> None:
    """The one in use stays, the reason is kept for health, and the next good one is taken."""
    library = library_of(folder, encoder)
    served = library.snapshot.id
    edit(folder / "guides", "rovinata")
    summary = build(folder / "guides", folder / "var", encoder)
    (snapshots_dir(folder / "var") / summary.snapshot / "vectors.npy").write_bytes(b"x")
    assert not library.refresh()
    assert library.snapshot.id == served
    assert "vectors.npy" in library.error
    edit(folder / "guides", "riparata")
    build(folder / "guides", folder / "var", encoder)
    assert library.refresh()
    assert (library.error, library.snapshot.id) == ("", current_id(folder / "var"))


def test_a_server_starts_from_the_snapshot_before_a_damaged_one(
    folder: Path, encoder: Encoder
) -> None:
    """At the start too the newest that loads is served, and health says so."""
    from chatbot.settings import Settings

    current = str(current_id(folder / "var"))
    (snapshots_dir(folder / "var") / current / "guides.json").write_bytes(b"[]")
    library = Library.open(Settings(var=folder / "var"))
    assert library.snapshot.id < current
    assert current in library.error


def test_a_snapshot_of_another_model_is_refused(folder: Path, encoder: Encoder) -> None:
    """Vectors of another model are never compared with ours."""
    library = library_of(folder, encoder)
    served, name = library.snapshot.id, str(current_id(folder / "var"))
    other = snapshots_dir(folder / "var") / (name + "-x")
    copy_of(snapshots_dir(folder / "var") / name, other)
    manifest = (other / "manifest.json").read_text()
    (other / "manifest.json").write_text(manifest.replace(encoder.digest, "0" * 64))
    (folder / "var/CURRENT").write_text(name + "-x")
    assert not library.refresh()
    assert library.snapshot.id == served
    assert "altro modello" in library.error


def test_a_reader_that_the_weights_do_not_know_is_told(
    folder: Path, encoder: Encoder, tmp_path: Path
) -> None:
    """It reads nothing; health says what to run. One that does not load is told too."""
    from made_cross_encoder import made_cross_encoder

    from chatbot.http.health import health_out
    from chatbot.settings import Settings

    path = made_cross_encoder(tmp_path / "lettore")
    for name, why in ((path, "eval fit --reading"), (str(tmp_path / "manca"), "manca")):
        library = Library.open(Settings(var=folder / "var", reader=name))
        assert not library.bot.reads
        told = health_out(library, None)
        assert (told.reader, told.status) == ("off", "degraded")
        assert why in told.detail
        assert library.bot.reply(Question(ASKED), library.snapshot).citations
