"""By each vendor of SMS that can answer: who is told that a report is done rates it, or says that it is not."""

from __future__ import annotations

import base64
import hmac
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha1, sha256
from pathlib import Path
from typing import Any

import httpx
import pytest

from adapters.answering import simulator as vendors
from adapters.channels import CHANNELS
from adapters.simulator import Book, Simulator
from gateway.channels import make_channel
from gateway.ledger.channels import add_channel
from tests.integration.backends import EMBEDDED, Backend
from tests.integration.installation import MINISTRY, Installation, Plan, installation, until
from tests.integration.path.test_callbacks import tell
from tests.integration.path.test_conversation import MEDICINE, Talk, additions

Say = Callable[[str, str], Awaitable[httpx.Response]]
PHONE = "+6281200000001"
AT_ONCE = {"quiet_hours": "00:00-00:00", "notice_burst": 0.0}


def address(kind: str) -> str:
    return f"/v1/channels/{kind}/webhook"


async def by_twilio(it: Installation, identity: str, text: str) -> httpx.Response:
    fields = {"MessageSid": f"SM{identity}", "From": PHONE, "To": "+621708", "Body": text}
    signed = "https://lapor.example/twilio" + "".join(name + fields[name] for name in sorted(fields))
    signature = base64.b64encode(hmac.new(b"rahasia", signed.encode(), sha1).digest()).decode()
    return await it.api.post(address("twilio"), data=fields, headers={"x-twilio-signature": signature})


async def by_vonage(it: Installation, identity: str, text: str) -> httpx.Response:
    fields = {"msisdn": PHONE[1:], "to": "1708", "messageId": identity, "text": text, "type": "text"}
    fields["timestamp"] = str(int(it.gateway.clock.now().timestamp()))
    signed = "".join(f"&{name}={fields[name]}" for name in sorted(fields))
    fields["sig"] = hmac.new(b"rahasia", signed.encode(), sha256).hexdigest()
    return await it.api.post(address("vonage"), data=fields)


async def by_infobip(it: Installation, identity: str, text: str) -> httpx.Response:
    result = {"messageId": identity, "from": PHONE[1:], "to": "1708", "text": text}
    return await it.api.post(address("infobip"), json={"results": [result]}, auth=("kota", "rahasia"))


async def by_africastalking(it: Installation, identity: str, text: str) -> httpx.Response:
    fields = {"id": identity, "from": PHONE, "to": "1708", "text": text, "linkId": f"link-{identity}"}
    return await it.api.post(f"{address('africastalking')}?token=rahasia", data=fields)


@dataclass(frozen=True)
class Vendor:
    """How a channel of the kind is made, and how its vendor delivers a text."""

    say: Callable[[Installation, str, str], Awaitable[httpx.Response]]
    secrets: dict[str, str]
    options: dict[str, Any]


VENDORS = {
    "twilio": Vendor(
        by_twilio, {"auth_token": "rahasia", "account_sid": "AC1"}, {"public_url": "https://lapor.example/twilio"}
    ),
    "vonage": Vendor(
        by_vonage,
        {"signature_secret": "rahasia", "signature_method": "sha256", "api_key": "k", "api_secret": "s"},
        {},
    ),
    "infobip": Vendor(by_infobip, {"username": "kota", "password": "rahasia", "api_key": "k"}, {}),
    "africastalking": Vendor(by_africastalking, {"token": "rahasia", "api_key": "k"}, {"username": "kota"}),
}


@asynccontextmanager
async def talk(folder: Path, place: Backend, kind: str) -> AsyncIterator[tuple[Talk, Say]]:
    vendor, simulator = VENDORS[kind], Simulator(vendors.simulated(), book=Book())
    await simulator.start()
    try:
        async with installation(folder, place, Plan(settings=AT_ONCE)) as it:
            answering = {"answers": True, "api_url": simulator.url, "private_hosts": ["127.0.0.1"]}
            row = make_channel(
                it.gateway.vault,
                CHANNELS[kind],
                kind,
                secrets=vendor.secrets,
                options=vendor.options | answering,
                now=it.gateway.clock.now(),
            )
            await it.ledger.write(add_channel, row, "uji")

            async def say(identity: str, text: str) -> httpx.Response:
                answer = await vendor.say(it, identity, text)
                assert answer.status_code == 200, answer.text
                return answer

            yield Talk(it, simulator), say
    finally:
        await simulator.stop()


@pytest.mark.parametrize("place", [EMBEDDED], indirect=True)
@pytest.mark.parametrize("kind", VENDORS)
async def test_a_reporter_rates_by_sms_and_says_that_it_is_not_solved(
    tmp_path: Path, place: Backend, kind: str
) -> None:
    async with talk(tmp_path, place, kind) as (talking, say):
        it = talking.it
        await say("1", MEDICINE)
        code = (await talking.hears(1))[0].split("Kode: ")[1].split()[0]
        assert set(await it.settled(code)) == {"sp4n", MINISTRY}
        assert (await tell(it, code, {"status": "Selesai"})).status_code == 200
        ended = (await talking.hears(2))[-1]
        assert ("BELUM SELESAI" in ended, "1-5" in ended.replace("–", "-")) == (True, True), ended

        for _ in range(2):
            await say("2", "4")
        assert "4 dari 5" in (await talking.hears(3))[-1]
        await say("3", "BELUM SELESAI")
        assert code in (await talking.hears(4))[-1]
        await say("4", "Kemarin masih kosong")

        async def told_everywhere() -> bool:
            return len(it.simulators.sp4n.book.of("followup")) == 3 and len(additions(it)) == 3

        await until(told_everywhere)
        await it.settled(code)
        record = await it.record(code)
        to = {str(entry["to"]).removeprefix("+") for entry in talking.vendor.book.of("message")}

    assert [one["fields"]["rating"] for one in it.simulators.sp4n.book.of("followup")] == ["4", "", ""]
    assert [one["messages"][0].get("rating") for one in additions(it)] == [4, None, None]
    assert additions(it)[2]["messages"][0]["text"] == "Kemarin masih kosong"
    said = sorted((one.destination, one.kind.value) for one in record.events if one.source == "reporter")
    assert said == [(MINISTRY, "rated"), (MINISTRY, "reopened"), ("sp4n", "rated"), ("sp4n", "reopened")]
    assert (to, len(record.messages)) == ({PHONE[1:]}, 4)
