"""What one server publishes every other has: whole, in order, and no other text."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from made_encoder import made_encoder
from small import edit, small_folder
from sqlalchemy import Engine, func, select, text

from chatbot.problem import Unavailable
from chatbot.shared.cabinet import open_shared
from chatbot.shared.editions import KEPT, Edition, EditionError, Editions, Overtaken
from chatbot.shared.follower import Follower
from chatbot.shared.tables import pieces, snapshots
from index.publish.build import build
from index.publish.published import current_id, snapshots_dir
from index.publish.snapshot import load_current

PATIENCE_S = 60


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    engine = open_shared(database)
    yield engine
    engine.dispose()


@pytest.fixture
def editions(engine: Engine) -> Editions:
    return Editions(engine)


@pytest.fixture
def first(editions: Editions, tmp_path: Path) -> Follower:
    """A server that published what it has."""
    follower = Follower(editions, tmp_path / "var")
    small_folder(follower.guides)
    build(follower.guides, follower.var, made_encoder())
    assert follower.sync() is None
    follower.publish(current_id(follower.var) or "", "prove")
    return follower


@pytest.fixture
def second(editions: Editions, tmp_path: Path) -> Follower:
    """A server with nothing."""
    return Follower(editions, tmp_path / "altra")


def texts_of(follower: Follower) -> dict[str, bytes]:
    files = (p for p in follower.guides.rglob("*") if p.is_file())
    return {p.relative_to(follower.guides).as_posix(): p.read_bytes() for p in files}


def built(follower: Follower, words: str) -> str:
    """A snapshot of the guides with one sentence changed, not published."""
    edit(follower.guides, words)
    return build(follower.guides, follower.var, made_encoder(), publish=False).snapshot


def test_a_server_with_nothing_has_all(first: Follower, second: Follower) -> None:
    """The snapshot loads, every digest checked, and the texts are the very ones."""
    edition = second.sync()
    assert edition is not None
    assert (edition.n, edition.snapshot) == (1, current_id(first.var))
    assert load_current(second.var).id == edition.snapshot
    assert texts_of(second) == texts_of(first)
    assert second.status.here == second.status.newest == edition


def test_of_a_new_edition_only_what_changed_is_kept_and_fetched(
    first: Follower, second: Follower, engine: Engine
) -> None:
    """Files that stayed are a second name of those that are here."""
    second.sync()
    before = current_id(second.var) or ""
    first.publish(built(first, "nella terza edizione"), "prove")
    edition = second.sync()
    assert edition is not None
    assert edition.n == 2
    assert texts_of(second) == texts_of(first)
    old, new = (snapshots_dir(second.var) / name for name in (before, edition.snapshot))
    same = [p.name for p in new.glob("*") if p.is_file() and p.samefile(old / p.name)]
    assert "signals.npy" in same
    with engine.connect() as connection:
        kept = connection.scalar(select(func.count()).select_from(pieces)) or 0
    files = sum(1 for folder in (old, new) for p in folder.rglob("*") if p.is_file())
    assert kept < files + 2 * len(texts_of(first))


def test_of_two_over_the_same_one_is_refused(first: Follower, second: Follower) -> None:
    """It changes nothing, and having seen the other may publish."""
    second.sync()
    late = built(second, "seconda in tutto")
    first.publish(built(first, "prima di tutti"), "una")
    with pytest.raises(Overtaken):
        second.publish(late, "altra")
    assert second.status.here != first.status.here
    second.sync()
    assert texts_of(second) == texts_of(first)
    assert "prima di tutti" in (second.guides / "schede/conto-di-base.md").read_text("utf-8")
    second.publish(late, "altra")
    assert first.sync() == Edition(3, late, second.status.here.at)  # type: ignore[union-attr]


def test_a_text_that_is_gone_is_gone_everywhere(first: Follower, second: Follower) -> None:
    """And what was changed by hand in the copy is as it was published."""
    second.sync()
    (second.guides / "schede/aggiunta.md").write_text("# Mai pubblicata\n", encoding="utf-8")
    edit(second.guides, "scritta a mano nella copia")
    second.sync()  # nothing new: not looked at
    assert texts_of(second) != texts_of(first)
    second.sync(again=True)
    assert texts_of(second) == texts_of(first)


def test_a_copy_may_be_deleted_at_any_moment(first: Follower, second: Follower) -> None:
    """What is in var comes again."""
    second.sync()
    shutil.rmtree(second.var)
    assert second.sync() == first.status.here
    assert load_current(second.var).id == current_id(first.var)


def test_what_arrives_broken_is_not_served(
    first: Follower, second: Follower, engine: Engine
) -> None:
    """The server keeps what it had, says why, and is ready again when it can have the new one."""
    second.sync()
    before = current_id(second.var)
    first.publish(built(first, "che arriva rotta"), "prove")
    broken = text(
        "UPDATE pieces SET data = '\\x00' WHERE digest IN (SELECT piece FROM snapshot_pieces "
        "WHERE snapshot = :id AND path = 'passages.json')"
    )
    with engine.begin() as connection:
        connection.execute(broken, {"id": current_id(first.var)})
        connection.execute(broken, {"id": first.status.here.snapshot})  # type: ignore[union-attr]
    with pytest.raises(EditionError, match=r"passages\.json.*rotto"):
        second.sync()
    assert current_id(second.var) == before
    assert second.status.stuck
    assert "rotto" in second.status.error
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM editions WHERE n = 2")
    second.sync()
    assert not second.status.stuck


def test_old_snapshots_are_forgotten(first: Follower, engine: Engine) -> None:
    """Those that one may go back to stay, with the pieces that they need and no other."""
    source = snapshots_dir(first.var) / (current_id(first.var) or "")
    for n in range(KEPT + 2):
        (copy := source.with_name(f"copia-{n}")).mkdir()
        for file in source.rglob("*"):
            if file.is_file():
                (copy / file.relative_to(source)).parent.mkdir(exist_ok=True)
                shutil.copy(file, copy / file.relative_to(source))
        (copy / "handouts.json").write_text(f"[{n}]")
        first.publish(copy.name, "prove")
    with engine.connect() as connection:
        kept = set(connection.scalars(select(snapshots.c.id)))
        sizes = connection.execute(
            text(
                "SELECT count(*) FROM pieces WHERE digest NOT IN (SELECT piece FROM "
                "snapshot_pieces UNION SELECT piece FROM edition_pieces)"
            )
        )
        assert sizes.scalar() == 0
    assert kept == {f"copia-{n}" for n in range(2, KEPT + 2)}


def test_a_notice_wakes_who_follows(first: Follower, second: Follower) -> None:
    """And a server whose database goes says so, keeps what it has and goes on when it is back."""
    second.sync()
    arrived = threading.Event()
    second.start(arrived.set)
    try:
        first.publish(built(first, "annunciata"), "prove")
        assert arrived.wait(PATIENCE_S)
        assert second.status.here == first.status.here
        arrived.clear()
        with first.editions.engine.connect() as connection:
            connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE pid <> pg_backend_pid() AND datname = current_database()"
            )
        first.publish(built(first, "dopo un taglio"), "prove")
        assert arrived.wait(PATIENCE_S)
        assert texts_of(second) == texts_of(first)
    finally:
        second.close()


def test_a_database_that_is_away_makes_no_server_unready(first: Follower, second: Follower) -> None:
    """All would be at once: answers go on from memory, and health says it."""
    second.sync()
    with first.editions.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE editions RENAME TO gone")
    with pytest.raises(Unavailable):
        second.sync()
    assert (second.status.reached, second.status.stuck) == (False, False)
    assert second.status.error
