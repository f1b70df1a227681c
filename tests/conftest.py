"""What every test may use."""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import disk
import pytest
from another_day import travel
from chromium import find_chromium
from databases import a_postgres, empty_database
from filelock import FileLock
from folders import MADE, ROOT
from hypothesis import settings
from reporting import FIGURES, REPORT
from serving import free_port
from small import copy_of, edit, small_folder
from sqlalchemy import Engine
from workers import ONE_CORE, ByFolder, arrange, in_worker, made_once, session_folder

from chatbot.bot import Bot
from chatbot.journal.engine import open_engine
from index.encode.encoder import Encoder
from index.encode.model import DEFAULT_MODEL, ensure_model
from index.publish.build import build
from index.publish.snapshot import Snapshot, load_current

Prepare = Callable[[str], Path]
# hypothesis gives each example 200 ms, and a busy machine is no fault of what is tested
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest.fixture(scope="session")
def prepare(tmp_path_factory: pytest.TempPathFactory) -> Prepare:
    """The prepared model of a name, made once and kept in BUSSOLA_VAR (or `var/`)."""
    models = Path(os.environ.get("BUSSOLA_VAR", ROOT / "var")) / "models"

    def prepared(name: str) -> Path:
        with FileLock(session_folder(tmp_path_factory) / "models.lock"):
            return ensure_model(models, name)

    return prepared


@pytest.fixture(scope="session")
def model_dir(prepare: Prepare) -> Path:
    """The encoder, the default or that of BUSSOLA_MODEL."""
    return prepare(os.environ.get("BUSSOLA_MODEL", DEFAULT_MODEL))


@pytest.fixture(scope="session", autouse=True)
def quick_disk() -> Iterator[None]:
    """See `disk`. What tests start in a process of its own has the real one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", disk.fsync)
        yield


@pytest.fixture(scope="session", autouse=True)
def opened_once() -> Iterator[None]:
    """Each model is opened once in a session, also by the servers that tests start in it: it takes
    longer than most of them, and an encoder may be shared. A folder that changed is another."""
    opened: dict[tuple[object, ...], Encoder] = {}
    load = Encoder.load

    def shared(model_dir: Path, threads: int | None = None, *, many: bool = False) -> Encoder:
        threads = threads or int(os.environ.get("BUSSOLA_THREADS", 0)) or None
        files = sorted(model_dir.iterdir()) if model_dir.is_dir() else []
        stamps = ((p.name, p.stat().st_mtime_ns) for p in files)
        key = (model_dir.resolve(), threads, many, *stamps)
        if key not in opened:
            opened[key] = load(model_dir, threads, many=many)
        return opened[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Encoder, "load", shared)
        yield


@pytest.fixture(scope="session")
def encoder_of_all(model_dir: Path) -> Encoder:
    return Encoder.load(model_dir)


@pytest.fixture(scope="session")
def published(
    tmp_path_factory: pytest.TempPathFactory, model_dir: Path, encoder_of_all: Encoder
) -> Path:
    """The folder of generated files in which a snapshot of the guides made for the tests is
    published. Under `tests/content/` it is that of the real guides."""

    def make(var: Path) -> None:
        (var / "models").symlink_to(model_dir.parent)
        build(MADE, var, encoder_of_all)

    return made_once(tmp_path_factory, "var", make)


@pytest.fixture(scope="session")
def snapshot(published: Path) -> Snapshot:
    """What is published there."""
    return load_current(published)


@pytest.fixture(scope="session")
def bot(encoder_of_all: Encoder) -> Bot:
    return Bot(encoder_of_all)


@pytest.fixture(scope="session")
def small_built(
    tmp_path_factory: pytest.TempPathFactory, model_dir: Path, encoder_of_all: Encoder
) -> Path:
    """A few of those guides in `guides/`, published twice in `var/`. Not to be changed: a test
    changes `small_copy`."""

    def make(folder: Path) -> None:
        guides = small_folder(folder / "guides")
        for words in ("la prima volta", "la seconda volta"):
            edit(guides, words)
            build(guides, folder / "var", encoder_of_all)
        (folder / "var/models").symlink_to(model_dir.parent)

    return made_once(tmp_path_factory, "small", make)


@pytest.fixture
def small_copy(small_built: Path, tmp_path: Path) -> Path:
    """`small_built` for one test."""
    return copy_of(small_built, tmp_path / "copy")


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a real PostgreSQL."""
    with a_postgres() as url:
        yield url


