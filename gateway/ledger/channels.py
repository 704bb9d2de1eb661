"""Channels and the keys that their services hold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, or_, select, update

from gateway.ledger.actions import note_each
from gateway.ledger.owned_keys import keys_of, revoke_key
from gateway.ledger.shapes import CHANNEL, CREDENTIAL
from gateway.ledger.tables import channels, credentials
from gateway.ledger.values import ChannelRow, CredentialRow
from schemas.errors import Invalid

_AUTHENTICATE = (
    select(
        credentials.c.channel,
        credentials.c.digest,
        or_(credentials.c.revoked_at.is_not(None), channels.c.closed_at.is_not(None)),
    )
    .join(channels, channels.c.name == credentials.c.channel)
    .where(credentials.c.id == bindparam("credential"))
)
_CHANGEABLE = ("options", "sealed_secrets", "master_key_id", "answers")
_LOAD = select(*CHANNEL.columns).where(channels.c.name == bindparam("name"))


def add_channel(conn: Connection, channel: ChannelRow, actor: str) -> None:
    """Make a channel. Raises Invalid when there is one of this name, open or closed."""
    if load_channel(conn, channel.name) is not None:
        raise Invalid(f"there is a channel {channel.name} already; names are never used twice")
    conn.execute(insert(channels), CHANNEL.parameters(channel))
    note_each(conn, [channel.name], "channel.add", actor, channel.created_at, kind=channel.kind)


def close_channel(conn: Connection, name: str, actor: str, now: datetime) -> bool:
    """Take nothing from a channel any more; False when it is closed or not there."""
    statement = update(channels).where(channels.c.name == name, channels.c.closed_at.is_(None))
    if conn.execute(statement.values(closed_at=now)).rowcount != 1:
        return False
    note_each(conn, [name], "channel.close", actor, now)
    return True


def change_channel(conn: Connection, channel: ChannelRow, actor: str, now: datetime, changed: Sequence[str]) -> bool:
    """Give an open channel other options and secrets; False when it is closed or not there. `changed` are names."""
    statement = update(channels).where(channels.c.name == channel.name, channels.c.closed_at.is_(None))
    values = {name: CHANNEL.parameters(channel)[name] for name in _CHANGEABLE}
    if conn.execute(statement.values(values)).rowcount != 1:
        return False
    note_each(conn, [channel.name], "channel.change", actor, now, changed=", ".join(changed))
    return True


def load_channel(conn: Connection, name: str) -> ChannelRow | None:
    """A channel, open or closed."""
    row = conn.execute(_LOAD, {"name": name}).first()
    return CHANNEL.value(row) if row else None


def list_channels(conn: Connection) -> list[ChannelRow]:
    """All channels by name."""
    return [CHANNEL.value(row) for row in conn.execute(select(*CHANNEL.columns).order_by(channels.c.name))]


def add_credential(conn: Connection, credential: CredentialRow, actor: str) -> None:
    """Give a channel another key. Raises Invalid when there is no such channel or it is closed."""
    channel = load_channel(conn, credential.channel)
    if channel is None or channel.closed_at is not None:
        raise Invalid(
            f"there is no open channel {credential.channel}", cause="channel_closed", about=credential.channel
        )
    conn.execute(insert(credentials), CREDENTIAL.parameters(credential))
    note_each(conn, [credential.channel], "credential.add", actor, credential.created_at, credential=credential.id)


def revoke_credential(conn: Connection, credential_id: str, actor: str, now: datetime) -> bool:
    """Refuse a key from now on; False when it is revoked or not there."""
    channel = revoke_key(conn, credentials.c.channel, credential_id, now)
    if channel is None:
        return False
    note_each(conn, [channel], "credential.revoke", actor, now, credential=credential_id)
    return True


def list_credentials(conn: Connection, channel: str | None = None) -> list[CredentialRow]:
    """Keys by channel, oldest first."""
    query = keys_of(CREDENTIAL.columns, credentials.c.channel, channel)
    return [CREDENTIAL.value(row) for row in conn.execute(query)]


def authenticate(conn: Connection, credential_id: str) -> tuple[str, bytes, bool] | None:
    """Channel and digest of a key, and whether it is refused (revoked, or its channel closed); None: unknown."""
    row = conn.execute(_AUTHENTICATE, {"credential": credential_id}).first()
    return (row[0], row[1], bool(row[2])) if row else None
