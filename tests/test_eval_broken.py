"""The suite is worth something only if it goes red when Bussola breaks: real guides, real bot."""

from __future__ import annotations

import os
import random
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

import chatbot.consult
import chatbot.decide
from chatbot.bot import Bot
from chatbot.fuse import Weights, fuse, rerank
from chatbot.retrieve import Stages
from eval.case import Case
from eval.compare import compare
from eval.result import Run
from eval.run import dead_targets, run_suite
from eval.suite import CASES_DIR, load_suite
from index.build import content_digest, make_snapshot
from index.check import check_folder
from index.chunk import chunk_guide
from index.encoder import Encoder
from index.guide import Guide
from index.snapshot import Snapshot
from index.vectors import VectorCache

ROOT = Path(__file__).parent.parent
SWAPPED = ("diritto-al-lavoro-richiedenti", "codice-stp")


def _chosen() -> tuple[Case, ...]:
    """Quick and still wide: sixty single questions drawn over all themes, some that the two
    swapped guides answer, and some that no guide answers."""
    single = [case for case in load_suite() if len(case.turns) == 1]
    drawn = random.Random(0).sample(single, min(60, len(single)))
    theirs = [c for c in single if any(s.partition("#")[0] in SWAPPED for s in c.passages)]
    silent = [case for case in single if case.expected in ("no_answer", "out_of_scope")]
    return tuple({c.id: c for c in (*drawn, *theirs[:12], *silent[:20])}.values())


CASES = _chosen()


@pytest.fixture(scope="module")
def encoder(model_dir: Path) -> Encoder:
    return Encoder.load(model_dir)


@pytest.fixture(scope="module")
def guides() -> Mapping[str, Guide]:
    found, _ = check_folder(ROOT / "guides")
    return {guide.slug: guide for guide in found}


def snapshot_of(guides: Mapping[str, Guide], encoder: Encoder) -> Snapshot:
    """A snapshot in memory; vectors come from the cache of the builds where they are there."""
    passages = [p for g in guides.values() for p in chunk_guide(g, encoder.count_tokens)]
    cache = VectorCache(Path(os.environ.get("BUSSOLA_VAR", ROOT / "var")) / "vectors", encoder)
    encoded, _ = cache.encode([passage.embedded for passage in passages])
    every = list(guides.values())
    return make_snapshot(every, passages, encoded, encoder, content_digest(every, encoder))


@pytest.fixture(scope="module")
def snapshot(guides: Mapping[str, Guide], encoder: Encoder) -> Snapshot:
    return snapshot_of(guides, encoder)


@pytest.fixture(scope="module")
def whole(encoder: Encoder, snapshot: Snapshot) -> Run:
    return run_suite(Bot(encoder), snapshot, CASES)


def test_the_same_version_is_not_red_and_gives_the_same_figures(
    encoder: Encoder, snapshot: Snapshot, whole: Run
) -> None:
    """Deterministic: asked again in another order, every answer and score is the same."""
    again = run_suite(Bot(encoder), snapshot, CASES, seed=5)
    assert [r.scores for r in again.results] == [r.scores for r in whole.results]
    assert [r.answer for r in again.results] == [r.answer for r in whole.results]
    assert compare(whole, again).regressions == []
    assert dead_targets(CASES, snapshot, CASES_DIR) == []


def test_swapped_contents_turn_the_run_red(
    guides: Mapping[str, Guide], encoder: Encoder, whole: Run
) -> None:
    """Two guides carry each other's contents: cases point nowhere, and important ones are lost."""
    one, two = SWAPPED
    swapped = dict(guides)
    for slug, other in ((one, guides[two]), (two, guides[one])):
        swapped[slug] = replace(other, slug=slug, title=guides[slug].title)
    broken = snapshot_of(swapped, encoder)
    assert dead_targets(CASES, broken, CASES_DIR)
    assert compare(whole, run_suite(Bot(encoder), broken, CASES)).regressions


def test_a_missing_lexical_index_turns_the_run_red(
    encoder: Encoder, snapshot: Snapshot, whole: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the words, numbers and acronyms are no longer found."""
    monkeypatch.setattr(chatbot.consult, "ALL_STAGES", Stages(lexical=False))
    assert compare(whole, run_suite(Bot(encoder), snapshot, CASES)).regressions


def test_an_inverted_fusion_weight_turns_the_run_red(
    encoder: Encoder, snapshot: Snapshot, whole: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The nearest passage counted against itself."""
    normal = Weights()
    inverted = replace(normal, dense=-normal.dense, top_dense=-normal.top_dense)
    monkeypatch.setattr(chatbot.consult, "fuse", partial(fuse, weights=inverted))
    monkeypatch.setattr(chatbot.consult, "rerank", partial(rerank, weights=inverted))
    assert compare(whole, run_suite(Bot(encoder), snapshot, CASES)).regressions


def test_a_lower_threshold_of_silence_turns_the_run_red(
    encoder: Encoder, snapshot: Snapshot, whole: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bot that answers everything gives wrong answers where the guides are silent."""
    monkeypatch.setattr(chatbot.decide, "ANSWER", 0.0)
    assert compare(whole, run_suite(Bot(encoder), snapshot, CASES)).regressions
