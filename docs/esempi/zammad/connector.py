"""An example of a system that takes slips: each becomes a ticket in Zammad.

    ZAMMAD_URL=https://tickets.example ZAMMAD_TOKEN=… ZAMMAD_GROUP=Accoglienza \\
    BUSSOLA_REFERRAL_SECRET=whsec_… python docs/esempi/zammad/connector.py

It stands beside Zammad, not beside Bussola: Bussola's BUSSOLA_REFERRAL_WEBHOOKS names its address.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import time
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI, HTTPException, Request

OLDEST_S = 300  # a signed message that comes later is a copy of an old one
app = FastAPI(openapi_url=None)


@app.post("/hook", status_code=204)
async def hook(request: Request) -> None:
    """One slip. 204 when its ticket is there; anything else, and Bussola tries again."""
    body = await request.body()
    check_signature(request, body, os.environ["BUSSOLA_REFERRAL_SECRET"])
    slip = json.loads(body)
    if slip["type"] != "referral.created":
        raise HTTPException(422, "unknown type")
    async with httpx.AsyncClient(timeout=20) as client:
        response = await client.post(
            f"{os.environ['ZAMMAD_URL'].rstrip('/')}/api/v1/tickets",
            json=ticket_of(slip["data"], os.environ["ZAMMAD_GROUP"]),
            headers={"Authorization": f"Token token={os.environ['ZAMMAD_TOKEN']}"},
        )
    if not response.is_success:
        raise HTTPException(502, f"Zammad: {response.status_code}")


def check_signature(request: Request, body: bytes, secret: str) -> None:
    """Raises HTTPException 401 unless the message is from Bussola, and of now."""
    names = ("webhook-id", "webhook-timestamp", "webhook-signature")
    message_id, stamp, given = (request.headers.get(name, "") for name in names)
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{message_id}.{stamp}.".encode() + body
    made = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    fresh = stamp.isdigit() and abs(time.time() - int(stamp)) <= OLDEST_S
    if not fresh or not any(hmac.compare_digest(made, one) for one in given.split()):
        raise HTTPException(401, "bad signature")


def ticket_of(data: dict[str, Any], group: str) -> dict[str, Any]:
    """The ticket, as Zammad's API wants it; the title says nothing of the person."""
    lines = [
        f"Perché: {data['why']}",
        *(f"{field['label']}: {field['value']}" for field in data["fields"]),
        f"Consenso della persona: dato il {data['consent']['at']}",
        f"Per rispondere, fino al {data['answer_until']}: {data['answer_url']}",
    ]
    title = f"Invio di una persona da {data['office']} ({data['service']['title']})"
    article = {"subject": title, "body": "\n".join(lines), "type": "note", "internal": True}
    return {"title": title, "group": group, "customer_id": 1, "article": article}


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(os.environ.get("PORT", "8090")))
