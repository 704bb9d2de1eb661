"""Mail comes in only from its vendor: SendGrid's key or token, Mailgun's signature while it is young."""

from __future__ import annotations

import hmac
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from adapters.channels.mailgun.adapter import ADAPTER as MAILGUN
from adapters.channels.sendgrid.adapter import ADAPTER as SENDGRID
from adapters.contract import InboundMessage, InboundRequest
from schemas.errors import BadSignature, NotFound
from schemas.report import Attachment
from tests.fakes.pouring import collected
from tests.unit.adapters.channels.golden import given, request_of

KEY = ec.derive_private_key(0x1708, ec.SECP256R1())
PUBLIC = b64encode(KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()
BODY = b"from=ani%40contoh.example&subject=Jalan&text=Rusak"
NOW = datetime.fromtimestamp(1772439333, UTC)
TIME = "1772439333"


def signed(body: bytes, time: str = TIME) -> dict[str, str]:
    signature = KEY.sign(time.encode() + body, ec.ECDSA(SHA256()))
    return {
        "x-twilio-email-event-webhook-signature": b64encode(signature).decode(),
        "x-twilio-email-event-webhook-timestamp": time,
    }


def posted(headers: dict[str, str], token: str | None = None, body: bytes = BODY) -> InboundRequest:
    return InboundRequest("POST", "", {} if token is None else {"token": token}, headers, body, NOW)


def test_the_signature_of_sendgrids_own_library_is_taken() -> None:
    """The example of sendgrid-nodejs (packages/eventwebhook): the same scheme, which Inbound Parse shares."""
    key = (
        "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEEDr2LjtURuePQzplybdC+u4CwrqDqBaWjcMMsTbhdbcwHBcepxo7yAQGhHPTnlvFYPAZFceEu"
        "/1FwCM/QmGUhA=="
    )
    headers = {
        "x-twilio-email-event-webhook-signature": "MEUCIQCtIHJeH93Y+qpYeWrySphQgpNGNr/U+UyUlBkU6n7RAwIgJTz2C+8a8xo"
        "nZGi6BpSzoQsbVRamr2nlxFDWYNH2j/0=",
        "x-twilio-email-event-webhook-timestamp": "1588788367",
    }
    body = b'{"category":"example_payload","event":"test_event","message_id":"message_id"}'
    SENDGRID.verify(InboundRequest("POST", "", {}, headers, body), {"public_key": key})


@pytest.mark.parametrize(
    ("request_", "key", "token"),
    [
        (posted(signed(BODY)), PUBLIC, ""),
        (posted({}, "kata"), "", "kata"),
        (posted(signed(BODY), "kata"), PUBLIC, "kata"),
    ],
    ids=["signed", "token", "both"],
)
def test_sendgrids_own_posts_are_taken(request_: InboundRequest, key: str, token: str) -> None:
    SENDGRID.verify(request_, {"public_key": key, "token": token})


@pytest.mark.parametrize(
    ("request_", "key", "token"),
    [
        (posted({}), PUBLIC, ""),
        (posted(signed(BODY + b"x")), PUBLIC, ""),
        (posted(signed(BODY) | {"x-twilio-email-event-webhook-timestamp": "1772439334"}), PUBLIC, ""),
        (posted(signed(BODY)), "bukan kunci", ""),
        (posted(signed(BODY)), b64encode(b"bukan kunci").decode(), ""),
        (posted({}, "kata"), PUBLIC, "kata"),
        (posted(signed(BODY), "salah"), PUBLIC, "kata"),
        (posted({}, ""), "", ""),
    ],
    ids=["unsigned", "other-body", "other-time", "no-base64", "no-key", "token-alone", "wrong-token", "no-secrets"],
)
def test_any_other_post_is_refused(request_: InboundRequest, key: str, token: str) -> None:
    with pytest.raises(BadSignature):
        SENDGRID.verify(request_, {"public_key": key, "token": token})


@pytest.mark.parametrize(("days", "young"), [(0, True), (3, True), (5, False), (-5, False)])
def test_an_old_signature_of_sendgrid_is_refused(days: int, young: bool) -> None:
    request = replace(posted(signed(BODY)), received_at=NOW + timedelta(days=days))
    if young:
        SENDGRID.verify(request, {"public_key": PUBLIC})
        return
    with pytest.raises(BadSignature, match="older"):
        SENDGRID.verify(request, {"public_key": PUBLIC})


def test_fields_are_read_in_the_character_sets_that_sendgrid_names() -> None:
    parts = (
        ("from", b"ani@contoh.example"),
        ("text", "Jalan ke Caf\u00e9 rusak".encode("latin-1")),
        ("charsets", b'{"text":"iso-8859-1","from":"UTF-8"}'),
    )
    body = b"".join(
        b'--b\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (n.encode(), v) for n, v in parts
    )
    headers = {"content-type": "multipart/form-data; boundary=b"}
    [message] = SENDGRID.parse(InboundRequest("POST", "", {}, headers, body + b"--b--\r\n"))
    assert isinstance(message, InboundMessage)
    assert message.content == "Jalan ke Caf\u00e9 rusak"
    assert SENDGRID.parse(InboundRequest("POST", "", {}, {}, message.raw)) == [message]


def mailgun(time: str, token: str = "t" * 50, **more: str) -> InboundRequest:
    signature = hmac.new(b"kunci", (time + token).encode(), sha256).hexdigest()
    fields = {"timestamp": time, "token": token, "signature": signature, "subject": "Jalan", **more}
    body = "&".join(f"{name}={value}" for name, value in fields.items()).encode()
    return InboundRequest("POST", "", {}, {}, body, NOW)


def test_mailguns_own_posts_are_taken() -> None:
    MAILGUN.verify(mailgun(TIME), {"signing_key": "kunci"})


@pytest.mark.parametrize("hours", [-11, 8, 11])
def test_a_post_that_mailgun_tries_again_is_taken(hours: int) -> None:
    MAILGUN.verify(mailgun(str(int(TIME) - hours * 3600)), {"signing_key": "kunci"})


@pytest.mark.parametrize("time", [str(int(TIME) - 13 * 3600), str(int(TIME) + 13 * 3600), "", "kemarin"])
def test_an_old_signature_of_mailgun_is_refused(time: str) -> None:
    with pytest.raises(BadSignature, match="older"):
        MAILGUN.verify(mailgun(time), {"signing_key": "kunci"})


@pytest.mark.parametrize(
    "change", [{"signature": "0" * 64}, {"token": ""}, {"token": "u" * 50}, {"timestamp": "1772439334"}]
)
def test_another_signature_of_mailgun_is_refused(change: dict[str, str]) -> None:
    with pytest.raises(BadSignature, match="signing key"):
        MAILGUN.verify(mailgun(TIME) if not change else _changed(change), {"signing_key": "kunci"})


def _changed(change: dict[str, str]) -> InboundRequest:
    fields = dict(pair.split("=") for pair in mailgun(TIME).body.decode().split("&")) | change
    return replace(mailgun(TIME), body="&".join(f"{name}={value}" for name, value in fields.items()).encode())


def test_an_empty_token_is_never_signed() -> None:
    with pytest.raises(BadSignature):
        MAILGUN.verify(mailgun(TIME, token=""), {"signing_key": "kunci"})


def test_a_mail_posted_again_is_the_same_although_it_is_signed_anew() -> None:
    again = given("mailgun", "documented")
    again["form"] |= {"timestamp": "1", "token": "lain", "signature": "lain"}
    assert MAILGUN.parse(request_of(given("mailgun", "documented"))) == MAILGUN.parse(request_of(again))


@pytest.mark.parametrize("adapter", [SENDGRID, MAILGUN], ids=lambda adapter: adapter.kind)
async def test_files_come_with_the_mail(adapter: object) -> None:
    with pytest.raises(NotFound):
        await collected(adapter.fetch, Attachment(name="a"), {}, {})  # type: ignore[attr-defined]
