"""A language model at an OpenAI-compatible address, as llama-index knows models, within bounds.

The address may be anybody's: its replies are read up to a size and a time, and believed in nothing.
"""

from __future__ import annotations

import json
import re
import time
from threading import Lock
from typing import Any

import httpx
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from llama_index.core.base.llms.types import CompletionResponse, CompletionResponseGen, LLMMetadata
from llama_index.core.llms import CustomLLM
from llama_index.core.llms.callbacks import llm_completion_callback
from pydantic import PrivateAttr

MOST_REPLY = 65_536  # bytes
MOST_TOKENS = 700
_THOUGHT = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL)
REST_AFTER, REST_S = 3, 60.0  # failures in a row, after which it is left alone for a while


class NoHelpError(Exception):
    """The model gave nothing that can be used; the message says why, and holds nothing of what was
    asked or replied."""


class EndpointModel(CustomLLM):
    """`POST {address}/chat/completions`. `complete` raises NoHelpError; a reply that is no JSON of
    the form, is too long, or comes too late, is none."""

    address: str
    name: str
    seconds: float
    budget: str = "600 per hour"
    _key: str = PrivateAttr(default="")
    _client: httpx.Client = PrivateAttr()
    _spent: MovingWindowRateLimiter = PrivateAttr()
    _lock: Any = PrivateAttr(default_factory=Lock)
    _failures: int = PrivateAttr(default=0)
    _rests_until: float = PrivateAttr(default=0.0)

    def __init__(self, key: str = "", **fields: Any) -> None:
        super().__init__(**fields)
        self._key = key
        # a redirect could lead a question elsewhere than to the address that was chosen
        self._client = httpx.Client(follow_redirects=False)
        self._spent = MovingWindowRateLimiter(MemoryStorage())

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(model_name=self.name, num_output=MOST_TOKENS)

    @llm_completion_callback()
    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        self._admit()
        try:
            text = _content(self._post(prompt))
        except NoHelpError:
            self._note(failed=True)
            raise
        self._note(failed=False)
        return CompletionResponse(text=text)

    @llm_completion_callback()
    def stream_complete(
        self, prompt: str, formatted: bool = False, **kwargs: Any
    ) -> CompletionResponseGen:
        raise NotImplementedError("a reply is read whole, or not at all")

    def _admit(self) -> None:
        with self._lock:
            if time.monotonic() < self._rests_until:
                raise NoHelpError("it failed just now")
            if not self._spent.hit(parse(self.budget), self.address):
                raise NoHelpError("the budget is spent")

    def _note(self, failed: bool) -> None:
        with self._lock:
            self._failures = self._failures + 1 if failed else 0
            if self._failures >= REST_AFTER:
                self._failures, self._rests_until = 0, time.monotonic() + REST_S

    def _post(self, prompt: str) -> bytes:
        body = {
            "model": self.name, "temperature": 0, "max_tokens": MOST_TOKENS, "stream": False,
            "messages": [{"role": "user", "content": prompt}],
        }  # fmt: skip
        headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        ends = time.monotonic() + self.seconds
        url = f"{self.address.rstrip('/')}/chat/completions"
        try:
            with self._client.stream(
                "POST", url, json=body, headers=headers, timeout=self.seconds
            ) as response:
                if response.status_code != 200:
                    raise NoHelpError(f"status {response.status_code}")
                return _bounded(response, ends)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise NoHelpError(type(error).__name__) from None


def _bounded(response: httpx.Response, ends: float) -> bytes:
    data = b""
    for part in response.iter_bytes():
        data += part
        if len(data) > MOST_REPLY:
            raise NoHelpError("the reply is too long")
        if time.monotonic() > ends:
            raise NoHelpError("the reply is too slow")
    return data


def _content(data: bytes) -> str:
    """What the reply says, where it has the form of one; what some models think first, aloud, is no
    part of it."""
    try:
        text = json.loads(data)["choices"][0]["message"]["content"]
    except (ValueError, KeyError, IndexError, TypeError, RecursionError):
        raise NoHelpError("the reply has not the form") from None
    if not isinstance(text, str):
        raise NoHelpError("the reply has no text")
    return _THOUGHT.sub("", text, count=1)
