"""The page on which a person reads the interface for programs, and tries it: served by us alone."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from chatbot.pages.page import render

DESCRIPTION = (
    "Le risposte di Bussola per altri programmi. Gli errori sono documenti RFC 9457, sotto `/v1`"
    " nella forma di OpenAI. Gli assistenti che parlano MCP usano `/mcp`."
)
TAGS = [
    {"name": "domande", "description": "Chiedere, cercare passaggi, leggere guide e servizi."},
    {"name": "openai", "description": "Per i programmi che parlano con un server di OpenAI."},
    {"name": "registro", "description": "Pareri, e quello che si tiene di una conversazione."},
    {"name": "invii", "description": "Fogli di invio mandati a un servizio."},
    {
        "name": "redazione",
        "description": "Per chi ha fatto l'accesso, o con il codice di una macchina.",
    },
]
router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@router.get("/api/docs")
def docs_page(request: Request) -> HTMLResponse:
    return render(request, "api.html")
