"""Deliveries of vendors take the whole way: a text in two parts is one complaint, a mail with a photo goes with it."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping
from hashlib import sha1, sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from gateway.ledger.channels import add_channel
from gateway.ledger.values import ChannelRow
from tests.fakes.pictures import photo
from tests.integration.backends import Backend
from tests.integration.installation import Installation, Plan, installation, until

FIRST = "Bandungkab, saya warga Desa Sukamaju. Jembatan gantung di dusun kami putus sejak hari Senin lalu."
SECOND = "Anak-anak harus memutar lima kilometer untuk berangkat sekolah."


async def make_channel(it: Installation, kind: str, secrets: Mapping[str, str], **options: Any) -> None:
    sealed, master = it.gateway.vault.seal_secrets(kind, dict(secrets))
    row = ChannelRow(kind, kind, it.gateway.clock.now(), options, sealed, master)
    await it.ledger.write(add_channel, row, "uji")


async def has_complaints(it: Installation, count: int) -> bool:
    return len(it.simulators.complaints()) == count


def vonage(it: Installation, number: int, text: str, total: int = 2) -> dict[str, str]:
    fields = {
        "msisdn": "6281200000001",
        "to": "1708",
        "messageId": f"0A{number}",
        "text": text,
        "type": "unicode",
        "concat": "true",
        "concat-ref": "7",
        "concat-total": str(total),
        "concat-part": str(number),
        "timestamp": str(int(it.gateway.clock.now().timestamp())),
    }
    signed = "".join(f"&{name}={fields[name]}" for name in sorted(fields))
    return fields | {"sig": hmac.new(b"rahasia", signed.encode(), sha256).hexdigest()}


async def test_the_parts_of_a_text_make_one_complaint_in_whatever_order_they_come(
    tmp_path: Path, place: Backend
) -> None:
    async with installation(tmp_path, place, Plan(gather=1.0)) as it:
        await make_channel(it, "vonage", {"signature_secret": "rahasia", "signature_method": "sha256"})
        address = "/v1/channels/vonage/webhook"
        whole = f"{FIRST} {SECOND}"
        assert (await it.api.post(address, data=vonage(it, 2, whole[120:]))).status_code == 200
        assert (await it.books()) == []
        assert (await it.api.get(address, params=vonage(it, 1, whole[:120]))).status_code == 200
        for number, text in ((2, whole[120:]), (1, whole[:120])):
            assert (await it.api.post(address, json=vonage(it, number, text))).status_code == 200
        await until(lambda: has_complaints(it, 1))
        [complaint] = it.simulators.complaints()
        assert whole in complaint["fields"]["content"]
        [row] = await it.books()
        assert (row.channel, row.accepted) == ("vonage", 1)


async def test_twilio_is_answered_in_its_own_language(tmp_path: Path, place: Backend) -> None:
    async with installation(tmp_path, place) as it:
        secrets = {"auth_token": "rahasia", "account_sid": "AC1"}
        await make_channel(it, "twilio", secrets, public_url="https://lapor.example/twilio")
        fields = {"MessageSid": "SM1", "From": "+6281200000001", "Body": FIRST}
        signed = "https://lapor.example/twilio" + "".join(name + fields[name] for name in sorted(fields))
        signature = base64.b64encode(hmac.new(b"rahasia", signed.encode(), sha1).digest()).decode()
        for _ in range(2):
            answer = await it.api.post(
                "/v1/channels/twilio/webhook", data=fields, headers={"x-twilio-signature": signature}
            )
            assert (answer.status_code, answer.headers["content-type"][:8]) == (200, "text/xml")
        await until(lambda: has_complaints(it, 1))
        [row] = await it.books()
        assert (row.channel, row.accepted) == ("twilio", 1)


async def test_a_mail_with_a_photo_becomes_a_complaint(tmp_path: Path, place: Backend) -> None:
    async with installation(tmp_path, place) as it:
        await make_channel(it, "mailgun", {"signing_key": "rahasia"})
        time = str(int(it.gateway.clock.now().timestamp()))
        fields = {
            "from": "Ani Contoh <ani@contoh.example>",
            "subject": "Re: Jembatan putus di Desa Sukamaju",
            "body-plain": f"{FIRST}\r\n\r\n-- \r\nAni",
            "Message-Id": "<1@contoh.example>",
            "timestamp": time,
            "token": "t",
            "signature": hmac.new(b"rahasia", f"{time}t".encode(), sha256).hexdigest(),
        }
        files = {"attachment-1": ("jembatan.jpg", photo(), "image/jpeg")}
        answer = await it.api.post("/v1/channels/mailgun/webhook", data=fields, files=files)
        assert answer.status_code == 200, answer.text
        await until(lambda: has_complaints(it, 1))
        [complaint] = it.simulators.complaints()
        assert complaint["fields"]["title"] == "Jembatan putus di Desa Sukamaju"
        assert complaint["fields"]["attachments"] not in (False, None)


async def test_a_token_in_the_address_opens_and_a_wrong_one_leaves_no_trace(tmp_path: Path, place: Backend) -> None:
    async with installation(tmp_path, place) as it:
        await make_channel(it, "fonnte", {"token": "kata-rahasia"})
        body = urlencode({"sender": "6281200000001", "message": FIRST, "inboxid": "1"}).encode()
        address = "/v1/channels/fonnte/webhook"
        assert (await it.api.post(f"{address}?token=salah", content=body)).status_code == 403
        assert await it.books() == []
        assert (await it.api.post(f"{address}?token=kata-rahasia", content=body)).status_code == 200
        await until(lambda: has_complaints(it, 1))
