"""The suite is worth something only if it goes red when Bussola breaks: real guides, real bot."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from reporting import REPORT

import chatbot.judge.consult
from chatbot.bot import Bot
from chatbot.find.retrieve import Stages
from chatbot.weights import read_weights
from eval.report.page import render_report
from eval.runs.baseline import blessed_run, breaches, read_baseline
from eval.runs.compare import compare
from eval.runs.result import Run
from eval.runs.run import run_suite
from eval.runs.summary import summarise
from eval.suite.case import Case
from eval.suite.folder import CASES_DIR
from eval.suite.targets import dead_targets
from index.encode.encoder import Encoder
from index.encode.passage_text import text_of
from index.encode.vectors import VectorCache
from index.guide import Guide
from index.parse.chunk import chunk_guide
from index.publish.build import make_snapshot
from index.publish.reuse import content_digest
from index.publish.snapshot import Snapshot

SWAPPED = ("diritto-al-lavoro-richiedenti", "codice-stp")


@pytest.fixture(scope="module")
def chosen(cases: tuple[Case, ...]) -> tuple[Case, ...]:
    """Quick and still wide: sixty single questions drawn over all themes, some that the two
    swapped guides answer, and some that no guide answers."""
    single = [case for case in cases if len(case.turns) == 1]
    drawn = random.Random(0).sample(single, min(60, len(single)))
    theirs = [c for c in single if any(s.partition("#")[0] in SWAPPED for s in c.passages)]
    silent = [case for case in single if case.expected in ("no_answer", "out_of_scope")]
    return tuple({c.id: c for c in (*drawn, *theirs[:12], *silent[:20])}.values())


def snapshot_of(
    guides: Mapping[str, Guide], encoder: Encoder, var: Path, published: Snapshot
) -> Snapshot:
    """A snapshot in memory, with the network and precedents of the one published; vectors come from
    the cache of the builds where they are there."""
    passages = [p for g in guides.values() for p in chunk_guide(g, encoder.count_tokens)]
    cache = VectorCache(var / "vectors", encoder)
    encoded, _ = cache.encode([text_of(passage) for passage in passages])
    every = list(guides.values())
    name = content_digest(every, encoder, published.network)
    return make_snapshot(
        every, passages, encoded, encoder, name, cache.encode_questions, published.network,
        precedents=published.precedents,
    )  # fmt: skip


@pytest.fixture(scope="module")
def whole(bot: Bot, snapshot: Snapshot, cases: tuple[Case, ...]) -> Run:
    """Every case of the suite, asked once."""
    return run_suite(bot, snapshot, cases)


def test_the_whole_suite_holds_its_line(
    whole: Run, snapshot: Snapshot, published: Path, cases: tuple[Case, ...],
    record_property: Callable[[str, str], None],
) -> None:  # fmt: skip
    """Every case, once: each names passages that are there, every threshold holds, nothing that
    mattered is lost against the blessed run. The report stays as a file, red or not."""
    summary, baseline, blessed = summarise(whole), read_baseline(), blessed_run()
    against = compare(blessed, whole) if blessed else None
    path = published / "eval" / "report.html"
    path.parent.mkdir(exist_ok=True)
    dead = dead_targets(cases, snapshot, CASES_DIR)
    told = whole.model_copy(update={"dead": tuple(map(str, dead))})
    path.write_text(render_report(told, baseline, against), encoding="utf-8")
    record_property(REPORT, str(path))
    assert dead == []
    assert breaches(summary, baseline) == []
    assert against is None or against.regressions == []


def test_the_same_version_is_not_red_and_gives_the_same_figures(
    encoder_of_all: Encoder, snapshot: Snapshot, whole: Run, chosen: tuple[Case, ...]
) -> None:
    """Deterministic: asked again in another order, of an encoder that remembers nothing, every
    answer and score is the same."""
    again = run_suite(Bot(encoder_of_all), snapshot, chosen[:40], seed=5)
    first = {result.case.id: result for result in whole.results}
    for result in again.results:
        assert result.scores == first[result.case.id].scores
        assert result.answer == first[result.case.id].answer
    assert compare(whole, again).regressions == []


def test_swapped_contents_turn_the_run_red(
    snapshot: Snapshot, encoder: Encoder, published: Path, whole: Run, chosen: tuple[Case, ...]
) -> None:
    """Two guides carry each other's contents: cases point nowhere, and important ones are lost."""
    one, two = (snapshot.guides[slug] for slug in SWAPPED)
    swapped = {
        **snapshot.guides,
        one.slug: replace(two, slug=one.slug), two.slug: replace(one, slug=two.slug),
    }  # fmt: skip
    broken = snapshot_of(swapped, encoder, published, snapshot)
    assert dead_targets(chosen, broken, CASES_DIR)
    assert compare(whole, run_suite(Bot(encoder), broken, chosen)).regressions


def test_missing_vectors_turn_the_run_red(
    bot: Bot, snapshot: Snapshot, whole: Run, chosen: tuple[Case, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Words alone find neither what is said in other words nor what others asked before. (Without
    the words no important case is lost: precedents, units and signs of words make up for it.)"""
    monkeypatch.setattr(chatbot.judge.consult, "ALL_STAGES", Stages(dense=False))
    assert compare(whole, run_suite(bot, snapshot, chosen)).regressions


def test_inverted_weights_of_the_ranking_turn_the_run_red(
    encoder: Encoder, snapshot: Snapshot, whole: Run, chosen: tuple[Case, ...]
) -> None:
    """The nearest passage counted against itself."""
    fitted = read_weights()
    against = {sign: -weight for sign, weight in fitted.groups["passages"].items()}
    inverted = replace(fitted, groups={**fitted.groups, "passages": against})
    assert compare(whole, run_suite(Bot(encoder, inverted), snapshot, chosen)).regressions


def test_a_lower_threshold_of_silence_turns_the_run_red(
    encoder: Encoder, snapshot: Snapshot, whole: Run, chosen: tuple[Case, ...]
) -> None:
    """A bot that answers everything gives wrong answers where the guides are silent."""
    fitted = read_weights()
    bold = replace(fitted, numbers={**fitted.numbers, "answer": 0.0})
    assert compare(whole, run_suite(Bot(encoder, bold), snapshot, chosen)).regressions
