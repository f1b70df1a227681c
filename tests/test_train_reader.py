"""Training the reader: what it learns from, and that a tiny training writes a reader that reads."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from chatbot.reader import Reader
from chatbot.reader_model import ensure_reader, merged_encoder
from eval.reader_calibration import Scored, calibrate
from eval.reader_data import Mix, Page, Sampler, Squad, hold_out, read_omos
from eval.reader_net import ReaderNet
from eval.train_reader import Recipe, train
from index.tokenizer import load_tokenizer

PAGES = 6


@pytest.fixture
def omos(tmp_path: Path) -> Path:
    """Six questions on six pages, in three languages."""
    for language in ("de", "en", "fr"):
        folder = tmp_path / "omos" / language
        folder.mkdir(parents=True)
        lines = [json.dumps(record(language, number)) for number in range(PAGES)]
        (folder / "train.jsonl").write_text("\n".join(lines) + "\n")
    return tmp_path / "omos"


@pytest.fixture
def squad(tmp_path: Path) -> Path:
    folder = tmp_path / "squad"
    folder.mkdir()
    passages = [
        {"_id": "a", "title": "Torino", "text": "Torino è una città. Il Po la attraversa."},
        {"_id": "b", "title": "Torino", "text": "La Mole è alta 167 metri. È del 1889."},
        {"_id": "c", "title": "Forza", "text": "La forza si misura in newton. Altro no."},
    ]
    queries = [
        {"_id": "1", "text": "Quale fiume attraversa Torino?", "answers": ["Po"]},
        {"_id": "2", "text": "Quanto è alta la Mole?", "answers": ["167 metri"]},
        {"_id": "3", "text": "In che cosa si misura la forza?", "answers": ["newton"]},
    ]
    (folder / "corpus.jsonl").write_text("\n".join(map(json.dumps, passages)))
    (folder / "queries.jsonl").write_text("\n".join(map(json.dumps, queries)))
    (folder / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\n1\ta\t1\n2\tb\t1\n3\tc\t1\n")
    return folder


def record(language: str, number: int) -> dict[str, Any]:
    units = [f"{language} page {number} sentence {k} about topic{number}" for k in range(5)]
    gold = [] if number == 0 else [number % 5]
    question = f"{language} what about topic{number}?"
    return {
        "id": str(number), "question": question, "sentences": units, "gold": gold,
        "answerable": bool(gold),
    }  # fmt: skip


def sampler(model_dir: Path, omos: Path, squad: Path, mix: Mix) -> Sampler:
    return Sampler(load_tokenizer(model_dir), read_omos(omos, "train"), Squad(squad), mix, seed=1)


def test_answers_become_sentence_labels_and_articles_left_out_stay_out(squad: Path) -> None:
    found = Squad(squad)
    assert [(q.passage, q.gold) for q in found.questions] == [("a", 1), ("b", 0)]
    assert found.siblings("a") == ["a", "b"]


def test_a_page_is_never_on_both_sides(omos: Path) -> None:
    questions = read_omos(omos, "train")
    held = hold_out(questions, 0.3)
    assert 0 < len(held) < PAGES
    assert held == hold_out(questions, 0.3)


def test_taking_the_gold_off_leaves_a_page_without_answer(
    model_dir: Path, omos: Path, squad: Path
) -> None:
    drawn = sampler(model_dir, omos, squad, Mix(gold_removed=1.0, squad=0)).epoch()
    assert len(drawn) == PAGES
    assert not any(any(example.labels) for example in drawn)
    assert [len(example.labels) for example in drawn] == [5, 4, 4, 4, 4, 4]


def test_another_page_is_not_its_own(model_dir: Path, omos: Path, squad: Path) -> None:
    mix = Mix(gold_removed=0.0, other_page=1.0, squad=0)
    drawn = sampler(model_dir, omos, squad, mix).epoch()
    assert not any(any(example.labels) for example in drawn)
    assert all(len(example.labels) == 5 for example in drawn)


def test_same_seed_same_epoch(model_dir: Path, omos: Path, squad: Path) -> None:
    first, second = (sampler(model_dir, omos, squad, Mix(squad=2)).epoch() for _ in range(2))
    assert [e.window.ids for e in first] == [e.window.ids for e in second]


def test_calibration_finds_the_thresholds_that_separate() -> None:
    """Gold units at +2, others at -2; pages that answer at +1, others at -1."""
    answers = Scored(np.array([2.0, -2.0, -2.1]), 1.0, frozenset({0}))
    silent = Scored(np.array([-1.9, -2.0]), -1.0, frozenset())
    rule = calibrate([answers, silent] * 5)
    assert rule.unit_slope > 0
    assert rule.answer_slope > 0
    from chatbot.reader import calibrated

    assert calibrated(answers.units, answers.answer, rule).chosen == (0,)
    assert calibrated(silent.units, silent.answer, rule).chosen == ()


def test_a_tiny_training_writes_a_reader_that_reads(
    tmp_path: Path, model_dir: Path, omos: Path, squad: Path
) -> None:
    recipe = Recipe(rank=2, first_layer=11, epochs=1, held_out=0.3, mix=Mix(squad=2))
    told: list[str] = []
    train(omos, squad, model_dir, tmp_path / "out", recipe, told.append)
    manifest = json.loads((tmp_path / "out" / "reader.json").read_text())
    assert manifest["base"] == "multilingual-e5-small"
    assert manifest["recipe"]["rank"] == 2
    folder = ensure_reader(tmp_path / "models", model_dir, tmp_path / "out")
    reading = Reader.load(folder, threads=1).read("topic1?", ["uno", "due"])
    assert len(reading.scores) == 2


def test_merged_encoder_is_the_adapted_one(model_dir: Path) -> None:
    """W + B A in one matrix gives what training computes in two steps (bfloat16 apart)."""
    import torch

    torch.manual_seed(0)
    net = ReaderNet(model_dir, rank=4, first=10).eval()
    for name, value in net.encoder.named_parameters():
        if name.endswith(".B"):
            torch.nn.init.normal_(value, std=0.02)
    adapter = {name: value.numpy().astype(np.float16) for name, value in net.adapter().items()}
    assert len(adapter) == 2 * 6 * 2
    ids = torch.tensor([[0, 1294, 12, 1650, 8, 4537, 2]])
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        expected = net.encoder(input_ids=ids, attention_mask=torch.ones_like(ids))[0].float()
    with torch.no_grad():
        merged = merged_encoder(model_dir, adapter).eval()
        actual = merged(input_ids=ids, attention_mask=torch.ones_like(ids))[0]
        plain = merged_encoder(model_dir, {})(input_ids=ids, attention_mask=torch.ones_like(ids))[0]
    near = torch.nn.functional.cosine_similarity(actual, expected, dim=-1)
    assert near.min() > 0.995
    assert torch.nn.functional.cosine_similarity(plain, expected, dim=-1).min() < near.min()


def test_pages_are_frozen() -> None:
    page = Page("q", ("a",), frozenset({0}))
    with pytest.raises(AttributeError):
        page.question = "other"  # type: ignore[misc]
