"""How the peers whose workers await hand a report on and record it: one pool of each kind for each process."""

from __future__ import annotations

import aiohttp
import asyncpg

from benchmarks.peers.common import DATABASE_URL, HEADERS, RECORD


class Sender:
    """Opened once in each worker."""

    async def open(self) -> None:
        """Open both pools."""
        self._http = aiohttp.ClientSession(headers=HEADERS, timeout=aiohttp.ClientTimeout(30))
        self._pool = await asyncpg.create_pool(DATABASE_URL, min_size=4, max_size=16)

    async def close(self) -> None:
        """Close both."""
        await self._http.close()
        await self._pool.close()

    async def hand_on(self, report_id: int, destination: str, body: str) -> None:
        """POST the report and record the attempt. Raises OSError to be tried again."""
        async with self._http.post(destination, data=body.encode()) as answer:
            text = await answer.text()
        await self._pool.execute(RECORD, report_id, destination, answer.status, text)
        if answer.status >= 300:
            raise OSError(f"{destination} answered {answer.status}")
