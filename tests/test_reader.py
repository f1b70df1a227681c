"""The reader: what it sees, how it is trained, and what it gives when it serves."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from chatbot.reader import Calibration, Reader, ReaderError, calibrated
from chatbot.reader_head import gelu, score_units
from chatbot.reader_input import FEATURES, OVERLAP, features, windows
from chatbot.reader_model import SHIPPED, ensure_reader
from index.tokenizer import Tokenizer, load_tokenizer

PERMIT = [
    "Permesso per asilo",
    "Il permesso di soggiorno per asilo dura cinque anni ed è rinnovabile.",
    "La domanda di rinnovo si presenta alla questura.",
    "Con il permesso per asilo si può lavorare senza limiti.",
    "Per le pratiche serve il codice fiscale.",
]


@pytest.fixture(scope="module")
def tokenizer(model_dir: Path) -> Tokenizer:
    return load_tokenizer(model_dir)


@pytest.fixture(scope="module")
def reader_dir(model_dir: Path) -> Path:
    return ensure_reader(model_dir.parent, model_dir)


@pytest.fixture(scope="module")
def reader(reader_dir: Path, tokenizer: Tokenizer) -> Reader:
    return Reader.load(reader_dir, threads=2, tokenizer=tokenizer)


def test_a_short_page_is_one_window_that_says_whose_each_token_is(tokenizer: Tokenizer) -> None:
    (window,) = windows(tokenizer, "quanto dura?", PERMIT)
    assert window.units == (0, 1, 2, 3, 4)
    assert len(window.ids) == len(window.owner)
    assert window.owner[0] == -1
    assert sorted(set(window.owner.tolist())) == [-1, 0, 1, 2, 3, 4, 5]
    second = [i for i, k in zip(window.ids, window.owner, strict=True) if k == 2]
    assert second[:-1] == tokenizer.encode(PERMIT[1], add_special_tokens=False).ids  # and </s>


def test_a_long_page_is_covered_by_overlapping_windows(tokenizer: Tokenizer) -> None:
    page = [f"Frase numero {n} di una pagina molto lunga." for n in range(90)]
    found = windows(tokenizer, "quale?", page)
    assert len(found) > 1
    assert {unit for window in found for unit in window.units} == set(range(90))
    assert all(len(window.ids) <= 480 for window in found)
    assert found[1].units[0] == found[0].units[-1] + 1 - OVERLAP


def test_units_of_any_kind_fit_a_window(tokenizer: Tokenizer) -> None:
    found = windows(tokenizer, "x" * 2000, ["", "   ", "parola " * 3000, "🙂"])
    assert all(len(window.ids) <= 512 for window in found)
    assert {unit for window in found for unit in window.units} == {0, 1, 2, 3}


def test_features_tell_the_unit_that_holds_the_words_asked() -> None:
    rows = features("Quanto dura il permesso per asilo?", PERMIT)
    assert rows.shape == (5, FEATURES)
    assert rows.dtype == np.float32
    assert int(rows[:, 1].argmax()) == 1
    assert rows[0, 5] == rows[4, 6] == 1  # first and last
    assert np.isfinite(features("???", ["", "…"])).all()


def test_gelu_of_known_values() -> None:
    """Tanh form: gelu(0) = 0, gelu(1) = 0.8412, gelu(-1) = -0.1588."""
    assert gelu(np.array([0.0, 1.0, -1.0])) == pytest.approx([0, 0.8412, -0.1588], abs=1e-4)


def test_head_serves_what_it_learnt_in_torch(tokenizer: Tokenizer) -> None:
    """Same weights, same hidden states: the numpy head and the torch head agree."""
    torch = pytest.importorskip("torch")
    from eval.reader_net import Example, Head, collate

    torch.manual_seed(3)
    head = Head().eval()
    pages = [PERMIT, PERMIT[:2]]
    examples = [
        Example(window, features("quanto dura?", page), (False,) * len(page))
        for page in pages
        for window in windows(tokenizer, "quanto dura?", page)
    ]
    batch = collate(examples)
    hidden = torch.randn(*batch.ids.shape, 384)
    with torch.no_grad():
        logits, answers = head(hidden, batch)
    weights = {name: value.numpy() for name, value in head.state_dict().items()}
    for at, example in enumerate(examples):
        length = len(example.window.ids)
        own = hidden[at, :length].numpy()
        units, answer = score_units(weights, own, example.window.owner, example.features)
        assert units == pytest.approx(logits[at, : len(units)].numpy(), abs=2e-4)
        assert answer == pytest.approx(float(answers[at]), abs=2e-4)


def test_choice_follows_the_thresholds() -> None:
    rule = Calibration(1.0, 0.0, 1.0, 0.0, unit_threshold=0.5, answer_threshold=0.5)
    assert calibrated(np.array([2.0, -2.0, 0.1]), 1.0, rule).chosen == (0, 2)
    assert calibrated(np.array([2.0, -2.0]), -1.0, rule).chosen == ()
    assert calibrated(np.array([-3.0, -2.0]), 1.0, rule).chosen == (1,), "never an empty answer"
    reading = calibrated(np.array([0.0]), 0.0, rule)
    assert (reading.scores[0], reading.answerable) == (0.5, 0.5)


def test_reads_the_unit_that_answers(reader: Reader) -> None:
    reading = reader.read("Quanto dura il permesso di soggiorno per asilo?", PERMIT)
    assert reading.scores.shape == (5,)
    assert int(reading.scores.argmax()) == 1
    assert 1 in reading.chosen
    assert ((reading.scores >= 0) & (reading.scores <= 1)).all()


def test_an_answer_is_more_likely_where_it_is(reader: Reader) -> None:
    question = "Quanto dura il permesso di soggiorno per asilo?"
    library = ["La biblioteca apre alle nove.", "Il prestito dei libri è gratuito."]
    assert reader.read(question, PERMIT).answerable > reader.read(question, library).answerable


def test_context_is_read_but_not_scored(reader: Reader) -> None:
    reading = reader.read("Quanto dura?", PERMIT[1:], context="Permesso per asilo")
    assert len(reading.scores) == 4
    assert all(at < 4 for at in reading.chosen)


def test_a_long_page_is_read_whole(reader: Reader) -> None:
    page = [f"Frase numero {n} che parla d'altro e di altro ancora." for n in range(120)]
    page[100] = PERMIT[1]
    reading = reader.read("Quanto dura il permesso di soggiorno per asilo?", page)
    assert int(reading.scores.argmax()) == 100


@pytest.mark.parametrize("units", [[], [""], ["🙂"], ["a" * 5000], ["x"] * 300])
@pytest.mark.parametrize("question", ["", "?", "domanda " * 400])
def test_any_input_gives_a_reading(reader: Reader, question: str, units: list[str]) -> None:
    reading = reader.read(question, units)
    assert len(reading.scores) == len(units)
    assert np.isfinite(reading.scores).all()
    assert 0 <= reading.answerable <= 1


def test_same_input_same_reading(reader: Reader) -> None:
    first, second = (reader.read("Quanto dura?", PERMIT) for _ in range(2))
    assert np.array_equal(first.scores, second.scores)


def test_preparing_again_is_instant_and_shares_the_embedding_table(
    reader_dir: Path, model_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatbot.reader_model._export", lambda *_: pytest.fail("exported again"))
    assert ensure_reader(model_dir.parent, model_dir) == reader_dir
    table = "encoder.onnx.data"
    assert (reader_dir / table).read_bytes() == (model_dir / table).read_bytes()


def test_shipped_weights_are_small_and_documented() -> None:
    files = {path.name: path.stat().st_size for path in SHIPPED.iterdir()}
    assert sum(files.values()) < 10_000_000
    assert {"adapter.npz", "head.npz", "reader.json", "MODEL.md"} <= set(files)


def test_another_encoder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps({"name": "altro"}))
    with pytest.raises(ReaderError, match="non per altro"):
        ensure_reader(tmp_path / "models", tmp_path)


def test_missing_reader_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ReaderError, match="non è un lettore preparato"):
        Reader.load(tmp_path)


def test_serving_imports_nothing_of_training(reader_dir: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from chatbot.reader import Reader\n"
        f"Reader.load(Path({str(reader_dir)!r}), 1).read('ciao?', ['ciao', 'mondo'])\n"
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'onnx', 'sklearn', 'scipy'}\n"
        "sys.exit(1 if heavy & set(sys.modules) else 0)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
