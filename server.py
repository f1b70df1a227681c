"""The server: wires settings, library, bot and routes. Run it with `python server.py`."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial

import structlog
import uvicorn
from fastapi import FastAPI
from pydantic import ValidationError
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from chatbot import problem, routes
from chatbot.desk.asked import AskedVectors
from chatbot.desk.case_drafts import CaseDrafts
from chatbot.desk.digest import Digest
from chatbot.desk.drafts import DRAFTS, FOLDER, Drafts
from chatbot.desk.due_drafts import publish_due
from chatbot.desk.impact import Impacts
from chatbot.desk.links import LinkRounds
from chatbot.desk.mailing import Post, Rounds
from chatbot.desk.people import FILE as PEOPLE
from chatbot.desk.people import People
from chatbot.desk.press import Press
from chatbot.desk.publications import Ground, Publisher
from chatbot.desk.sessions import FILE as SESSIONS
from chatbot.desk.sessions import Sessions
from chatbot.desk.suite import Suite
from chatbot.desk.trial import Trials
from chatbot.doors import docs, mcp_api, openai_api
from chatbot.helper.helper import open_helper
from chatbot.hosting.gateway import open_gateway
from chatbot.http import oidc_api, referral_api, traces
from chatbot.http.access import FILE as TOKENS
from chatbot.http.access import Gate, Keyring, program_of
from chatbot.http.once import Once
from chatbot.http.traces import Traces
from chatbot.journal.engine import journal_url, open_engine
from chatbot.journal.writer import Journal
from chatbot.library import Library
from chatbot.logs import configure_logs
from chatbot.pages import desk
from chatbot.pages.brand import gaps_told
from chatbot.pages.maintenance import Closed
from chatbot.parts import find, part, provide
from chatbot.privacy.redact import redact
from chatbot.problem import Unavailable
from chatbot.referral.courier import Courier
from chatbot.referral.ways import Way, Ways
from chatbot.settings import Settings
from chatbot.shared.cabinet import Cabinet
from chatbot.shared.document import Document
from chatbot.shared.editions import EditionError
from chatbot.shared.first_edition import join
from chatbot.shared.follower import Follower
from chatbot.shared.maintenance import FILE as MAINTENANCE
from chatbot.shared.maintenance import Maintenance
from chatbot.shared.past_days import PastDays
from chatbot.shared.rates import SharedCounts
from chatbot.shared.searched import searched_by
from chatbot.shield.faults import ImpatientProtocol
from chatbot.shield.protection import protect
from chatbot.shield.rooted import Rooted
from index.encode.encoder import Encoder
from index.errors import BussolaError

VERSION = "0.1.0"
DAY_S = 60  # how late a draft may be published on its day
DRAIN_S = 8  # for questions under way when a stop is asked
# How long a thread may keep the interpreter from the event loop. At Python's own 5 ms a loop that
# sends and receives under load loses them at each step, and refuses no sooner than it answers.
SWITCH_S = 0.0005


def create_app(settings: Settings | None = None, encoder: Encoder | None = None) -> FastAPI:
    """The application over the published snapshot, with an `encoder` that others use too or its
    own. Raises BussolaError when there is no snapshot."""
    settings = settings or Settings()
    # FastAPI's own documentation pages load scripts from another site; ours is in chatbot/doors
    app = FastAPI(
        title="Bussola", version=VERSION, lifespan=_lifespan, docs_url=None, redoc_url=None,
        description=docs.DESCRIPTION, openapi_tags=docs.TAGS,
        servers=[{"url": settings.root_path}] if settings.root_path else None,
    )  # fmt: skip
    cabinet, follower, settings = join(settings)
    provide(app, cabinet, *filter(None, (follower, cabinet.counts())))
    kept = cabinet.drawer(private=True)
    keyring = Keyring(Document(kept, TOKENS))
    library = Library.open(settings, encoder, searched_by(settings))
    library.bot.helper = open_helper(settings)
    gate = Gate(keyring, attempts=cabinet.attempts())
    provide(app, settings, library, gate, Once())
    sessions = Sessions(Document(kept, SESSIONS), settings.session_hours)
    provide(app, People(Document(kept, PEOPLE)), sessions)
    if url := journal_url(settings.journal_url, settings.var):
        provide(app, open_engine(url))
    provide(app, Ways.of(settings), Post.of(settings), referral_api.Doorkeeper(cabinet.attempts()))
    _open_desk(app, settings)
    oidc_api.install(app, settings)
    provide(app, maintenance := Maintenance(Document(cabinet.drawer(), MAINTENANCE)))
    app.add_middleware(Closed, maintenance=maintenance)
    protect(app, settings, partial(program_of, keyring))
    app.add_middleware(openai_api.ErrorsInForm)
    traces.install(app, settings.traces_address)
    problem.install(app)
    routes.install(app)
    if settings.root_path:
        app.add_middleware(Rooted, root=settings.root_path)
    return app


def _open_desk(app: FastAPI, settings: Settings) -> None:
    """The drafts of the editors; a publication that a server left half done is settled first."""
    cabinet = part(app, Cabinet)
    press = Press(cabinet, find(app, Follower))
    drafts = Drafts(cabinet.drawer(DRAFTS))
    publisher = Publisher(settings.guides, settings.var, drafts, press)
    publisher.recover()
    library, days = part(app, Library), PastDays(cabinet)
    library.refresh()
    library.kept = days.tell
    days.tell()
    encoder = library.bot.encoder
    provide(app, press, drafts, publisher, Trials(settings.var, encoder, settings.guides), days)
    provide(app, CaseDrafts(settings, cabinet), Suite(settings, cabinet), LinkRounds(cabinet))
    provide(app, AskedVectors(encoder), Impacts(cabinet))


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    settings, library = part(app, Settings), part(app, Library)
    if engine := find(app, Engine):
        clean = partial(_without_people, library)
        provide(app, Journal(engine, settings.retention_days, clean=clean))
        ways = part(app, Ways)
        provide(app, Courier(engine, ways, partial(_way_to, library, ways)))
    if follower := find(app, Follower):
        follower.start(library.refresh)
    if counts := find(app, SharedCounts):
        counts.start()
    at_work = [
        asyncio.create_task(_watch(app, settings.reload_seconds)),
        asyncio.create_task(_publish_on_their_day(app)),
        asyncio.create_task(_send_digests(app)),
        asyncio.create_task(_read_unanswered(app)),
    ]
    async with mcp_api.door_open(app):
        yield
    for task in at_work:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    await asyncio.to_thread(part(app, LinkRounds).stop)
    courier, journal, sender = find(app, Courier), find(app, Journal), find(app, Traces)
    for closing in (follower, counts, courier, journal, sender):
        if closing:
            await asyncio.to_thread(closing.close)


def _way_to(library: Library, ways: Ways, service: str) -> Way | None:
    """Where a slip for a service goes, as its card says today."""
    guide = library.snapshot.guides.get(service)
    return ways.to(guide) if guide else None


def _without_people(library: Library, text: str) -> str:
    """A text without personal data, as the network in use tells them."""
    return redact(text, library.network, library.snapshot.spoken)


async def _watch(app: FastAPI, seconds: float) -> None:
    """Notice a newly published snapshot, and what is closed."""
    while True:
        await asyncio.to_thread(part(app, Maintenance).look)
        await asyncio.sleep(seconds)
        await asyncio.to_thread(part(app, Library).refresh)


async def _publish_on_their_day(app: FastAPI) -> None:
    """Drafts that wait for a day, looked at once a minute."""
    drafts, publisher, library = part(app, Drafts), part(app, Publisher), part(app, Library)

    def work() -> None:
        def ground() -> Ground:
            return Ground(library.bot.encoder, library.snapshot, library.serve)

        if find(app, Follower):
            publisher.recover()  # what another server left half done
        if publish_due(drafts, publisher, ground, library.network.today()):
            library.refresh()

    while True:
        with suppress(Unavailable, EditionError):  # of the shared database: health says so
            await asyncio.to_thread(work)
        await asyncio.sleep(DAY_S)


async def _send_digests(app: FastAPI) -> None:
    """The summary of what is to be reviewed, on its day; looked at once a minute."""
    library, links = part(app, Library), part(app, LinkRounds)
    rounds = Rounds(part(app, Cabinet).drawer(FOLDER), part(app, Post))

    def made() -> Digest:
        return Digest.of(library.snapshot, links.looked())

    while True:
        try:
            await asyncio.to_thread(rounds.look, library.network.now(), made)
        except (OSError, Unavailable) as error:
            structlog.get_logger().warning("digest_not_sent", why=type(error).__name__)
        await asyncio.sleep(DAY_S)


async def _read_unanswered(app: FastAPI) -> None:
    """What the desk groups is encoded as it comes, once a minute: the page does not wait for it."""
    engine, asked = find(app, Engine), part(app, AskedVectors)

    def work() -> None:
        asked.encode_queries([entry.question for entry in desk.unanswered(engine)])

    while engine is not None:
        with suppress(SQLAlchemyError):  # a database that is away: health says so
            await asyncio.to_thread(work)
        await asyncio.sleep(DAY_S)


def main() -> int:
    """Serve on HOST and PORT (127.0.0.1:8000). Exit code 1 when there is nothing to serve."""
    configure_logs()
    sys.setswitchinterval(SWITCH_S)
    host, port = os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "8000")
    if not port.isdigit() or not 0 < int(port) < 65_536:
        print(f"PORT deve essere un numero fra 1 e 65535, non «{port}»", file=sys.stderr)
        return 2
    try:
        common = Settings()
        app = open_gateway(common, create_app) if common.networks else create_app(common)
    except ValidationError as error:
        for wrong in error.errors():
            name = "_".join(str(part) for part in wrong["loc"][:1]).upper()
            print(f"BUSSOLA_{name}: {wrong['msg']}", file=sys.stderr)
        return 2
    except (BussolaError, Unavailable) as error:
        print(error, file=sys.stderr)
        return 1
    for one in (app,) if isinstance(app, FastAPI) else app.apps.values():
        for gap in gaps_told(part(one, Settings).brand_file, part(one, Library).network):
            print(gap, file=sys.stderr)
    print(f"Bussola è pronta su http://{host}:{port}", flush=True)
    uvicorn.run(
        app, host=host, port=int(port), log_level="warning", access_log=False,
        http=ImpatientProtocol, server_header=False,
        proxy_headers=False,  # believed only from the proxies that the settings declare
        timeout_graceful_shutdown=DRAIN_S,
    )  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
