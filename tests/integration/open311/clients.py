"""Requests as public Open311 clients make them, and XML read as they read it."""

from __future__ import annotations

import os
from typing import Any

import httpx
from defusedxml import ElementTree

from gateway.access import make_credential
from gateway.ledger.channels import add_channel, add_credential
from gateway.ledger.values import ChannelRow, CredentialRow
from tests.integration.installation import Installation

BASE = "/open311/v2"
HOLE = "Jalan berlubang sedalam lutut di depan sekolah dasar, anak-anak sering jatuh di sana."


async def make_open311(it: Installation, name: str = "kota", **options: Any) -> str:
    """A channel of the kind `open311`; returns its key."""
    now = it.gateway.clock.now()
    await it.ledger.write(add_channel, ChannelRow(name, "open311", now, options), "uji")
    made = make_credential(os.urandom(40))
    await it.ledger.write(add_credential, CredentialRow(made.id, name, made.digest, now), "uji")
    return made.key


def hole(key: str, **fields: str) -> dict[str, str]:
    """A hole in a road, as FixMyStreet reports one."""
    given = {
        "jurisdiction_id": "contoh.go.id",
        "api_key": key,
        "service_code": "0",
        "description": HOLE,
        "lat": "-6.914744",
        "long": "107.609810",
        "first_name": "Ani",
        "last_name": "Contoh",
        "email": "ani@contoh.example",
        "phone": "081200000001",
    }
    return {name: value for name, value in (given | fields).items() if value}


async def post(it: Installation, fields: dict[str, str], what: str = "requests.json", **more: Any) -> httpx.Response:
    return await it.api.post(f"{BASE}/{what}", data=fields, **more)


async def posted(it: Installation, fields: dict[str, str], **more: Any) -> str:
    """The id of a request that must be taken."""
    answer = await post(it, fields, **more)
    assert answer.status_code == 200, answer.text
    identity: str = answer.json()[0]["service_request_id"]
    return identity


async def get(it: Installation, what: str, **query: str) -> Any:
    """A JSON answer that must be there."""
    answer = await it.api.get(f"{BASE}/{what}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def as_tree(answer: httpx.Response) -> Any:
    """An XML answer as nested dictionaries, every child in a list, as the clients' own readers give it."""
    assert answer.headers["content-type"] == "text/xml; charset=utf-8"
    assert answer.content.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
    root = ElementTree.fromstring(answer.content)
    return {root.tag: _of(root)}


def _of(element: Any) -> Any:
    if not len(element):
        return element.text or ""
    children: dict[str, list[Any]] = {}
    for child in element:
        children.setdefault(child.tag, []).append(_of(child))
    return children
