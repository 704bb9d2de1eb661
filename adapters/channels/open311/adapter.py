"""Open311 GeoReport v2: a service request, or FixMyStreet's update of one, as the form that clients post.

The address, the key and the service list are the gateway's (`gateway/api/open311.py`); here a form becomes a message.
A form that names a `service_request_id` is an update.

https://wiki.open311.org/GeoReport_v2/ and
https://github.com/mysociety/fixmystreet/wiki/Open311-FMS---Proposed-differences-to-Open311
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from adapters.channels.open311.fields import Fields, read_fields
from adapters.contract import KEPT, ChannelAnswer, InboundMessage, InboundRequest, Take
from adapters.inbound.documents import iso_time
from adapters.inbound.download import download
from adapters.inbound.links import linked_file
from adapters.inbound.people import reporter_of
from schemas.base import Json
from schemas.errors import Invalid
from schemas.report import Attachment, Location, Reporter
from schemas.vocabulary import Classification

DESCRIPTION_LIMIT = 4000
"""GeoReport v2, POST Service Request."""

_MOST_PHOTOS = 10
_SHORT, _ADDRESS = 255, 1000
_CODE = re.compile(r"[1-9][0-9]{0,8}")
_CLASSES = {member.value: member for member in Classification}
_STILL_OPEN = ("", "OPEN")
_REPEAT_KEY = "idempotency-key"


class Open311Channel:
    """The adapter of channels of the kind `open311`.

    Options: `publish` (its reports may be read by everybody, see the README), `private_hosts` (hosts of photos that may
    be inside and need no https).
    """

    kind = "open311"
    secret_names: tuple[str, ...] = ()
    joins_conversations = False
    receipt = KEPT
    takes_get = False

    def handshake(self, request: InboundRequest, secrets: Mapping[str, str]) -> ChannelAnswer | None:
        """None: nobody verifies this channel's address."""
        return None

    def verify(self, request: InboundRequest, secrets: Mapping[str, str]) -> None:
        """Nothing to check: the `api_key` was."""

    def parse(self, request: InboundRequest) -> Sequence[InboundMessage]:
        """The one request or update of the form. Raises Malformed or Invalid.

        Its id is the header `Idempotency-Key`, which the gateway's address always gives, or the field `message_id`.
        """
        fields = read_fields(request, request.headers.get(_REPEAT_KEY, ""))
        return [_update(fields) if fields.text("service_request_id") else _request(fields)]

    async def fetch(
        self, attachment: Attachment, secrets: Mapping[str, str], options: Mapping[str, Json], take: Take
    ) -> None:
        """Give the bytes behind a `media_url`. Raises Busy when another try may help, NotFound or TooLarge when not."""
        await download(attachment, options, take)


def _request(fields: Fields) -> InboundMessage:
    location = _location(fields)
    if location is None:
        raise Invalid("give a place: `lat` and `long`, or `address_string`, or `address_id`")
    code = fields.text("service_code")
    if not code:
        raise Invalid("`service_code` was not provided; the codes are listed by GET services")
    return InboundMessage(
        message_id=fields.message_id,
        content=_description(fields),
        raw=fields.raw,
        title=fields.first("title", "attribute[title]")[:_SHORT] or None,
        classification=_classification(fields),
        category_id=_category_id(code),
        agency=fields.text("attribute[agency]")[:_SHORT] or None,
        location=location,
        incident_date=_incident_date(fields),
        is_anonymous=fields.flag("attribute[anonymous]", "public_anonymity_required"),
        is_secret=fields.flag("attribute[secret]"),
        reporter=_reporter(fields),
        sent_at=iso_time(fields.text("requested_datetime")),
        attachments=_photos(fields),
        files=fields.files,
    )


def _category_id(code: str) -> int | None:
    """LAPOR!'s id, which is the code; None for the code of all others, and for what is no code of ours."""
    return int(code) if _CODE.fullmatch(code) else None


def _update(fields: Fields) -> InboundMessage:
    description, status = _description(fields), fields.text("status")[:_SHORT]
    if status.upper() not in _STILL_OPEN:
        description = f"{description}\n\nStatus menurut pengirim / according to the sender: {status}".strip()
    photos = _photos(fields)
    if not (description or photos or fields.files):
        raise Invalid("give a `description`, a `media_url` or a `status` other than OPEN: this update says nothing")
    return InboundMessage(
        message_id=fields.message_id,
        content=description,
        raw=fields.raw,
        is_anonymous=fields.flag("public_anonymity_required"),
        sent_at=iso_time(fields.text("updated_datetime")),
        attachments=photos,
        files=fields.files,
    )


def _description(fields: Fields) -> str:
    description = fields.text("description")
    if len(description) > DESCRIPTION_LIMIT:
        raise Invalid(f"`description` is longer than {DESCRIPTION_LIMIT} characters; shorten it")
    return description


def _location(fields: Fields) -> Location | None:
    """Where it is, as the specification asks for: coordinates, an address, or the id of one."""
    latitude, longitude = fields.number("lat", 90), fields.number("long", 180)
    if (latitude is None) is not (longitude is None):
        raise Invalid("`lat` and `long` belong together; give both or neither")
    address = fields.first("address_string", "address_id")[:_ADDRESS] or None
    if latitude is None and address is None:
        return None
    named = {
        name: fields.text(f"attribute[{name}]")[:_SHORT] or None
        for name in ("province", "regency", "district", "village")
    }
    return Location(latitude=latitude, longitude=longitude, address=address, **named)


def _classification(fields: Fields) -> Classification:
    given = fields.text("attribute[classification]")
    if given and given not in _CLASSES:
        raise Invalid(f"`attribute[classification]` must be one of {', '.join(_CLASSES)}")
    return _CLASSES.get(given, Classification.UNKNOWN)


def _incident_date(fields: Fields) -> date | None:
    given = fields.text("attribute[incident_date]")
    if not given:
        return None
    try:
        return datetime.fromisoformat(given).date()
    except ValueError:
        raise Invalid("`attribute[incident_date]` must be a date, such as 2026-01-31") from None


def _reporter(fields: Fields) -> Reporter | None:
    name = " ".join(part for part in (fields.text("first_name"), fields.text("last_name")) if part.strip("-"))
    return reporter_of(name=name, phone=fields.text("phone")[:32] or None, email=fields.text("email"))


def _photos(fields: Fields) -> tuple[Attachment, ...]:
    """Every photo that is named by an address; the field may hold several, and may stand several times."""
    links = dict.fromkeys(fields.text("media_url").split())
    return tuple(file for link in list(links)[:_MOST_PHOTOS] if (file := linked_file(link)) is not None)


ADAPTER = Open311Channel()
"""The adapter."""
