"""A question that comes again, because its answer was lost on the way, is not worked on again.

Who asks makes up a key (`Idempotency-Key`, as the IETF's draft of that name has it) and sends it
with both: a proxy that cuts the stream costs no second place, no second row of the journal, and
feedback goes to the answer that is shown.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from time import monotonic
from typing import Annotated, Any

from fastapi import Header

from chatbot.http.messages import AnswerOut, ChatIn
from chatbot.shield.headers import ONCE_HEADER

KEEP_S = 120.0  # as long as somebody may still try again
MOST = 256  # answers kept; some 20 kB each
Key = Annotated[
    str,
    Header(
        alias=ONCE_HEADER,
        max_length=100,
        description="Nome a caso della domanda: ripetuta con lo stesso, ha la stessa risposta.",
    ),
]


@dataclass(frozen=True, slots=True)
class _Kept:
    """An answer under way or given, and what was asked; forgotten at a time of the clock."""

    asked: ChatIn
    answer: asyncio.Task[AnswerOut]
    until: float


class Once:
    """The answers of the last moments by the keys of who asked. Belongs to one event loop."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._kept: OrderedDict[str, _Kept] = OrderedDict()

    def answer(
        self, key: str, asked: ChatIn, work: Callable[[], Coroutine[Any, Any, AnswerOut]]
    ) -> asyncio.Task[AnswerOut]:
        """The answer to what was `asked` with `key`, else that of `work`, begun now; without a key
        it is always begun. One that failed is not kept, nor does a key serve another question."""
        now = self._clock()
        while self._kept and next(iter(self._kept.values())).until < now:
            self._kept.popitem(last=False)
        kept = self._kept.get(key)
        if kept and kept.asked == asked and not _failed(kept.answer):
            return kept.answer
        task = asyncio.create_task(work())
        if key:
            self._kept.pop(key, None)
            self._kept[key] = _Kept(asked, task, now + KEEP_S)
            if len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return task


def _failed(answer: asyncio.Task[AnswerOut]) -> bool:
    return answer.done() and (answer.cancelled() or answer.exception() is not None)
