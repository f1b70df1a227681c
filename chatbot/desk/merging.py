"""Two changes to one text, put together line by line where they do not touch each other."""

from __future__ import annotations

from merge3 import Merge3

from index.errors import BussolaError

SHOWN = 3  # places told where two changes meet


class Meeting(BussolaError):  # noqa: N818 (it reads as what happened)
    """Both changed the same lines."""


def merged(base: str, mine: str, theirs: str) -> str:
    """`mine` with what `theirs` changed since `base`. Raises Meeting, with the lines."""
    begun, ours, others = (text.splitlines(keepends=True) for text in (base, mine, theirs))
    done: list[str] = []
    met: list[str] = []
    for region in Merge3(begun, ours, others).merge_groups():
        if region[0] == "conflict":
            met.append(" e ".join(f"«{''.join(side).strip()[:60]}»" for side in region[2:]))
        else:
            done += region[1]
    if met:
        places = "; ".join(met[:SHOWN])
        raise Meeting(
            f"Le due modifiche toccano le stesse righe: {places}. Apri la guida e sistemale tu."
        )
    return "".join(done)