@pytest.fixture
def database(postgres: str) -> str:
    """The URL of an empty database there."""
    return empty_database(postgres)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each engine that the journal may be in."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'journal.sqlite'}"
    made: str = request.getfixturevalue("database")
    return made


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    """The journal's tables in it."""
    engine = open_engine(url)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's Chromium: Playwright's own is not downloaded. What tells whether speech is
    recognised without the network ends the pages of the one without windows: it is taken away."""
    quiet = ["quic", "background-networking", "component-update", "sync", "gpu",
             "blink-features=OnDeviceWebSpeechAvailable"]  # fmt: skip
    flags = ["--no-sandbox", "--no-first-run", *(f"--disable-{what}" for what in quiet)]
    return {**browser_type_launch_args, "executable_path": find_chromium(), "args": flags}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Without the service worker, which at each test's first page fetches and stores again all that
    is kept for the day without a network. A test of it is marked `web.WITH_WORKER`."""
    return {**browser_context_args, "service_workers": "block"}


@pytest.fixture(scope="session")
def partner_port() -> int:
    """Where a test may serve a page of another origin: `live_server` has it on its allow list."""
    return free_port()


@pytest.fixture(scope="session")
def live_server(
    tmp_path_factory: pytest.TempPathFactory, published: Path, partner_port: int
) -> Iterator[str]:
    """The address of the real server, in a process of its own, over the guides made for the
    tests, with its journal elsewhere and no rates."""
    free = "1000000 per minute"
    rates = {f"BUSSOLA_{name}_RATE": free for name in ("ASK", "GLOBAL", "READ", "CONVERSATION")}
    journal = tmp_path_factory.mktemp("live") / "journal.sqlite"
    port = free_port()
    environment = {
        **os.environ, **rates, "BUSSOLA_GUIDES": str(MADE), "BUSSOLA_VAR": str(published),
        "BUSSOLA_JOURNAL_URL": f"sqlite:///{journal}", "HOST": "127.0.0.1", "PORT": str(port),
        "BUSSOLA_ALLOWED_ORIGINS": f'["http://127.0.0.1:{partner_port}"]',
    }  # fmt: skip
    server = subprocess.Popen([sys.executable, "server.py"], cwd=ROOT, env=environment)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{address}/api/health", server)
        yield address
    finally:
        server.terminate()
        server.wait(20)


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 600  # a busy machine is slow, not wrong
    while time.monotonic() < deadline:
        assert server.poll() is None, "the server stopped before it answered"
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"{url} did not answer")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--day", metavar="DAY", help="the day on which the tests run: 2028-11-30")


def pytest_configure(config: pytest.Config) -> None:
    """With `--day` it is that day. Of several processes each keeps to one core, and so do the
    servers that it starts."""
    if in_worker():
        os.environ.update(ONE_CORE)
    if day := config.getoption("--day"):
        travel(day)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """See `workers`."""
    arrange(items)


@pytest.hookimpl(optionalhook=True)  # of pytest-xdist
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFolder:
    """However the processes are asked for, they share the tests by folder."""
    config.option.loadscopereorder = False
    return ByFolder(config, log)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Where the report of the whole suite is, when this session wrote it; what tests measured."""
    for report in (*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")):
        for name, told in report.user_properties if report.when == "call" else ():
            if name == REPORT:
                terminalreporter.write_line(f"Resoconto delle prove: {told}")
            if name == FIGURES:
                terminalreporter.write_line(f"{report.nodeid}: {told}")
