"""One message in the one schema: text cleaned, identity apart, places and names in one spelling.

Pure and idempotent: normalizing what was normalized changes nothing. No word is lost. What a report cannot hold (more
than 10,000 characters) is cut between two words and tagged `terpotong`; the rest stays in the sealed message as it
came. The native channel refuses such a text before, so this happens to vendors' messages only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from itertools import pairwise

from adapters.contract import InboundMessage
from gateway.cleaning import clean, clean_line, cut
from gateway.contacts import e164
from gateway.filenames import safe_media_type, safe_name
from gateway.identity import find_identity, hide_identity
from gateway.incident_dates import incident_date
from gateway.joining import CUT_TAG
from gateway.language import language_of
from gateway.nik import digits_of
from gateway.quiet import zone_of
from gateway.regions import located
from gateway.text import READ_WORDS, Text, text_from
from gateway.titles import title_of
from schemas.report import CONTENT_LIMIT, TITLE_LIMIT, Attachment, Location, Message, Report, Reporter

_SHORT = 255
_ADDRESS = 1000
_EMAIL = 254
_PHONE = 32
_REGION_PARTS = (0, 2, 4, 6, 10)  # Kemendagri code: province, regency, district, village

_Hide = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Normalized:
    """A message in the gateway's own terms.

    `report` is what it would be as a report of its own, `message` the same as one message of a report (sequence 0).
    Their attachments are alike: first those of the inbound message that must still be fetched, then its files. `text`
    are the report's words.
    """

    report: Report
    reporter: Reporter | None
    message: Message
    text: Text


def normalize(message: InboundMessage, received_at: datetime) -> Normalized:
    """The message in the one schema. `received_at` must be aware. Never raises on any text."""
    whole = clean(message.content)
    title = clean_line(message.title or "")
    identity = find_identity((whole, title, *_other_texts(message)), _tidy_reporter(message.reporter))

    def hide(text: str) -> str:
        return hide_identity(text, identity)

    hidden = hide(whole)
    content, location = cut(hidden, CONTENT_LIMIT), _tidy_location(message.location, hide)
    attachments = _attachments(message, hide)
    title = cut(hide(title), TITLE_LIMIT) or title_of(content)
    text = text_from(title, content)
    happened = message.incident_date or _told_day(message, content, text, location, received_at)
    report = Report(
        title=title,
        content=content,
        classification=message.classification,
        category_id=message.category_id,
        agency=_line(message.agency, _SHORT, hide),
        location=location,
        incident_date=happened,
        is_anonymous=message.is_anonymous,
        is_secret=message.is_secret,
        attachments=attachments,
        language=language_of(text.content[:READ_WORDS]),
        tags=(CUT_TAG,) if content != hidden else (),
    )
    one = Message(
        sequence=0,
        received_at=received_at,
        text=content,
        location=location,
        incident_date=happened,
        attachments=attachments,
        is_anonymous=message.is_anonymous,
        is_secret=message.is_secret,
    )
    return Normalized(report, identity.reporter, one, text)


def _other_texts(message: InboundMessage) -> Iterator[str]:
    place = message.location
    if message.agency:
        yield clean_line(message.agency)
    if place is not None:
        yield from (
            clean_line(text)
            for text in (place.province, place.regency, place.district, place.village, place.address)
            if text
        )
    yield from (clean_line(attachment.name) for attachment in message.attachments)
    yield from (clean_line(file.name) for file in message.files)


def _line(text: str | None, limit: int, hide: _Hide) -> str | None:
    """One cleaned line without identity, or None where nothing is left."""
    return cut(hide(clean_line(text)), limit) or None if text else None


def _tidy_reporter(reporter: Reporter | None) -> Reporter | None:
    if reporter is None:
        return None
    phone = clean_line(reporter.phone or "")
    tidy = Reporter(
        name=_line(reporter.name, _SHORT, str),
        phone=(e164(phone) or cut(phone, _PHONE)) or None,
        email=_line(reporter.email, _EMAIL, str),
        nik=digits_of(reporter.nik) if reporter.nik else None,
        address=_line(reporter.address, _ADDRESS, str),
    )
    return tidy if tidy != Reporter() else None


def _tidy_location(location: Location | None, hide: _Hide) -> Location | None:
    if location is None:
        return None
    tidy = Location(
        province=_line(location.province, _SHORT, hide),
        regency=_line(location.regency, _SHORT, hide),
        district=_line(location.district, _SHORT, hide),
        village=_line(location.village, _SHORT, hide),
        region_code=_dotted(location.region_code) if location.region_code else None,
        address=_line(location.address, _ADDRESS, hide),
        latitude=location.latitude,
        longitude=location.longitude,
    )
    return located(tidy) if tidy != Location() else None


def _told_day(
    message: InboundMessage, content: str, text: Text, location: Location | None, received_at: datetime
) -> date | None:
    """The day that the text says, counted from when it was written, in the zone of its place."""
    written_at = min(message.sent_at or received_at, received_at)
    return incident_date(content, written_at, zone_of(location.region_code if location else None), text.content)


def _dotted(code: str) -> str:
    """A region code as Kemendagri writes it: `33.74.02.1001`."""
    digits = digits_of(code)
    return ".".join(digits[start:end] for start, end in pairwise(_REGION_PARTS) if digits[start:end])


def _attachments(message: InboundMessage, hide: _Hide) -> tuple[Attachment, ...]:
    to_fetch = tuple(
        attachment.model_copy(update=_named(attachment.name, attachment.media_type, number, hide))
        for number, attachment in enumerate(message.attachments, start=1)
    )
    here = tuple(
        Attachment(
            **_named(file.name, file.media_type, number, hide),
            size=len(file.content),
            sha256=sha256(file.content).hexdigest(),
        )
        for number, file in enumerate(message.files, start=len(to_fetch) + 1)
    )
    return to_fetch + here


def _named(name: str, media_type: str, number: int, hide: _Hide) -> dict[str, str]:
    bare = safe_media_type(media_type)
    return {"name": safe_name(hide(clean_line(name)), bare, number), "media_type": bare}
