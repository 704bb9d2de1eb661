"""A simulator on a port of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from adapters.simulator import Book, Simulator
from tests.fakes.stand import Stand, Taker


@pytest.fixture
async def stand() -> AsyncIterator[Stand]:
    app = Taker()
    simulator = Simulator(app, book=Book())
    await simulator.start()
    yield Stand(app, simulator)
    await simulator.stop()
