"""A site whose guides are hostile."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from folders import MADE
from hostile import hostile_guides
from serving import served

from chatbot.settings import Settings
from index.encode.encoder import Encoder
from index.encode.passage_text import text_of
from index.encode.vectors import Text, VectorCache
from index.parse.chunk import chunk_guide
from index.parse.folder import read_guides
from index.publish.build import make_snapshot
from index.publish.published import point_current, snapshots_dir
from index.publish.snapshot import save
from server import create_app

SHORT = 30  # characters encoded of each: what is shown matters here, not what is found


@pytest.fixture(scope="session")
def hostile_var(
    tmp_path_factory: pytest.TempPathFactory, published: Path, encoder_of_all: Encoder
) -> Path:
    """A published snapshot of the hostile guides beside ordinary ones. `index check` refuses them:
    here they are as if somebody had got past it."""
    var = tmp_path_factory.mktemp("hostile")
    (var / "models").symlink_to((published / "models").resolve())
    shutil.copytree(published / "vectors", var / "vectors")  # of the ordinary ones
    encoder = encoder_of_all
    cache = VectorCache(var / "vectors", encoder)
    ordinary, _ = read_guides(MADE)
    guides = [g for g in ordinary if g.kind in ("emergenza", "copione")][:4] + hostile_guides()
    passages = [p for guide in guides for p in chunk_guide(guide, encoder.count_tokens)]
    encoded, _ = cache.encode([Text(p.embedded[:SHORT], text_of(p).starts) for p in passages])
    snapshot = make_snapshot(guides, passages, encoded, encoder, "0" * 64, cache.encode_questions)
    save(snapshot, snapshots_dir(var) / snapshot.id)
    point_current(var, snapshot.id)
    return var


@pytest.fixture(scope="session")
def site(hostile_var: Path) -> Iterator[str]:
    settings = Settings(
        _env_file=None, var=hostile_var, ask_rate="100000 per minute",
        global_rate="100000 per minute", read_rate="100000 per minute",
        conversation_rate="100000 per minute",
    )  # fmt: skip
    with served(create_app(settings)) as address:
        yield address
