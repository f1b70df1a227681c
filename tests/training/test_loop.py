"""The encoder learns: what answers comes nearer, what does not goes away."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest
import torch
from tiny_tower import HIDDEN, small_data, tower_for

from eval.training.data import Data, PracticeQuestion
from eval.training.loop import Recipe, in_groups, loss_of, make_batch, state_of, train
from eval.training.tower import PREFIX, Encoded

RECIPE = Recipe(steps=2, batch=8, rate=5e-3, warm_up=1)


def mined(data: Data) -> Data:
    """Each question has a passage of the next topic as its wrong one."""
    for n, query in enumerate(data.queries):
        query.wrong = (2 * ((n + 1) % len(data.queries)),)
    return data


def test_two_steps_lower_the_loss() -> None:
    """On the same batch, before and after; the layers that do not learn are as they were."""
    data = mined(small_data())
    tower = tower_for(data)
    batch = make_batch(data.queries, data, random.Random(0))
    before = {name: values.copy() for name, values in state_of(tower.model).items()}
    with torch.no_grad():
        first = float(loss_of(tower, data, batch, RECIPE))
    told: list[tuple[int, int]] = []
    train(tower, data, RECIPE, lambda step, steps, seconds: told.append((step, steps)))
    with torch.no_grad():
        last = float(loss_of(tower, data, batch, RECIPE))
    assert np.isfinite([first, last]).all()
    assert last < first
    assert told == [(1, 2), (2, 2)]
    after = state_of(tower.model)
    moved = {name for name in before if not np.array_equal(before[name], after[name])}
    assert moved
    assert all(name.startswith("encoder.layer.1.") for name in moved)


def test_the_same_seed_learns_the_same() -> None:
    """To the bit: a training can be told and done again."""
    states = []
    for _ in range(2):
        data = mined(small_data())
        tower = tower_for(data)
        train(tower, data, RECIPE, lambda step, steps, seconds: None)
        states.append({name: values.copy() for name, values in state_of(tower.model).items()})
    assert all(np.array_equal(states[0][name], states[1][name]) for name in states[0])


def test_negatives_are_never_right_passages() -> None:
    """Of each question the other passages that answer or help it, and those of their section, are
    left out of the comparison; its own passage never is."""
    data = mined(small_data())
    data.queries.append(PracticeQuestion("tutto", "pratica", (0, 2), {}, partial=(4,), wrong=(6,)))
    data.queries.append(PracticeQuestion("solo la parte", "domande", (1,), {}, wrong=(0, 2)))
    for seed in range(20):
        batch = make_batch(data.queries, data, random.Random(seed))
        own = [batch.columns[n] for n in batch.right.tolist()]
        for row, query in enumerate(data.queries):
            sections = {data.passages[n].section for n in query.right}
            assert own[row] in query.right
            assert not batch.never[row, batch.right[row]]
            for column, passage in enumerate(batch.columns):
                fine = passage in (*query.right, *query.partial)
                fine |= data.passages[passage].section in sections
                compared = not batch.never[row, column] and passage != own[row]
                assert not (fine and compared), (seed, query.text, passage)


def test_a_mined_wrong_passage_is_compared() -> None:
    """It is in the batch, as a column that counts against its question."""
    data = mined(small_data())
    batch = make_batch(data.queries[:1], data, random.Random(0))
    assert set(batch.columns) == {0, 2}
    assert not batch.never.any()


def test_a_labelled_passage_is_taken_before_the_others() -> None:
    """Where somebody said which unit answers, its passage is the one learnt from."""
    data = small_data()
    for seed in range(10):
        batch = make_batch(data.queries, data, random.Random(seed))
        own = [batch.columns[n] for n in batch.right.tolist()]
        assert own == [2 * n for n in range(len(data.queries))]


def test_a_batch_without_labelled_units_still_learns() -> None:
    """Questions of corpora have passages alone."""
    data = mined(small_data())
    data.queries = [replace(query, units={}) for query in data.queries]
    batch = make_batch(data.queries, data, random.Random(0))
    loss = loss_of(tower_for(data), data, batch, RECIPE)
    assert torch.isfinite(loss)
    loss.backward()


def test_units_are_read_where_they_stand() -> None:
    """A vector for each unit that the text reaches, with its passage and its place there."""
    data = small_data()
    tower = tower_for(data)
    with torch.no_grad():
        found = tower.encode_passages([0, 3], data.passages)
        vectors, owners, ordinals = tower.units([0, 3], data.passages, found)
    assert vectors.shape == (4, HIDDEN)
    assert (owners.tolist(), ordinals.tolist()) == ([0, 0, 1, 1], [0, 1, 0, 1])
    assert torch.allclose(vectors.norm(dim=1), torch.ones(4), atol=1e-5)


def test_texts_run_together_are_what_they_are_alone() -> None:
    """Whatever the order and the padding, within what bfloat16 can tell."""
    data = small_data()
    tower = tower_for(data)
    texts = ["banca", "come funziona la scuola e quanto costa", "il medico apre"]
    with torch.no_grad():
        together = tower.encode_queries(texts).pooled
        alone = torch.cat([tower.encode_queries([text]).pooled for text in texts])
    assert torch.allclose(together, alone, atol=0.02)


@pytest.mark.parametrize("share", [0.0, 0.5])
def test_only_tokens_of_the_text_are_met_by_others(share: float) -> None:
    """Not the prompt, the marks of beginning and end, nor what pads."""
    mask = torch.tensor([[1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 0]], dtype=torch.bool)
    hidden = torch.randn(2, 6, 4, generator=torch.Generator().manual_seed(0))
    vectors, inside = Encoded(hidden, hidden, mask).tokens(share)
    assert PREFIX == 3
    assert inside.tolist() == [
        [False] * 3 + [True, True, False],
        [False] * 3 + [True] + [False] * 2,
    ]
    assert torch.allclose(vectors.norm(dim=-1), torch.ones(2, 6), atol=1e-5)


def test_questions_with_one_answer_come_nearer() -> None:
    """A question of the batch meets another that the same unit answers, and never itself."""
    data = mined(small_data())
    data.queries += [replace(q, text=f"{q.text} adesso") for q in data.queries]
    batch = make_batch(data.queries[:8], data, random.Random(0))
    assert batch.siblings == {n: data.queries[8 + n].text for n in range(8)}
    tower = tower_for(data)
    alone = replace(RECIPE, units=0.0, tokens=0.0, questions=0.0)
    with torch.no_grad():
        without = loss_of(tower, data, batch, alone)
        questions = loss_of(tower, data, batch, replace(alone, questions=1.0)) - without
        batch.siblings = dict(zip(range(8), batch.siblings.values(), strict=True))
        batch.siblings[0], batch.siblings[1] = batch.siblings[1], batch.siblings[0]
        crossed = loss_of(tower, data, batch, replace(alone, questions=1.0)) - without
    assert 0 < questions < crossed


def test_questions_of_one_subject_stand_together() -> None:
    """As many as asked for, each once; the groups themselves come in any order."""
    data = small_data()
    data.queries = [replace(q, text=f"{q.text} {n}") for q in data.queries for n in range(3)]
    found = in_groups(data.queries, 3, random.Random(0))
    assert sorted(q.text for q in found) == sorted(q.text for q in data.queries)
    groups = [found[n : n + 3] for n in range(0, len(found), 3)]
    assert all(len({query.right for query in group}) == 1 for group in groups)
    assert [g[0].right for g in groups] != sorted(g[0].right for g in groups)
