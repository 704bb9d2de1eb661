"""The senders: so many requests at once until every report is posted, each answer timed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass

import aiohttp

_WORDS = ("jalan berlubang", "lampu jalan padam", "air bersih mati", "sampah menumpuk", "jembatan retak")


@dataclass(frozen=True, slots=True)
class Posted:
    """What the senders saw: seconds in all, and for each accepted request; and how many were not accepted."""

    seconds: float
    answers: tuple[float, ...]
    refused: int


def bodies(count: int) -> Iterator[dict[str, str]]:
    """Reports that differ from each other."""
    for number in range(count):
        word = _WORDS[number % len(_WORDS)]
        text = f"Mohon perhatian, {word} di Jalan Melati nomor {number} Kota Cimahi sudah {number % 30 + 2} hari."
        yield {"message_id": f"bench-{number}", "content": text}


async def wait_until_ready(address: str, seconds: float) -> None:
    """Return when the gateway says it is ready. Raises TimeoutError."""
    async with asyncio.timeout(seconds), aiohttp.ClientSession() as session:
        while True:
            try:
                async with session.get(f"{address}/readyz") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.1)


async def post_all(address: str, key: str, count: int, at_once: int) -> Posted:
    """Post every report, so many at once."""
    waiting = bodies(count)
    answers: list[float] = []
    refused = 0

    async def send(session: aiohttp.ClientSession) -> None:
        nonlocal refused
        for body in waiting:
            started = time.perf_counter()
            async with session.post(f"{address}/v1/reports", json=body) as answer:
                await answer.read()
                if answer.status == 202:
                    answers.append(time.perf_counter() - started)
                else:
                    refused += 1

    connector = aiohttp.TCPConnector(limit=at_once)
    async with aiohttp.ClientSession(connector=connector, headers={"Authorization": f"Bearer {key}"}) as session:
        began = time.perf_counter()
        await asyncio.gather(*(send(session) for _ in range(at_once)))
        return Posted(time.perf_counter() - began, tuple(answers), refused)
