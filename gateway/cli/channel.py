"""`channel`: who may post, and with which keys and secrets."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Annotated, Any

import typer

from adapters.channels import CHANNELS
from adapters.contract import Channel
from gateway.channels import ENTROPY_BYTES, changed_channel, make_key, make_speaking
from gateway.cli.asked import agreed, secret
from gateway.cli.desk import Desk, at_desk
from gateway.cli.one_key import ask_to_revoke, show_once
from gateway.cli.rows import CHANNEL_HEADINGS, CREDENTIAL_HEADINGS
from gateway.cli.say import listing, note, tell
from gateway.ledger.channels import (
    add_channel,
    add_credential,
    change_channel,
    close_channel,
    list_channels,
    list_credentials,
    load_channel,
    revoke_credential,
)
from gateway.ledger.values import ChannelRow
from gateway.operations.rows import channel_row, credential_row
from schemas.errors import Invalid, NotFound

app = typer.Typer(add_completion=False, no_args_is_help=True)
keys = typer.Typer(add_completion=False, no_args_is_help=True, help="Make, list and revoke the API keys of a channel.")
app.add_typer(keys, name="key")

_ANSWERS = "  menjawab pelapor / answers reporters: ya / yes (--option answers=false mematikannya / turns it off)"
_ANSWERS_NOT = "  menjawab pelapor / answers reporters: tidak / no (lihat README adaptor / see the adapter's README)"

Name = Annotated[str, typer.Argument(metavar="NAME", help="The channel.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


@app.command()
def add(
    name: Name,
    adapter: Annotated[str, typer.Option(help=f"One of: {', '.join(CHANNELS)}.")] = "native",
    secrets: Annotated[
        list[str] | None,
        typer.Option("--secret", metavar="NAME=VALUE", help="@file, - for stdin; asked for unseen when left out."),
    ] = None,
    options: Annotated[
        list[str] | None, typer.Option("--option", metavar="NAME=VALUE", help="An option of the adapter; JSON or text.")
    ] = None,
) -> None:
    """Make a channel. One that uses API keys gets its first key at once, shown this one time."""
    if adapter not in CHANNELS:
        raise Invalid(f"no channel adapter is called {adapter!r}; choose one of {', '.join(CHANNELS)}")
    kind = CHANNELS[adapter]
    opened = _secrets(kind, _pairs(secrets or (), "--secret"))

    async def work(desk: Desk) -> None:
        given = _options(_pairs(options or (), "--option"))
        row = make_speaking(desk.vault(), kind, name, secrets=opened, options=given, now=desk.now)
        if await desk.ledger.read(load_channel, name) is not None:
            raise Invalid(f"there is a channel {name} already; names are never used twice")
        await desk.ledger.write(add_channel, row, desk.actor)
        tell(f"Kanal dibuat / Channel made: {name} ({adapter})")
        tell(_ANSWERS if row.answers else _ANSWERS_NOT)
        if kind.secret_names:
            tell(f"  alamat webhook / webhook address: POST /v1/channels/{name}/webhook")
        else:
            await _make_key(desk, name)

    at_desk(work, begin=True)


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List channels."""

    async def work(desk: Desk) -> list[dict[str, Any]]:
        valid = Counter(key.channel for key in await desk.ledger.read(list_credentials) if key.revoked_at is None)
        return [channel_row(row, valid[row.name]) for row in await desk.ledger.read(list_channels)]

    listing(at_desk(work), CHANNEL_HEADINGS, as_json=as_json, empty="Belum ada kanal / No channel yet: channel add")


@app.command("set")
def set_(
    name: Name,
    options: Annotated[
        list[str] | None, typer.Option("--option", metavar="NAME=VALUE", help="Give it this value; JSON or text.")
    ] = None,
    without: Annotated[list[str] | None, typer.Option("--without", metavar="OPTION", help="Take it away.")] = None,
) -> None:
    """Change the options of a channel, `--option answers=true` for one. The others stay as they are."""

    async def work(desk: Desk) -> None:
        given = _options(_pairs(options or (), "--option"))
        row = await _known(desk, name)
        unknown = [one for one in without or () if one not in row.options]
        if unknown or not (given or without):
            has = ", ".join(row.options) or "none"
            raise Invalid(f"{name} has no option {unknown[0]}" if unknown else f"name an option; {name} has: {has}")
        kept = {option: value for option, value in row.options.items() if option not in (without or ())}
        await _change(desk, row, {}, {**kept, **given}, [*given, *(without or ())])

    at_desk(work)


