"""Whatever a vendor sends, authentic as it may be, is kept whole or refused: nothing breaks, nothing is half-stored."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from adapters.channels import CHANNELS
from adapters.contract import Channel, ChannelAnswer, InboundRequest
from gateway.access_book import HeldChannel
from gateway.conversation import AskLimits
from gateway.enrol import Enrolment
from gateway.intake import Intake
from gateway.joining import Patience
from gateway.keyring import make_key_ring
from gateway.ledger import Ledger
from gateway.ledger.books import balance
from gateway.metrics import Metrics
from gateway.owing import Manner
from gateway.replying import Replies
from gateway.route import Rules
from gateway.storage import Folder, Storage
from gateway.text_parts import TextParts
from gateway.vault import Vault
from schemas.errors import BadInput, Denied, NotFound
from tests.unit.adapters.channels.golden import fixtures_of, request_of
from tests.unit.adapters.channels.golden import given as fixture_of

LONG = os.environ.get("SP4N_TEST_LONG") == "1"
PAYLOADS = 12_000 if LONG else 60
NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
ODD: tuple[Any, ...] = (
    None, True, 0, -1, 2**63, 1.5, "", " ", "\x00", "\ud83d", "٣", "{", "x" * 20_000, [], {}, [[]], "9" * 40,
    "2026-99-99T99:99:99Z", "-6.9,107.6", "nan", "https://127.0.0.1/x", "NIK 3174010101900001", "halo", "lampu mati",
)  # fmt: skip
WHOLE = text(
    "SELECT (SELECT count(*) FROM reports), (SELECT count(*) FROM messages WHERE sequence = 0),"
    " (SELECT count(*) FROM report_keys), (SELECT count(*) FROM reports r WHERE NOT EXISTS"
    " (SELECT 1 FROM handoffs h WHERE h.report_id = r.id) AND NOT EXISTS"
    " (SELECT 1 FROM parked p WHERE p.report_id = r.id)), (SELECT count(*) FROM parked WHERE report_id IS NULL)"
)


class Trusted:
    """A channel's adapter that takes every request for authentic: what matters here lies behind the signature."""

    def __init__(self, adapter: Channel) -> None:
        self._adapter = adapter

    def __getattr__(self, name: str) -> Any:
        return getattr(self._adapter, name)

    @property
    def secret_names(self) -> tuple[str, ...]:
        return self._adapter.secret_names or ("-",)

    def verify(self, request: InboundRequest, secrets: Mapping[str, str]) -> None:
        """Nothing is looked at."""

    def handshake(self, request: InboundRequest, secrets: Mapping[str, str]) -> ChannelAnswer | None:
        """As the adapter answers."""
        return self._adapter.handshake(request, secrets)


@dataclass
class World:
    """An intake on a ledger of its own."""

    ledger: Ledger
    intake: Intake
    kept: int = 0
    refused: int = 0

    async def send(self, channel: str, request: InboundRequest, secrets: Mapping[str, str]) -> None:
        held = HeldChannel(
            channel, channel, {}, secrets or {"-": "-"}, closed=False, answers=len(request.body) % 2 == 0
        )
        try:
            await self.intake.answer(held, request)
            self.kept += 1
        except (BadInput, Denied, NotFound):
            self.refused += 1

    async def whole(self) -> tuple[int, ...]:
        """Reports, first messages, keys, reports that lead nowhere, parts that nobody understood."""

        def counted(conn: Connection) -> tuple[int, ...]:
            return tuple(conn.execute(WHOLE).one())

        return await self.ledger.read(counted)


async def opened(folder: Path) -> World:
    ledger = await Ledger.open(f"sqlite:///{folder / 'ledger.sqlite'}")
    await ledger.migrate()
    clock = cast(Any, SimpleNamespace(now=lambda: NOW, monotonic=lambda: 0.0))
    vault, storage = Vault(make_key_ring(os.urandom)), Storage(Folder(folder / "files"))
    enrolment = Enrolment(vault, storage, Rules("uji", (), ("sp4n",), ()), clock.now)
    intake = Intake(
        ledger=ledger,
        vault=vault,
        adapters={name: cast(Channel, Trusted(adapter)) for name, adapter in CHANNELS.items()},
        enrolment=enrolment,
        replies=Replies(ledger, enrolment, Manner(), AskLimits(), {}),
        parts=TextParts(ledger, vault, clock, timedelta(minutes=1)),
        patience=Patience(timedelta(seconds=20), timedelta(minutes=30)),
        ring=lambda destination, ids: None,
        clock=clock,
        metrics=Metrics(),
    )
    return World(ledger, intake)


def changed(value: Any, chance: Random) -> Any:
    """The value with one thing in it replaced, left out, doubled or renamed."""
    if isinstance(value, dict) and value and chance.random() < 0.9:
        name = chance.choice(list(value))
        rest = {key: one for key, one in value.items() if key != name}
        match chance.randrange(5):
            case 0:
                return rest
            case 1:
                return {**rest, f"{name}x": value[name]}
            case _:
                return {**value, name: changed(value[name], chance)}
    if isinstance(value, list) and value and chance.random() < 0.9:
        place = chance.randrange(len(value))
        made = changed(value[place], chance)
        return (
            [*value[:place], made, *value[place:]]
            if chance.random() < 0.3
            else [*value[:place], made, *value[place + 1 :]]
        )
    return chance.choice(ODD)


def cut(body: bytes, chance: Random) -> bytes:
    """The bytes with a few of them changed, or their end missing."""
    if chance.random() < 0.3:
        return body[: chance.randrange(len(body) + 1)]
    spoilt = bytearray(body)
    for _ in range(chance.randint(1, 4)):
        if spoilt:
            spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
    return bytes(spoilt)


def requests(channels: Sequence[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    for channel in channels:
        for name in fixtures_of(channel):
            yield channel, fixture_of(channel, name)


FIXTURES = list(requests(list(CHANNELS)))


def spoilt(fixture: dict[str, Any], chance: Random) -> InboundRequest:
    """A request of the fixture's kind that its vendor might send on a bad day."""
    written = dict(fixture)
    for name in ("body", "form", "query", "multipart"):
        if name in written and chance.random() < 0.8:
            made = changed(written[name], chance)
            if name == "query" and isinstance(made, dict):
                made = {key: str(value) for key, value in made.items()}
            written[name] = made if name == "body" or isinstance(made, type(written[name])) else written[name]
    try:
        request = request_of(written)
    except (TypeError, KeyError, AttributeError, ValueError):  # no request can be so
        request = request_of(fixture)
    return replace(request, body=cut(request.body, chance)) if chance.random() < 0.3 else request


@pytest.mark.timeout(3600 if LONG else 120)
def test_no_payload_breaks_intake_or_leaves_half_a_report(tmp_path: Path) -> None:
    with asyncio.Runner() as runner:
        world = runner.run(opened(tmp_path))

        @settings(max_examples=PAYLOADS, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
        @given(st.sampled_from(FIXTURES), st.randoms(use_true_random=False))
        def sent(fixture: tuple[str, dict[str, Any]], chance: Random) -> None:
            channel, written = fixture
            runner.run(world.send(channel, spoilt(written, chance), written.get("secrets", {})))

        sent()
        reports, first, keys, nowhere, strange = runner.run(world.whole())
        books = runner.run(world.ledger.read(balance))
        runner.run(world.ledger.close())
    assert world.kept > world.refused > 0
    assert (first, nowhere, keys) == (reports, 0, reports + strange)
    assert [row for row in books if row.difference] == []
