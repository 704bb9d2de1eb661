"""A destination whose certificate ran out: nothing is sent, the reason is plain, and it goes on when it was changed."""

from __future__ import annotations

import ssl
from pathlib import Path

from adapters.destinations.ministry_rest import simulator as ministry
from adapters.simulator import Book, Simulator
from schemas.handoff import HandoffState
from tests.acceptance.channel_service import submission
from tests.fakes.certificates import Authority, an_authority
from tests.integration.backends import EMBEDDED, backend
from tests.integration.installation import MINISTRY, SP4N, Installation, Plan, installation, until

REPORTS = 6


def serving(authority: Authority, days: float) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*authority.issue("server", days=days))
    return context


def over_tls(folder: Path, authority: Authority, days: float) -> Simulator:
    return Simulator(ministry.simulated(), book=Book(folder / "tls.jsonl"), tls=serving(authority, days))


async def reasons(it: Installation, codes: list[str]) -> set[str]:
    """What came of the attempts at the ministry."""
    records = [await it.record(code) for code in codes]
    ids = {attempt.id for record in records for attempt in record.attempts if attempt.destination == MINISTRY}
    return {row.reason for record in records for row in record.results if row.attempt_id in ids}


async def test_an_expired_certificate_holds_its_destination_and_nobody_else_until_it_is_changed(tmp_path: Path) -> None:
    authority = an_authority(tmp_path)
    expired = over_tls(tmp_path, authority, days=-1)
    port = await expired.start()
    plan = Plan(ministry_url=expired.url, tls=f"{{ca: {authority.file}}}")
    with backend(EMBEDDED, tmp_path) as place:
        async with installation(tmp_path, place, plan) as it:
            codes = [one["tracking_code"] for one in await it.post(*map(submission, range(REPORTS)))]

            async def others_are_done() -> bool:
                states = [(await it.handoffs(code))[SP4N].state for code in codes]
                return set(states) == {HandoffState.DELIVERED} and bool(await reasons(it, codes))

            await until(others_are_done)
            assert await reasons(it, codes) == {"certificate_expired"}
            assert {(await it.handoffs(code))[MINISTRY].state for code in codes} == {HandoffState.PENDING}
            assert expired.requests == []
            await expired.stop()
            changed = over_tls(tmp_path, authority, days=30)
            await changed.start(port=port)
            try:
                for code in codes:
                    assert (await it.settled(code))[MINISTRY].state is HandoffState.DELIVERED
                assert len(changed.book) == REPORTS
            finally:
                await changed.stop()
