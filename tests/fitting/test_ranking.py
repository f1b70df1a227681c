"""The weights of the ranking are fitted by a command, on the signs that serve."""

from __future__ import annotations

import numpy as np
from chatbot.find.fuse import RANKING
from eval.fitting.ranking import CASES, Ranked, fit_ranking, report

TOP = 12


def questions(source: str, count: int, seed: int) -> list[Ranked]:
    """Lists in which the relevant passage stands out by the heading alone."""
    random = np.random.default_rng(seed)
    found = []
    for n in range(count):
        signs = random.normal(size=(TOP, len(RANKING)))
        grades = np.zeros(TOP)
        grades[n % TOP] = 3 if source == CASES else 1
        signs[n % TOP, RANKING.index("heading")] += 4
        names = tuple(f"guida#{i}" for i in range(TOP))
        found.append(Ranked(source, str(n), signs, np.zeros(TOP), grades, names))
    return found


def test_the_sign_that_tells_gets_the_weight() -> None:
    """And the passages it tells come first, on questions left out of the fit too."""
    figures = fit_ranking([*questions(CASES, 40, 1), *questions("corpus", 40, 2)])
    heading = figures["weights"].pop("heading")
    assert heading > 4 * max(map(abs, figures["weights"].values()))
    assert figures["cross-validated"].keys() == {CASES, "corpus"}
    assert all(shares["R@1"] > 0.9 for shares in figures["cross-validated"].values())
    assert all(shares["R@3"] >= shares["R@1"] for shares in figures["in use"].values())


def test_a_passage_that_barely_answers_counts_less_than_one_that_does() -> None:
    """Two signs, each telling one of two passages: the better one's weighs more."""

    def weights(first: float, second: float) -> dict[str, float]:
        random = np.random.default_rng(4)
        rows = []
        for n in range(60):
            signs = random.normal(size=(TOP, len(RANKING)))
            signs[0, RANKING.index("words")] += 3
            signs[1, RANKING.index("asked")] += 3
            grades = np.array([first, second, *[0.0] * (TOP - 2)])
            names = tuple(map(str, range(TOP)))
            rows.append(Ranked(CASES, str(n), signs, np.zeros(TOP), grades, names))
        found: dict[str, float] = fit_ranking(rows)["weights"]
        return found

    one, other = weights(3.0, 1.0), weights(1.0, 3.0)
    assert one["words"] > max(0, one["asked"])
    assert other["asked"] > max(0, other["words"])


def test_parts_of_one_section_are_one_for_the_judges() -> None:
    """The rank is among sections; what is not found has none."""
    order = np.eye(4, len(RANKING)) * np.array([[4.0], [3.0], [2.0], [1.0]])
    row = Ranked(CASES, "1", order, np.zeros(4), np.array([0.0, 0, 2, 0]), ("a", "a", "b", "c"))
    assert row.first_right(np.ones(len(RANKING))) == 1
    silent = Ranked(CASES, "1", order, np.zeros(4), np.zeros(4), ("a", "a", "b", "c"))
    assert silent.first_right(np.ones(len(RANKING))) is None


def test_a_prior_can_decide() -> None:
    row = Ranked(
        CASES, "1", np.zeros((2, len(RANKING))), np.array([0.0, 1]), np.array([0.0, 2]), ("a", "b")
    )
    assert row.first_right(np.zeros(len(RANKING))) == 0


def test_what_is_printed_can_be_copied() -> None:
    """One line for each weight of `chatbot.find.fuse.Weights`, then the figures."""
    lines = report(fit_ranking(questions(CASES, 12, 3))).splitlines()
    assert [line.split(":")[0] for line in lines[: len(RANKING)]] == list(RANKING)
    assert lines[-1].startswith("casi, in use: R@1")
