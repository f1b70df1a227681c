"""The server: wires settings, library, bot and routes. Run it with `python server.py`."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import anyio
import structlog
import uvicorn
from fastapi import FastAPI

from chatbot import api, pages, problem
from chatbot.body import BodyLimit
from chatbot.library import Library
from chatbot.settings import Settings
from index.finding import BussolaError

VERSION = "0.1.0"


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application over the published snapshot. Raises BussolaError when there is none."""
    settings = settings or Settings()
    app = FastAPI(title="Bussola", version=VERSION, lifespan=_lifespan)
    app.state.settings = settings
    app.state.library = Library.open(settings)
    app.add_middleware(BodyLimit, limit=settings.max_body_bytes)
    problem.install(app)
    app.include_router(api.router)
    pages.install(app)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    # as many answers at a time as cores: more would only wait for each other
    app.state.limiter = anyio.CapacityLimiter(os.cpu_count() or 2)
    watcher = asyncio.create_task(_watch(app.state.library, app.state.settings.reload_seconds))
    yield
    watcher.cancel()
    with suppress(asyncio.CancelledError):
        await watcher


async def _watch(library: Library, seconds: float) -> None:
    """Notice a newly published snapshot."""
    while True:
        await asyncio.sleep(seconds)
        await asyncio.to_thread(library.refresh)


def configure_logs() -> None:
    """One JSON object a line on standard error; never the text of a question."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def main() -> int:
    """Serve on HOST and PORT (127.0.0.1:8000). Exit code 1 when there is nothing to serve."""
    configure_logs()
    host, port = os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "8000")
    if not port.isdigit() or not 0 < int(port) < 65_536:
        print(f"PORT deve essere un numero fra 1 e 65535, non «{port}»", file=sys.stderr)
        return 2
    try:
        app = create_app()
    except BussolaError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"Bussola è pronta su http://{host}:{port}", flush=True)
    uvicorn.run(app, host=host, port=int(port), log_level="warning", access_log=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
