"""The front of several networks: leads each request to the one whose address it asks for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial

import structlog
from fastapi import FastAPI
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from chatbot.hosting.hosted import Hosted, HostingError, host_of, read_hosted
from chatbot.hosting.schema import in_schema, make_schema
from chatbot.hosting.watch import Closed, watch_app
from chatbot.library import load_encoder
from chatbot.pages.brand import load_brand
from chatbot.problem import Unavailable
from chatbot.settings import Settings
from index.encode.encoder import Encoder
from index.errors import BussolaError

Make = Callable[[Settings, Encoder], FastAPI]
log = structlog.get_logger()


class Gateway:
    """ASGI application: an `app` for each network, by name; of those that did not open, why."""

    def __init__(
        self, common: Settings, hosted: Sequence[Hosted], apps: Mapping[str, FastAPI], why: Closed
    ) -> None:
        self.hosted, self.apps = tuple(hosted), dict(apps)
        self._hosts: dict[str, list[Hosted]] = {}
        for one in hosted:
            for host in one.hosts or ("",):
                self._hosts.setdefault(host, []).append(one)
        lifespan = partial(_all_open, self.apps)
        self.watch = watch_app(common, self.apps, why, lambda app: lifespan())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":  # the lifespan; nothing here speaks over websockets
            await self.watch(scope, receive, send)
            return
        hosted = self.asked(Headers(scope=scope).get("host", ""), scope["path"])
        app: ASGIApp = self.watch
        if hosted is not None:
            app = self.apps.get(hosted.name, self.watch)
            scope = {**scope, "state": {"hosted": hosted.name}}
        with structlog.contextvars.bound_contextvars(network=hosted.name if hosted else ""):
            await app(scope, receive, send)

    def asked(self, host: str, path: str) -> Hosted | None:
        """The network of an address; None where there is none."""
        rows = self._hosts.get(host_of(host)) or self._hosts.get("", [])
        return next((one for one in rows if f"{path}/".startswith(f"{one.root}/")), None)


def open_gateway(common: Settings, make: Make) -> Gateway:
    """Every network of the deployment, with one encoder; one that does not open leaves the others
    be. Raises HostingError where the file is wrong or none opens, BussolaError without a model."""
    hosted = read_hosted(common)
    encoder = load_encoder(common)
    apps: dict[str, FastAPI] = {}
    why: dict[str, str] = {}
    for one in hosted:
        try:
            prepare(common, one)
            apps[one.name] = make(one.settings, encoder)
        except (BussolaError, Unavailable, OSError, ValueError) as error:
            why[one.name] = str(error)
            log.error("network_closed", network=one.name, why=str(error))
    if not apps:
        raise HostingError("\n".join(f"{name}: {reason}" for name, reason in why.items()))
    return Gateway(common, hosted, apps, why)


def prepare(common: Settings, hosted: Hosted) -> None:
    """Its folder, with the model of all in it, and its schema where the database is of all; its
    brand is one that the pages can have. Raises BussolaError, OSError, ValueError."""
    settings = hosted.settings
    if settings.brand_file:
        load_brand(settings.brand_file)
    settings.var.mkdir(parents=True, exist_ok=True)
    models, of_all = settings.var / "models", common.var / "models"
    of_all.mkdir(parents=True, exist_ok=True)
    if not models.exists():
        models.symlink_to(of_all.resolve(), target_is_directory=True)
    if settings.cases:
        settings.cases.mkdir(parents=True, exist_ok=True)
    url = common.database_url.get_secret_value()
    if url and settings.database_url.get_secret_value() == in_schema(url, hosted.name):
        make_schema(url, hosted.name)


@asynccontextmanager
async def _all_open(apps: Mapping[str, FastAPI]) -> AsyncIterator[None]:
    """The lifespans of all, side by side, each in a task of its own."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    opened = {name: loop.create_future() for name in apps}

    async def live(name: str, app: FastAPI) -> None:
        structlog.contextvars.bind_contextvars(network=name)
        async with app.router.lifespan_context(app):
            opened[name].set_result(None)
            await stop.wait()

    async with asyncio.TaskGroup() as tasks:
        for name, app in apps.items():
            tasks.create_task(live(name, app))
        await asyncio.gather(*opened.values())
        yield
        stop.set()
