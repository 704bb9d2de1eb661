"""One post of X as a message: its whole text, its pictures, its place.

https://docs.x.com/x-api/fundamentals/data-dictionary
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from adapters.contract import Inbound, InboundMessage, Unreadable
from adapters.inbound.documents import canonical, inner, word
from adapters.inbound.links import linked_file
from adapters.inbound.people import reporter_of
from schemas.base import Json
from schemas.report import Attachment, Location

_MOST_MEDIA = 10
_VIDEO = "video/mp4"


def read_post(post: Json, account: str, body: bytes) -> Inbound | None:
    """The post as a message. None for what is not said to the account: its own posts, reposts, other people's talk."""
    raw = canonical({"for_user_id": account, "tweet_create_events": [post]}) or body
    if not isinstance(post, dict):
        return Unreadable(None, "post_incomplete", raw)
    identity, author = _id(post), inner(post, "user")
    if not (identity and _id(author) and account):
        return Unreadable(identity or None, "post_incomplete", raw)
    if _id(author) == account or post.get("retweeted_status") or account not in _mentioned(post):
        return None
    content = _text(post)
    if not content:
        return Unreadable(identity, "post_without_text", raw)
    return InboundMessage(
        message_id=identity,
        content=content,
        raw=raw,
        location=_location(post),
        reporter=reporter_of(name=word(author.get("name")) or word(author.get("screen_name"))),
        conversation=_id(author),
        sent_at=_time(word(post.get("created_at"))),
        attachments=tuple(_media(post)),
    )


def _id(value: Mapping[str, Json]) -> str:
    return word(value.get("id_str")) or word(value.get("id"))


def _text(post: Mapping[str, Json]) -> str:
    """All of it: `text` alone is cut at 140 characters."""
    whole = word(inner(post, "extended_tweet").get("full_text"))
    return whole or word(post.get("full_text")) or word(post.get("text"))


def _entities(post: Mapping[str, Json], name: str) -> Iterator[Mapping[str, Json]]:
    """Both sets: that of the whole text and that of the text that was cut."""
    for holder in (inner(post, "extended_tweet"), post):
        for kind in ("extended_entities", "entities"):
            found = inner(holder, kind).get(name)
            yield from (one for one in (found if isinstance(found, list) else []) if isinstance(one, dict))


def _mentioned(post: Mapping[str, Json]) -> set[str]:
    return {_id(one) for one in _entities(post, "user_mentions")} - {""}


def _media(post: Mapping[str, Json]) -> Iterator[Attachment]:
    seen: set[str] = set()
    for one in _entities(post, "media"):
        url, kind = _address(one)
        file = linked_file(url, media_type=kind) if url not in seen and len(seen) < _MOST_MEDIA else None
        if file is not None:
            seen.add(url)
            yield file


def _address(media: Mapping[str, Json]) -> tuple[str, str]:
    """The picture, or the film in its best quality."""
    variants = inner(media, "video_info").get("variants")
    films = [one for one in (variants if isinstance(variants, list) else []) if isinstance(one, dict)]
    films = [one for one in films if one.get("content_type") == _VIDEO and word(one.get("url"))]
    if films:
        return word(max(films, key=_bitrate).get("url")), _VIDEO
    return word(media.get("media_url_https")), ""


def _bitrate(film: Mapping[str, Json]) -> int:
    rate = film.get("bitrate")
    return rate if isinstance(rate, int) else 0


def _location(post: Mapping[str, Json]) -> Location | None:
    """The point that the author shared (longitude first, as GeoJSON has it), and the name of the place."""
    point = inner(post, "coordinates").get("coordinates")
    address = word(inner(post, "place").get("full_name"))[:1000] or None
    numbers = point if isinstance(point, list) and len(point) == 2 else []
    if not (numbers and all(isinstance(one, int | float) for one in numbers)):
        return Location(address=address) if address else None
    longitude, latitude = (float(one) for one in numbers)
    if abs(latitude) <= 90 and abs(longitude) <= 180:
        return Location(latitude=latitude, longitude=longitude, address=address)
    return Location(address=address) if address else None


def _time(text: str) -> datetime | None:
    """`Wed Oct 10 20:19:24 +0000 2018`."""
    try:
        return datetime.strptime(text, "%a %b %d %H:%M:%S %z %Y")
    except ValueError:
        return None
