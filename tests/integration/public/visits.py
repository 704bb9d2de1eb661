"""Visiting the public pages as a browser does: forms are filled in from the page that was given out."""

from __future__ import annotations

import os
import re
from html import unescape
from typing import Any

import httpx

from gateway.access import make_credential
from gateway.ledger.channels import add_channel, add_credential
from gateway.ledger.values import ChannelRow, CredentialRow
from tests.integration.installation import Installation

STORY = "Lampu jalan di Gang Kenanga padam sudah dua minggu, gelap dan rawan bagi anak sekolah."
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d4944415478da6364f8cf500f0003860180"
    "5a347d6b0000000049454e44ae426082"
)


async def open_form(it: Installation, kind: str = "web", **options: Any) -> str:
    """A channel of the kind, named after it; returns its key."""
    now = it.gateway.clock.now()
    await it.ledger.write(add_channel, ChannelRow(kind, kind, now, options), "uji")
    made = make_credential(os.urandom(40))
    await it.ledger.write(add_credential, CredentialRow(made.id, kind, made.digest, now), "uji")
    return made.key


async def hidden(it: Installation, path: str = "/lapor") -> str:
    """The hidden field of a fresh form."""
    return hidden_in(await it.api.get(path))


def hidden_in(answer: httpx.Response) -> str:
    found = re.search(r'name="kunci" value="([^"]+)"', answer.text)
    assert found is not None, answer.text[:500]
    return found[1]


def told(answer: httpx.Response, name: str) -> str:
    """What stands in the large letters behind a name (`Kode lacak`, `PIN`)."""
    found = re.search(rf"<dt>{name}.*?</dt>\s*<dd class=\"besar\">([^<]+)</dd>", answer.text, re.DOTALL)
    assert found is not None, answer.text[:3000]
    return unescape(found[1])


async def sign_in(it: Installation, key: str) -> None:
    """A session at the desk, in the client's cookies."""
    answer = await it.api.post("/loket/masuk", data={"kunci_loket": key})
    assert (answer.status_code, answer.headers["location"]) == (303, "/loket")
