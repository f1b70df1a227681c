"""What these tests begin with: the real server, or the routes of signing in over files of one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from signing_in import application

from chatbot.desk.people import FILE, People
from chatbot.journal.writer import Journal
from chatbot.parts import part


@pytest.fixture(scope="module")
def site(live_server: str) -> str:
    return live_server


@pytest.fixture
def var(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def app(var: Path) -> Iterator[FastAPI]:
    app = application(var)
    yield app
    part(app, Journal).close()


@pytest.fixture
def people(var: Path) -> People:
    return People(var / FILE)
