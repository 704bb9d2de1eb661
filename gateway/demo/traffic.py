"""What the two channel services post, request by request: bodies as their vendors make them, signed as they sign."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from adapters.contract import Call
from gateway.demo.photos import photo
from gateway.demo.samples import WHATSAPP, Sample, with_photo
from schemas.base import Json

APP_CHANNEL = "app-demo"
"""A channel of our own JSON format, with an API key."""
WHATSAPP_CHANNEL = "wa-demo"
"""A channel of the WhatsApp Cloud API, with its signature."""
APP_SECRET = "demo-app-secret"  # noqa: S105 - stands in the README
VERIFY_TOKEN = "demo-verify-token"  # noqa: S105 - stands in the README
ACCESS_TOKEN = "demo-access-token"  # noqa: S105 - opens nothing but invented photos

Clock = Callable[[], int]

_REPEAT_EVERY = 12
_NUMBERS = 1_000_000


@dataclass(frozen=True, slots=True)
class Posting:
    """One request. `again`: it was sent before, as a channel does that got no answer."""

    channel: str
    message_id: str
    body: bytes
    again: bool = False


@dataclass(frozen=True, slots=True)
class Round:
    """One pass over the samples. `run` tells runs apart, so that message ids and phone numbers are new every time."""

    run: int
    number: int

    def message_id(self, sample: Sample, part: str = "") -> str:
        """An id that was never used before."""
        return f"{sample.id}-{self.run:x}-{self.number}{part}"

    def phone(self, place: int) -> str:
        """An invented phone number, without the plus sign."""
        return f"6281200{(self.run + self.number * 1000 + place) % _NUMBERS:06d}"


def postings(samples: Sequence[Sample], run: int, now: Clock) -> Iterator[Posting]:
    """One pass over the samples: each message, now and then one sent twice. `now` gives Unix seconds."""
    return _some_again(_pass(samples, Round(run, 0), now))


def endless_postings(samples: Sequence[Sample], run: int, now: Clock) -> Iterator[Posting]:
    """Pass after pass, from the second on."""
    for number in count(1):
        yield from _some_again(_pass(samples, Round(run, number), now))


def call_of(posting: Posting, address: str, key: str) -> Call:
    """The HTTP request of a posting to the gateway at `address`; `key` is the API key of the native channel."""
    headers = [("Content-Type", "application/json")]
    if posting.channel == APP_CHANNEL:
        url = f"{address}/v1/reports"
        headers.append(("Authorization", f"Bearer {key}"))
    else:
        url = f"{address}/v1/channels/{posting.channel}/webhook"
        headers.append(("X-Hub-Signature-256", signature(posting.body)))
    return Call("POST", url, tuple(headers), posting.body, key=posting.message_id)


def signature(body: bytes) -> str:
    """The signature that WhatsApp's servers would send with a body."""
    return "sha256=" + hmac.new(APP_SECRET.encode(), body, hashlib.sha256).hexdigest()


def _pass(samples: Sequence[Sample], round_: Round, now: Clock) -> Iterator[Posting]:
    photographed = with_photo(samples)
    for place, sample in enumerate(samples):
        if sample.channel != WHATSAPP:
            yield _native(sample, round_)
            continue
        talk = _Talk(sample, round_, round_.phone(place), now)
        yield talk.text()
        if sample.id in photographed:
            yield talk.image()
        if sample.place is not None:
            yield talk.location(*sample.place)


def _some_again(once: Iterator[Posting]) -> Iterator[Posting]:
    for number, posting in enumerate(once, start=1):
        yield posting
        if number % _REPEAT_EVERY == 0:
            yield Posting(posting.channel, posting.message_id, posting.body, again=True)


def _native(sample: Sample, round_: Round) -> Posting:
    identity = round_.message_id(sample)
    return Posting(APP_CHANNEL, identity, _json({"message_id": identity, "content": sample.text, **sample.fields}))


@dataclass(frozen=True, slots=True)
class _Talk:
    """The messages of one sender."""

    sample: Sample
    round: Round
    phone: str
    now: Clock

    def text(self) -> Posting:
        return self._message("", {"type": "text", "text": {"body": self.sample.text}})

    def image(self) -> Posting:
        identity = self.round.message_id(self.sample, "-photo")
        digest = base64.b64encode(hashlib.sha256(photo(identity)).digest()).decode()
        image = {"id": identity, "mime_type": "image/png", "sha256": digest}
        return self._message("-photo", {"type": "image", "image": image})

    def location(self, latitude: float, longitude: float) -> Posting:
        return self._message("-place", {"type": "location", "location": {"latitude": latitude, "longitude": longitude}})

    def _message(self, part: str, content: dict[str, Json]) -> Posting:
        """The body of WhatsApp's webhook (Cloud API, Webhooks reference, `messages`)."""
        identity = f"wamid.{self.round.message_id(self.sample, part)}"
        message = {"from": self.phone, "id": identity, "timestamp": str(self.now()), **content}
        value = {
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": "628120000000", "phone_number_id": "100000000000001"},
            "contacts": [{"profile": {"name": self.sample.name}, "wa_id": self.phone}],
            "messages": [message],
        }
        entry = {"id": "200000000000002", "changes": [{"field": "messages", "value": value}]}
        return Posting(WHATSAPP_CHANNEL, identity, _json({"object": "whatsapp_business_account", "entry": [entry]}))


def _json(value: Json) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
