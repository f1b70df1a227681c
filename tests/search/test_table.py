"""Vectors in PostgreSQL are found as those in memory are."""

from __future__ import annotations

import numpy as np
import pytest
from database_proxy import a_proxy
from numpy.typing import NDArray
from several import until
from sqlalchemy import make_url, text

from chatbot.shared.searched import search_engine
from eval.benchmarks.scale import in_database, recall
from index.errors import BussolaError
from index.search.store import VectorStore
from index.search.table import KEPT, VectorTables

WIDTH = 16
Vectors = NDArray[np.float32]


def crowded(n: int, seed: int = 3) -> Vectors:
    """Unit vectors around a few hundred points, as passages of guides are."""
    dice = np.random.default_rng(seed)
    points = dice.normal(size=(300, WIDTH))[dice.integers(0, 300, n)]
    vectors = points + 0.4 * dice.normal(size=points.shape)
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture
def tables(database: str) -> VectorTables:
    return VectorTables(search_engine(database))


def counted(tables: VectorTables, of: str) -> int:
    with tables.engine.connect() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {of}")).scalar_one())


@pytest.fixture
def by_index(database: str) -> VectorTables:
    """So few vectors are read one by one, were it not for these."""
    scans = "".join(f" -c enable_{one}=off" for one in ("seqscan", "sort", "hashjoin"))
    url = make_url(database).update_query_dict({"options": scans.strip()})
    return VectorTables(search_engine(url.render_as_string(hide_password=False)))


def used(tables: VectorTables) -> int:
    """How often the index of passages was asked."""
    tables.engine.dispose()  # who closes tells its counts
    scans = "SELECT idx_scan FROM pg_stat_user_indexes WHERE indexrelname = :name"
    with tables.engine.connect() as connection:
        name = {"name": f"vectors_{WIDTH}_passages"}
        return int(connection.execute(text(scans), name).scalar_one())


def test_the_nearest_are_those_of_memory(by_index: VectorTables) -> None:
    """By HNSW nearly all that exact search finds; each with its cosine."""
    tables, vectors = by_index, crowded(3_000)
    assert tables.put("una", {"passages": vectors}) == len(vectors)
    store, memory = tables.store("una", "passages", vectors), VectorStore.build(vectors)
    assert recall(store, vectors, vectors[::60]) > 0.97
    rows, cosines = store.nearest(vectors[7], 10)
    same, exact = memory.nearest(vectors[7], 10)
    assert (rows[0], len(rows)) == (7, 10)
    assert set(rows) & set(same) >= set(same[:5])
    assert cosines[0] == pytest.approx(exact[0], abs=2e-3)
    assert store.in_file == 0
    until(lambda: used(tables) >= 51)


def test_a_publication_adds_what_changed(tables: VectorTables) -> None:
    """What two snapshots have is kept once, wherever it stands in each; another finds its own rows
    alone; what is so old that nobody goes back to it is gone."""
    before = crowded(500)
    changed = np.concatenate([crowded(1, seed=9), before[::-1]])
    tables.put("prima", {"passages": before})
    assert tables.put("dopo", {"passages": changed, "units": before}) == 1 + len(before)
    assert tables.put("dopo", {"passages": changed}) == 0
    assert counted(tables, f"vectors_{WIDTH}") == 2 * len(before) + 1
    assert tables.store("prima", "passages", before).nearest(before[3], 1)[0].tolist() == [3]
    assert tables.store("dopo", "passages", changed).nearest(before[3], 1)[0].tolist() == [497]
    new = tables.store("prima", "passages", before).nearest(changed[0], 500)[0]
    assert set(new) <= set(range(500))
    for n in range(KEPT):
        tables.put(f"altra-{n}", {"passages": before[:20]})
    assert counted(tables, "vector_snapshots") == KEPT
    assert counted(tables, f"vectors_{WIDTH}") == 20


def test_alike_vectors_are_all_found(tables: VectorTables) -> None:
    """Two passages of the same words are two passages."""
    twice = np.concatenate([crowded(50), crowded(50)])
    assert tables.put("una", {"passages": twice}) == 50
    assert set(tables.store("una", "passages", twice).nearest(twice[4], 2)[0]) == {4, 54}


def test_without_the_database_the_file_is_searched(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exactly, and for a while without asking again; then the database is asked."""
    monkeypatch.setattr("index.search.table.CHUNK", 64)
    vectors = crowded(200)
    with a_proxy(database) as proxy:
        tables = VectorTables(search_engine(proxy.url))
        tables.put("una", {"passages": vectors})
        store = tables.store("una", "passages", vectors)
        proxy.hold()
        proxy.cut()
        rows, cosines = store.nearest(vectors[5], 20)
        assert store.in_file == 1
        expected = VectorStore.build(vectors).nearest(vectors[5], 20)
        assert rows.tolist() == expected[0].tolist()
        assert np.allclose(cosines, expected[1], atol=1e-5)
        proxy.let()
        store.nearest(vectors[5], 20)
        assert store.in_file == 2  # it rests
        tables._rest_until = 0.0
        assert store.nearest(vectors[5], 1)[0].tolist() == [5]
        assert store.in_file == 2


def test_what_is_measured_is_put_away(tables: VectorTables) -> None:
    """Over tables in use nothing is measured."""
    vectors = crowded(300)
    figures = in_database(tables, vectors, vectors[:10])
    assert figures["recall@10"] > 0.97
    assert figures["in_file"] == 0
    assert figures["bytes_per_passage"] > 2 * WIDTH
    tables.put("una", {"passages": vectors})
    with pytest.raises(BussolaError, match="ci sono già vettori"):
        in_database(tables, vectors, vectors[:10])
