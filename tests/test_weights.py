"""The fitted numbers: what is written is read again, and a file that is none is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from made_encoder import made_encoder

from chatbot.bot import Bot
from chatbot.find.match import SIGNS
from chatbot.judge.guard import DANGER_SIGNS
from chatbot.judge.judgement import ANSWER_SIGNS
from chatbot.read.evidence import UNIT_SIGNS
from chatbot.weights import FILE, GROUPS, LEVELS, Weights, WeightsError, read_weights

NUMBERS = {
    "answer": 0.5, "related": 0.25, "subject": 0.8, "danger": 0.5, "near": 1.5,
    **dict.fromkeys(LEVELS, 0.125),
}  # fmt: skip
WEIGHTS = Weights(
    model="abc",
    groups={group: {"uno": 1.5, "due": -0.25, "intercept": 0.5} for group in GROUPS},
    numbers=NUMBERS,
    told={"passages": {"pratica": {"n": 3, "R@1": 0.667}}},
)


def written(folder: Path, text: str) -> Path:
    path = folder / "weights.json"
    path.write_text(text, encoding="utf-8")
    return path


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    """Every group, number and figure, and which model they are of."""
    assert read_weights(written(tmp_path, WEIGHTS.to_json())) == WEIGHTS


def test_a_missing_file_says_what_to_run(tmp_path: Path) -> None:
    """One message, in words that an editor can follow."""
    with pytest.raises(WeightsError, match=r"no\.json: i pesi non si leggono.*eval fit --write"):
        read_weights(tmp_path / "no.json")


def kept(**changes: Any) -> str:
    return json.dumps({**json.loads(WEIGHTS.to_json()), **changes})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '"pesi"',
        "{}",
        kept(groups={}),
        kept(groups={group: {} for group in GROUPS[1:]}),
        kept(groups={group: ["dense"] for group in GROUPS}),
        kept(groups={group: {"dense": "molto"} for group in GROUPS}),
        kept(groups={group: {"dense": None} for group in GROUPS}),
        kept(groups={group: {"dense": float("nan")} for group in GROUPS}),
        kept(numbers=[0.5]),
        kept(numbers={}),
        kept(numbers={name: value for name, value in NUMBERS.items() if name != "subject"}),
        kept(numbers={**NUMBERS, "answer": float("inf")}),
        kept(plain={"groups": {"units": {"uno": "molto"}}}),
        kept(plain=["units"]),
    ],
)
def test_an_altered_file_is_refused(tmp_path: Path, text: str) -> None:
    """Never read in part: a number that is not there would be missed in the middle of an answer."""
    with pytest.raises(WeightsError, match="i pesi non si leggono"):
        read_weights(written(tmp_path, text))


def test_a_file_of_before_levels_were_written_has_ours(tmp_path: Path) -> None:
    """It was fitted with them."""
    numbers = {name: value for name, value in NUMBERS.items() if name not in LEVELS}
    found = read_weights(written(tmp_path, kept(numbers=numbers)))
    ours = read_weights()
    assert found.numbers == numbers | {name: ours.numbers[name] for name in LEVELS}
    assert set(LEVELS) <= set(json.loads(FILE.read_text("utf-8"))["numbers"])


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    """As any other file that is none."""
    path = tmp_path / "weights.json"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(WeightsError):
        read_weights(path)


def test_a_sign_that_was_never_fitted_counts_nothing() -> None:
    """A sign added to the code before the next fit moves no answer."""
    vector = WEIGHTS.vector("passages", ("due", "mai", "uno"))
    assert vector.tolist() == [-0.25, 0.0, 1.5]


def test_signs_come_in_the_order_asked_for() -> None:
    """Whatever the order in the file."""
    assert WEIGHTS.vector("units", ("uno", "due")).tolist() == [1.5, -0.25]
    assert WEIGHTS.vector("units", ("due", "uno")).tolist() == [-0.25, 1.5]


def test_a_group_without_an_intercept_begins_at_nothing() -> None:
    """Passages are ranked, and need none."""
    plain = Weights("", {group: {} for group in GROUPS}, NUMBERS)
    assert (WEIGHTS.intercept("units"), plain.intercept("units")) == (0.5, 0.0)


def test_the_file_of_the_repository_knows_the_signs_that_serve() -> None:
    """It is read, and no name in it is one that the code no longer has."""
    groups = read_weights().groups
    known = {"passages": SIGNS, "units": UNIT_SIGNS, "answers": ANSWER_SIGNS}
    for group, names in known.items():
        assert set(groups[group]) - {"intercept"} <= set(names)
    danger = set(groups["danger"]) - {"intercept", *DANGER_SIGNS}
    assert all(name.startswith("v") and name[1:].isdigit() for name in danger)


def test_guides_without_precedents_are_weighed_apart(tmp_path: Path) -> None:
    """What differs there takes the place of its like; danger and all else stay."""
    plain = {"groups": {"units": {"uno": 9.0}}, "numbers": {"answer": 0.4}}
    both = read_weights(written(tmp_path, kept(plain=plain)))
    there = both.where(precedents=False)
    assert both.where(precedents=True) is both
    assert (there.groups["units"], there.numbers["answer"]) == ({"uno": 9.0}, 0.4)
    assert (there.groups["danger"], there.numbers["near"]) == (both.groups["danger"], 1.5)
    assert WEIGHTS.where(precedents=False) is WEIGHTS
    assert read_weights(written(tmp_path, both.to_json())) == both


def test_a_bot_knows_whether_its_weights_are_of_its_encoder() -> None:
    """What health tells."""
    ours = Weights("made digest", WEIGHTS.groups, NUMBERS)
    assert Bot(made_encoder("made digest"), ours).fitted
    assert not Bot(made_encoder("another"), ours).fitted
