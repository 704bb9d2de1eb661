"""SP4N behind a wire on which its answers are held up until they are released."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from gateway.chaos.wire import Wire, wire_to
from tests.acceptance.processes import Site


@asynccontextmanager
async def slow_sp4n(it: Site) -> AsyncIterator[Wire]:
    """The way to SP4N, on which its answers are held up until they are released."""
    async with wire_to(it.simulators.sp4n.url, 80) as wire:
        it.reroute(it.simulators.sp4n.url, wire.instead_of(it.simulators.sp4n.url))
        wire.hold()
        yield wire
