"""Plots of the report as SVG that goes inside the page: text stays text, ink follows the theme."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import matplotlib

matplotlib.use("svg")

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import FuncFormatter

from eval.suite.case import WORD_OF

# Drawn in this ink, which becomes the page's own text colour, in the light and in the dark.
_INK = "#123456"
_BLUE, _ORANGE = "#2a7ab9", "#c4560a"  # told apart by people who do not see red and green
_FINE = re.compile(r"(\d\.\d\d)\d+")  # no eye sees a thousandth of a point
_STYLE: Any = {
    "svg.fonttype": "none", "svg.hashsalt": "bussola", "font.size": 10, "font.family": "sans-serif",
    "text.color": _INK, "axes.edgecolor": _INK, "axes.labelcolor": _INK, "xtick.color": _INK,
    "ytick.color": _INK, "axes.spines.top": False, "axes.spines.right": False,
    "savefig.transparent": True,
}  # fmt: skip


def all_plots(
    summary: Mapping[str, Any], times: Sequence[float], history: Sequence[Mapping[str, Any]]
) -> list[tuple[str, str, str]]:
    """(title, what it shows in words, SVG) of every plot that the run has data for."""
    themes = summary["groups"]["tema"]
    plots = [
        (
            "Casi superati per tema",
            "Per ogni tema la parte di casi superati, con l'intervallo al 95 %.",
            _draw(lambda axes: _themes(axes, themes), height=1.2 + 0.22 * len(themes)),
        ),
        (
            "Se rispondesse solo quando è più sicura",
            "A sinistra risponde solo alle domande di cui è più sicura, a destra a tutte: quante "
            "ne sbaglia.",
            _draw(lambda axes: _risk(axes, summary["risk_coverage"])),
        ),
        (
            "Quanto vale la sicurezza che dichiara",
            "Se i punti stanno sulla linea, quando Bussola dice 8 su 10 ha ragione 8 volte su 10.",
            _draw(lambda axes: _calibration(axes, summary["calibration"]["bins"])),
        ),
        (
            "Esiti attesi e avuti",
            "Quante volte ogni esito atteso è diventato ciascun esito.",
            _draw(lambda axes: _confusion(axes, summary["confusion"]), height=3.4),
        ),
        (
            "Tempo di risposta",
            "Quante risposte in quanti millisecondi.",
            _draw(lambda axes: _latency(axes, times)),
        ),
    ]
    if len(history) > 1:
        plots.append(
            (
                "Storia delle prove",
                "Casi superati e risposte sbagliate, prova dopo prova.",
                _draw(lambda axes: _history(axes, history)),
            )
        )
    return plots


def _draw(paint: Callable[[Axes], None], width: float = 6.4, height: float = 3.0) -> str:
    """Paint axes and return the SVG element, without the file's preamble."""
    with plt.rc_context(_STYLE):
        figure, axes = plt.subplots(figsize=(width, height), layout="constrained")
        paint(axes)
        buffer = io.StringIO()
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
        plt.close(figure)
    text = buffer.getvalue()
    text = _FINE.sub(r"\1", text[text.index("<svg") :])
    return text.replace(_INK, "currentColor")


def growth_plot(rows: Sequence[Mapping[str, float]], names: Mapping[str, str]) -> str:
    """SVG: seconds over guides on logarithmic axes, a line for each of `names` (key to word)."""
    return _draw(lambda axes: _growth(axes, rows, names), height=3.6)


def _growth(axes: Axes, rows: Sequence[Mapping[str, float]], names: Mapping[str, str]) -> None:
    sizes = [row["guides"] for row in rows]
    for mark, (key, word) in zip("os^vDPX*", names.items(), strict=False):
        axes.loglog(sizes, [row[key] for row in rows], marker=mark, label=word)
    axes.set(xlabel="guide", ylabel="secondi")
    axes.legend(frameon=False, labelcolor=_INK)


def _comma(*axis: Axis) -> None:
    """Figures with the Italian comma."""
    for one in axis:
        one.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}".replace(".", ",")))


def _themes(axes: Axes, themes: Mapping[str, Any]) -> None:
    rows = sorted(themes.items(), key=lambda row: row[1]["pass_rate"]["value"], reverse=True)
    names = [f"{name} ({group['pass_rate']['n']})" for name, group in rows]
    figures = [group["pass_rate"] for _, group in rows]
    values = [figure["value"] for figure in figures]
    errors = [
        [max(0.0, figure["value"] - figure["low"]) for figure in figures],
        [max(0.0, figure["high"] - figure["value"]) for figure in figures],
    ]
    axes.errorbar(values, range(len(names)), xerr=errors, fmt="o", color=_BLUE, capsize=2)
    axes.set_yticks(range(len(names)), names)
    axes.set_xlim(-0.02, 1.04)
    axes.margins(y=0.02)
    axes.grid(axis="x", alpha=0.25)
    _comma(axes.xaxis)
    axes.set_xlabel("parte di casi superati")


def _risk(axes: Axes, curve: Mapping[str, Any]) -> None:
    axes.plot(curve["coverage"], curve["risk"], color=_BLUE)
    axes.set(xlabel="domande a cui si risponde", ylabel="parte sbagliata", xlim=(0, 1))
    axes.set_ylim(bottom=0)
    _comma(axes.xaxis, axes.yaxis)


def _calibration(axes: Axes, bins: Sequence[Sequence[float]]) -> None:
    axes.plot([0, 1], [0, 1], linestyle=":", color=_INK)
    axes.scatter(
        [mean for mean, _, _ in bins], [share for _, share, _ in bins],
        s=[12 + 4 * count for *_, count in bins], color=_BLUE, alpha=0.8,
    )  # fmt: skip
    axes.set(xlabel="sicurezza dichiarata", ylabel="parte giusta", xlim=(0, 1.02), ylim=(0, 1.04))
    _comma(axes.xaxis, axes.yaxis)


def _confusion(axes: Axes, table: Mapping[str, Mapping[str, int]]) -> None:
    names = list(WORD_OF)
    counts = [[table[row][column] for column in names] for row in names]
    totals = [max(1, sum(row)) for row in counts]
    shares = [[n / total for n in row] for row, total in zip(counts, totals, strict=True)]
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    words = [WORD_OF[name] for name in names]
    axes.set_xticks(range(len(names)), words, rotation=30, ha="right")
    axes.set_yticks(range(len(names)), words)
    axes.set(xlabel="avuto", ylabel="atteso")
    for y, row in enumerate(counts):
        for x, count in enumerate(row):
            if count:
                ink = "white" if shares[y][x] > 0.55 else "#111111"
                axes.text(x, y, str(count), ha="center", va="center", color=ink)


def _latency(axes: Axes, times: Sequence[float]) -> None:
    axes.hist(times, bins=30, color=_BLUE)
    axes.set(xlabel="millisecondi", ylabel="risposte")


def _history(axes: Axes, history: Sequence[Mapping[str, Any]]) -> None:
    places = range(len(history))
    for name, word, colour, mark in (
        ("pass_rate", "casi superati", _BLUE, "o"),
        ("wrong_given", "risposte sbagliate fra le date", _ORANGE, "s"),
    ):
        values = [line["measures"].get(name) for line in history]
        axes.plot(places, values, marker=mark, color=colour, label=word)
    axes.set(ylim=(0, 1.04), xlabel="prove, dalla più vecchia")
    axes.set_xticks(list(places), [str(line["created"])[5:16] for line in history], rotation=45)
    _comma(axes.yaxis)
    axes.legend(frameon=False, labelcolor=_INK)
