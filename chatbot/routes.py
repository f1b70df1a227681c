"""Every address of the service, in the order in which they are looked at."""

from __future__ import annotations

from fastapi import FastAPI

from chatbot.doors import docs, mcp_api, openai_api
from chatbot.http import (
    admin_api,
    api,
    drafts_api,
    erasing_api,
    journal_api,
    links_api,
    metrics,
    network_api,
    people_api,
    placing_api,
    preview_api,
    publish_api,
    referral_api,
    sessions_api,
    uploads_api,
)
from chatbot.pages import (
    cases,
    desk,
    desk_draft,
    desk_guide,
    desk_network,
    operator,
    people,
    review,
    stock,
    usage,
    why,
)

QUESTIONS = ((api, "domande"), (openai_api, "openai"), (journal_api, "registro"))
REFERRALS = ((referral_api, "invii"),)
OF_EDITORS = (
    sessions_api, people_api, admin_api, drafts_api, publish_api, uploads_api, placing_api,
    preview_api, network_api, links_api, erasing_api, review, cases, desk, desk_draft, desk_guide,
    desk_network, people, usage, why,
)  # fmt: skip
WITH_PAGES = (desk, people, review, cases, usage, why)


def install(app: FastAPI) -> None:
    """The API first, then the pages: what no other has is asked of them last."""
    for module, tag in (*QUESTIONS, *REFERRALS, *((one, "redazione") for one in OF_EDITORS)):
        app.include_router(module.router, tags=[tag])
    for with_pages in WITH_PAGES:
        app.include_router(with_pages.pages)
    for module in (stock, docs, metrics):
        app.include_router(module.router)
    mcp_api.install(app)
    operator.install(app)
