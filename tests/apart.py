"""Work in a thread of its own: the browser's event loop may be running in this one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def apart(function: Callable[..., Any], *arguments: Any) -> Any:
    """The result of `function`, or its exception."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(function, *arguments).result()


def run_apart(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """The result of `coroutine`, or its exception."""
    return apart(asyncio.run, coroutine)
