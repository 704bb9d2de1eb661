"""A channel service as it should be: it repeats a report, with the same message id, until it has its 202."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import httpx

from tests.acceptance.processes import Site
from tests.fakes.pictures import png
from tests.integration.installation import signature, whatsapp_delivery

HEALTH = "Obat di puskesmas Cibiru habis sejak dua minggu, pasien disuruh beli sendiri di luar. Laporan ke-{}."
PHOTO = base64.b64encode(png()).decode()
_PAUSE = 0.05


def submission(number: int, *, photo: bool = False) -> dict[str, Any]:
    """A report that goes to SP4N and to the ministry; with a photo it takes all three steps at SP4N."""
    files = [{"name": "foto.png", "media_type": "image/png", "content_base64": PHOTO}] if photo else []
    return {"message_id": f"pesan-{number}", "content": HEALTH.format(number), "attachments": files}


@dataclass
class ChannelService:
    """Posts reports to a site. `kept` holds every 202 by message id; `refusals` the other answers, one of each post."""

    site: Site
    kept: dict[str, dict[str, Any]] = field(default_factory=dict)
    posts: int = 0
    refusals: list[httpx.Response] = field(default_factory=list)

    async def __aenter__(self) -> Self:
        self._http = httpx.AsyncClient(timeout=20)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.aclose()

    async def hand_in(self, report: dict[str, Any]) -> dict[str, Any]:
        """Post a report until it is kept."""
        while True:
            answer = await self.try_once(report)
            if answer is not None and answer.status_code == 202:
                return self.kept[report["message_id"]]
            await asyncio.sleep(_PAUSE)

    async def try_once(self, report: dict[str, Any]) -> httpx.Response | None:
        """Post a report once: the answer, or None when there was none."""
        headers = {"authorization": f"Bearer {self.site.key}", "content-type": "application/json"}
        answer = await self._post("/v1/reports", json.dumps(report).encode(), headers)
        if answer is not None and answer.status_code == 202:
            self.kept[report["message_id"]] = answer.json()
        return answer

    async def deliver(self, *messages: dict[str, Any]) -> None:
        """Deliver messages as Meta does: signed, and again until the answer is 200."""
        body = json.dumps(whatsapp_delivery(*messages)).encode()
        headers = {"x-hub-signature-256": signature(body), "content-type": "application/json"}
        answer = None
        while answer is None or answer.status_code != 200:
            await asyncio.sleep(_PAUSE)
            answer = await self._post("/v1/channels/wa/webhook", body, headers)

    async def hand_in_all(self, reports: Iterable[dict[str, Any]], at_once: int) -> None:
        """Post reports, so many at once, until all are kept."""
        left = iter(reports)

        async def one_after_another() -> None:
            for report in left:
                await self.hand_in(report)

        async with asyncio.TaskGroup() as tasks:
            for _ in range(at_once):
                tasks.create_task(one_after_another())

    async def _post(self, path: str, body: bytes, headers: dict[str, str]) -> httpx.Response | None:
        """The answer; None when there was none."""
        if self.site.address is None:
            return None
        self.posts += 1
        try:
            answer = await self._http.post(self.site.address + path, content=body, headers=headers)
        except httpx.TransportError:
            return None
        if not answer.is_success:
            assert answer.status_code == 503, f"{answer.status_code}: {answer.text}"
            self.refusals.append(answer)
        return answer
