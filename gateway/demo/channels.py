"""The channels of the demonstration, made on the first run and found again on later ones."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from adapters.channels import CHANNELS
from gateway.channels import ENTROPY_BYTES, make_channel, make_key
from gateway.demo.place import HOST
from gateway.demo.traffic import ACCESS_TOKEN, APP_CHANNEL, APP_SECRET, VERIFY_TOKEN, WHATSAPP_CHANNEL
from gateway.ledger import Ledger
from gateway.ledger.channels import add_channel, add_credential, load_channel
from gateway.vault import Vault
from schemas.base import Json

FORM_CHANNEL, DESK_CHANNEL, OPEN311_CHANNEL = "formulir-demo", "loket-demo", "kota-demo"

_ACTOR = "demo"


async def native_key(ledger: Ledger, vault: Vault, file: Path) -> str:
    """The API key of the native channel; the channel and its key are made when they are not there."""
    return await _key_of(ledger, vault, APP_CHANNEL, "native", {}, file)


async def open_pages(ledger: Ledger, vault: Vault, desk_file: Path, open311_file: Path) -> None:
    """Open the public form, the walk-in desk and the Open311 server; the keys of the last two go into the files."""
    if await ledger.read(load_channel, FORM_CHANNEL) is None:
        row = make_channel(vault, CHANNELS["web"], FORM_CHANNEL, secrets={}, options={}, now=datetime.now(UTC))
        await ledger.write(add_channel, row, _ACTOR)
    await _key_of(ledger, vault, DESK_CHANNEL, "desk", {"name": "Loket Contoh", "zone": "WIB"}, desk_file)
    await _key_of(ledger, vault, OPEN311_CHANNEL, "open311", {"publish": True}, open311_file)


async def _key_of(ledger: Ledger, vault: Vault, channel: str, kind: str, options: dict[str, Json], file: Path) -> str:
    now = datetime.now(UTC)
    if await ledger.read(load_channel, channel) is None:
        row = make_channel(vault, CHANNELS[kind], channel, secrets={}, options=options, now=now)
        await ledger.write(add_channel, row, _ACTOR)
    elif kept := _read(file):
        return kept
    credential, key = make_key(channel, os.urandom(ENTROPY_BYTES), now)
    await ledger.write(add_credential, credential, _ACTOR)
    write_private(file, key)
    return key


async def whatsapp_media_address(ledger: Ledger, vault: Vault, address: str) -> str:
    """Where the WhatsApp channel fetches photos: at `address` if it is made now, or where it was made to earlier."""
    row = await ledger.read(load_channel, WHATSAPP_CHANNEL)
    if row is None:
        row = make_channel(
            vault,
            CHANNELS["whatsapp"],
            WHATSAPP_CHANNEL,
            secrets={"app_secret": APP_SECRET, "verify_token": VERIFY_TOKEN, "access_token": ACCESS_TOKEN},
            options={"answers": True, "graph_url": address, "private_hosts": [HOST]},
            now=datetime.now(UTC),
        )
        await ledger.write(add_channel, row, _ACTOR)
    return str(row.options["graph_url"])


def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8").strip() if file.exists() else ""


def write_private(file: Path, text: str) -> None:
    """A file that only its owner reads."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        out.write(text + "\n")
