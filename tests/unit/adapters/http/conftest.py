"""A destination on a port of its own, and clients that may reach it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from adapters.http import HttpClient, Limits
from adapters.simulator import Book, FaultRule, SimulatedAnswer, Simulator
from adapters.simulator.misbehave import REPLACED
from tests.fakes.stand import Stand, Taker

LOCAL = frozenset({"127.0.0.1"})


@pytest.fixture
async def stand() -> AsyncIterator[Stand]:
    """The bomb is packed before anybody waits for it: that takes longer than a quick client's patience."""
    REPLACED["bomb"](FaultRule("bomb"), SimulatedAnswer(200))
    app = Taker()
    simulator = Simulator(app, book=Book())
    await simulator.start()
    yield Stand(app, simulator)
    await simulator.stop()


@pytest.fixture
async def client() -> AsyncIterator[HttpClient]:
    client = HttpClient(Limits(), allow_private=LOCAL)
    yield client
    await client.aclose()


@pytest.fixture
async def quick_client() -> AsyncIterator[HttpClient]:
    """Loses patience soon and reads little."""
    limits = Limits(connect=2.0, read=0.3, total=0.8, reply_bytes=4096, connections=4)
    client = HttpClient(limits, allow_private=LOCAL)
    yield client
    await client.aclose()