@app.command("secret")
def secret_(
    name: Name,
    secrets: Annotated[
        list[str],
        typer.Argument(metavar="SECRET[=VALUE]...", help="@file, - for stdin; asked for unseen when left out."),
    ],
) -> None:
    """Give a channel other secrets of its vendor. Those that are not named stay as they are."""
    parted = (text.partition("=") for text in secrets)
    given = {one: secret(value if equals else None, one) for one, equals, value in parted}

    async def work(desk: Desk) -> None:
        row = await _known(desk, name)
        await _change(desk, row, given, row.options, list(given))

    at_desk(work)


@app.command()
def close(name: Name, yes: Yes = False) -> None:
    """Close a channel: nothing is taken from it any more. What it handed in goes on."""

    async def work(desk: Desk) -> None:
        await _known(desk, name)
        if not agreed(f"Tutup kanal {name} / Close channel {name}?", yes=yes):
            raise typer.Exit(1)
        if not await desk.ledger.write(close_channel, name, desk.actor, desk.now):
            note(f"{name}: sudah ditutup / closed already")
            return
        tell(f"Ditutup / Closed: {name}. Berlaku dalam 2 detik / In force within 2 seconds.")

    at_desk(work)


@keys.command("add")
def add_key(name: Name) -> None:
    """Make another key for a channel, shown this one time. The others stay valid until they are revoked."""

    async def work(desk: Desk) -> None:
        await _known(desk, name)
        await _make_key(desk, name)

    at_desk(work)


@keys.command("list")
def list_keys(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="Only this channel's.")] = None,
    as_json: AsJson = False,
) -> None:
    """List keys by their public half."""

    async def work(desk: Desk) -> list[dict[str, Any]]:
        return [credential_row(row) for row in await desk.ledger.read(list_credentials, name)]

    listing(at_desk(work), CREDENTIAL_HEADINGS, as_json=as_json, empty="Belum ada kunci / No key yet.")


@keys.command()
def revoke(
    key: Annotated[str, typer.Argument(metavar="ID", help="The key's public half, as listed.")], yes: Yes = False
) -> None:
    """Revoke a key: requests with it are refused."""

    async def work(desk: Desk) -> None:
        known = any(row.id == key for row in await desk.ledger.read(list_credentials))
        ask_to_revoke(key, known=known, listed_by="channel key list", yes=yes)
        if not await desk.ledger.write(revoke_credential, key, desk.actor, desk.now):
            note(f"{key}: sudah dicabut / revoked already")
            return
        tell(f"Dicabut / Revoked: {key}. Berlaku dalam 2 detik / In force within 2 seconds.")

    at_desk(work)


async def _make_key(desk: Desk, channel: str) -> None:
    row, key = make_key(channel, os.urandom(ENTROPY_BYTES), desk.now)
    await desk.ledger.write(add_credential, row, desk.actor)
    show_once(key)


async def _change(
    desk: Desk, row: ChannelRow, secrets: Mapping[str, str], options: Mapping[str, Any], names: list[str]
) -> None:
    changed = changed_channel(desk.vault(), CHANNELS[row.kind], row, secrets=secrets, options=options)
    if not await desk.ledger.write(change_channel, changed, desk.actor, desk.now, names):
        raise Invalid(f"{row.name} is closed")
    tell(f"Diubah / Changed: {row.name} ({', '.join(names)}). Berlaku dalam 2 detik / In force within 2 seconds.")
    tell(_ANSWERS if changed.answers else _ANSWERS_NOT)


async def _known(desk: Desk, name: str) -> ChannelRow:
    row = await desk.ledger.read(load_channel, name)
    if row is None:
        raise NotFound(f"there is no channel {name}; see `channel list`")
    return row


def _secrets(adapter: Channel, given: Mapping[str, str]) -> dict[str, str]:
    """Every secret that the adapter needs; those not given are asked for."""
    names = dict.fromkeys((*adapter.secret_names, *given))
    return {name: secret(given.get(name), name) for name in names}


def _options(given: Mapping[str, str]) -> dict[str, Any]:
    return {name: _json_or_text(value) for name, value in given.items()}


def _json_or_text(value: str) -> Any:
    with suppress(ValueError):
        return json.loads(value)
    return value


def _pairs(given: Iterable[str], option: str) -> dict[str, str]:
    pairs = [text.partition("=") for text in given]
    wrong = [name for name, equals, _ in pairs if not equals or not name]
    if wrong:
        raise Invalid(f"{option} is written NAME=VALUE, not {wrong[0]!r}")
    return {name: value for name, _, value in pairs}
