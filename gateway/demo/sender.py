"""Posting the sample reports to the gateway, at the pace at which people write."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from adapters.http import HttpClient, Limits
from gateway.demo.place import HOST
from gateway.demo.sight import Tally
from gateway.demo.traffic import Posting, call_of

FIRST_PAUSE = 0.25
LATER_PAUSE = 2.0

_LIMITS = Limits(connect=5.0, read=15.0, total=20.0, connections=4)


@dataclass(frozen=True, slots=True)
class Sender:
    """The two channel services. `say` is told of what the gateway did not take."""

    address: str
    key: str
    tally: Tally
    say: Callable[[str], None]

    async def send_all(self, postings: Iterable[Posting], pause: float) -> None:
        """Post one after the other, with a pause in seconds after each."""
        client = HttpClient(_LIMITS, allow_private=frozenset({HOST}))
        try:
            for posting in postings:
                await self._send(client, posting)
                await asyncio.sleep(pause)
        finally:
            await client.aclose()

    async def _send(self, client: HttpClient, posting: Posting) -> None:
        reply = await client.send(call_of(posting, self.address, self.key))
        answer = reply.fault.reason if reply.fault else str(reply.status)
        self.tally.sent += not posting.again
        self.tally.again += posting.again
        self.tally.answers[answer] += 1
        if reply.fault or not 200 <= reply.status < 300:
            self.say(f"{posting.channel}: {posting.message_id} → {answer}")
