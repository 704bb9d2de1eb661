"""A channel service as it should be: it repeats a report, with the same message id, until it has its 202."""

from __future__ import annotations

import asyncio
import base64
import json
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from adapters.contract import Call, Reply
from adapters.http import HttpClient, Limits
from gateway.chaos.regime import HOST, Accepted
from gateway.chaos.stage import Stage
from gateway.chaos.waiting import until
from gateway.demo.photos import photo

_PAUSE = 0.05
_LIMITS = Limits(connect=5.0, read=15.0, total=20.0, connections=64)
_TROUBLES = (
    "Obat di puskesmas habis sejak dua minggu, pasien disuruh beli sendiri di luar",
    "Jalan rusak parah di depan sekolah, sudah tiga pengendara motor jatuh bulan ini",
    "Listrik padam setiap malam di kampung kami dan tidak ada pemberitahuan",
    "Sampah menumpuk di pasar dan baunya mengganggu warga, truk tidak pernah datang",
    "Pungutan liar di kantor kelurahan untuk mengurus surat keterangan domisili",
)
_PHOTO_EVERY = 5
_PHOTO = base64.b64encode(photo("chaos")).decode()


@dataclass(frozen=True, slots=True)
class Submission:
    """A report to be posted; `body` is JSON."""

    message_id: str
    body: bytes


def submissions(count: int, topics: Sequence[str], seed: int) -> Iterator[Submission]:
    """So many different reports; with `topics` each speaks of none, one or two of them. Every fifth brings a photo."""
    chance = random.Random(f"{seed}:reports")  # noqa: S311 - reproducible, guards nothing
    for number in range(count):
        about = chance.sample(topics, k=min(len(topics), chance.randrange(3)))
        text = f"{chance.choice(_TROUBLES)}. {' '.join(f'Ini soal {topic}.' for topic in about)} Laporan ke-{number}."
        photo = {"name": "foto.png", "media_type": "image/png", "content_base64": _PHOTO}
        message_id = f"kekacauan-{seed}-{number}"
        report = {
            "message_id": message_id,
            "content": text,
            "attachments": [photo] if number % _PHOTO_EVERY == 0 else [],
        }
        yield Submission(message_id, json.dumps(report).encode())


@dataclass
class Sender:
    """Posts to whichever gateway is up. `kept` holds every 202 by message id, `answers` how often came what."""

    stage: Stage
    key: str
    chance: random.Random
    kept: dict[str, Accepted] = field(default_factory=dict)
    posts: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    refused: list[str] = field(default_factory=list)

    async def send_all(
        self, reports: Iterable[Submission], at_once: int, end: float, is_ahead: Callable[[int], bool]
    ) -> None:
        """Post reports, so many at once, each until it is kept; none begins after `end` (of the loop's clock).

        Nor does one while `is_ahead` says, of how many are kept, that it would be too early.
        """
        client = HttpClient(_LIMITS, allow_private=frozenset({HOST}))
        left, clock = iter(reports), asyncio.get_running_loop().time

        async def one_after_another() -> None:
            for report in left:
                await until(lambda: not is_ahead(len(self.kept)) or clock() > end, _PAUSE)
                if clock() > end:
                    return
                await self._send(client, report)

        try:
            async with asyncio.TaskGroup() as tasks:
                for _ in range(at_once):
                    tasks.create_task(one_after_another())
        finally:
            await client.aclose()

    async def _send(self, client: HttpClient, report: Submission) -> None:
        while True:
            reply = await self._post(client, report)
            if reply is not None and reply.status == 202:
                told = json.loads(reply.body)
                self.kept[report.message_id] = Accepted(told["id"], told["tracking_code"])
                return
            if reply is not None and 400 <= reply.status < 500 and reply.status != 429:
                self.refused.append(f"{report.message_id}: {reply.status} {reply.body[:200]!r}")
                return
            await asyncio.sleep(_PAUSE)

    async def _post(self, client: HttpClient, report: Submission) -> Reply | None:
        """The answer; None when no gateway is up just now."""
        addresses = self.stage.addresses
        if not addresses:
            return None
        headers = (("authorization", f"Bearer {self.key}"), ("content-type", "application/json"))
        url = f"{self.chance.choice(addresses)}/v1/reports"
        self.posts += 1
        reply = await client.send(Call("POST", url, headers, report.body, report.message_id))
        self.answers[reply.fault.reason if reply.fault else str(reply.status)] += 1
        return reply
