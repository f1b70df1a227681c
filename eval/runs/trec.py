"""A run in the format of TREC, for trec_eval and ir_measures."""

from __future__ import annotations

from pathlib import Path

from eval.runs.result import Run


def write_trec(run: Run, folder: Path) -> tuple[Path, Path]:
    """`qrels.txt` (`topic 0 document grade`) and `run.txt` (`topic Q0 document rank score tag`),
    as trec_eval and ir_measures read them. Documents are sections, each at its best place."""
    folder.mkdir(parents=True, exist_ok=True)
    qrels, lines = [], []
    for result in run.results:
        case = result.case
        qrels += [f"{case.id} 0 {section} {grade}" for section, grade in case.passages.items()]
        sections = dict.fromkeys(hit.section for hit in result.hits)
        # falling scores in the order of the ranking: trec_eval orders by score, not by rank
        lines += [
            f"{case.id} Q0 {section} {rank} {1 / rank:.6f} bussola"
            for rank, section in enumerate(sections, start=1)
        ]
    paths = folder / "qrels.txt", folder / "run.txt"
    for path, rows in zip(paths, (qrels, lines), strict=True):
        path.write_text("".join(row + "\n" for row in rows), encoding="utf-8")
    return paths
