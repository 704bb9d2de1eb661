"""A place for sealed files in a store that speaks S3: the extra `s3`.

Requests are signed with Signature Version 4 by obstore, over the digest of what is sent, so that the store refuses what
was changed on its way (docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain
from typing import TYPE_CHECKING

from schemas.errors import Busy, Misconfigured, NotFound

if TYPE_CHECKING:
    from obstore.store import S3Store

_PART_BYTES = 5 * 1024 * 1024
"""The least that S3 takes as a part of a larger object; what is smaller goes in one request."""
_PARTS_AT_ONCE = 2
_PIECE = 65_536
_NAMES_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Bucket:
    """Which store, and by which account. `endpoint`: None for Amazon's own; its path comes before the bucket's name."""

    name: str
    prefix: str | None
    key_id: str
    secret: str
    endpoint: str | None = None
    region: str = "us-east-1"
    connect_timeout: timedelta = timedelta(seconds=5)
    read_timeout: timedelta = timedelta(seconds=30)
    retry_within: timedelta = timedelta(seconds=20)


class ObjectStore:
    """Sealed files as objects of a bucket. An object appears under its name once it is whole."""

    def __init__(self, bucket: Bucket) -> None:
        self._store = _opened(bucket)

    def write(self, name: str, pieces: Iterable[bytes]) -> None:
        """As gateway.storage.Place: streamed in parts, of which no more than a few are in memory."""
        first, rest = _begun(pieces)
        with _translated("stored"):
            if rest is None:
                self._store.put(name, first)
            else:
                self._store.put(name, chain((first,), rest), chunk_size=_PART_BYTES, max_concurrency=_PARTS_AT_ONCE)

    @contextmanager
    def reading(self, name: str) -> Iterator[_Stream]:
        """As gateway.storage.Place."""
        with _translated("read"):
            try:
                found = self._store.get(name)
            except FileNotFoundError as error:
                raise NotFound("a stored attachment is missing from the object store") from error
            yield _Stream(iter(found.stream(_PIECE)))

    def remove(self, name: str) -> None:
        """As gateway.storage.Place."""
        with _translated("removed"), suppress(FileNotFoundError):
            self._store.delete(name)

    def untouched_since(self, moment: float) -> Iterator[str]:
        """As gateway.storage.Place. Parts of what broke off have no name: the bucket's own rule removes them."""
        with _translated("listed"):
            for some in self._store.list(chunk_size=_NAMES_AT_ONCE):
                yield from (one["path"] for one in some if one["last_modified"].timestamp() < moment)


class _Stream:
    """What comes in pieces of any size, read in pieces of the wanted one."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._waiting = pieces, bytearray()

    def read(self, size: int = -1, /) -> bytes:
        """So many bytes, fewer only at the end; all that are left for a negative size."""
        while size < 0 or len(self._waiting) < size:
            piece = next(self._pieces, None)
            if piece is None:
                break
            self._waiting += piece
        taken = bytes(self._waiting[: size if size >= 0 else None])
        del self._waiting[: len(taken)]
        return taken


def _opened(bucket: Bucket) -> S3Store:
    try:
        from obstore.store import S3Store
    except ImportError as error:
        raise Misconfigured("files_store needs the extra `s3`: pip install 'sp4n-gateway[s3]'") from error
    wants: dict[str, str] = {"endpoint": bucket.endpoint} if bucket.endpoint else {}
    return S3Store(
        bucket.name,
        prefix=bucket.prefix,
        access_key_id=bucket.key_id,
        secret_access_key=bucket.secret,
        region=bucket.region,
        skip_signature=False,
        unsigned_payload=False,
        virtual_hosted_style_request=False,
        disable_bulk_delete=True,  # not every store that calls itself compatible has it
        client_options={
            "allow_http": (bucket.endpoint or "").startswith("http://"),
            "connect_timeout": bucket.connect_timeout,
            "read_timeout": bucket.read_timeout,
        },
        retry_config={"max_retries": 3, "retry_timeout": bucket.retry_within},
        **wants,  # type: ignore[arg-type] # the keys are those of S3Config
    )


def _begun(pieces: Iterable[bytes]) -> tuple[bytes, Iterator[bytes] | None]:
    """The beginning, up to one part, and what comes after it; None when that was all."""
    left, first = iter(pieces), bytearray()
    for piece in left:
        first += piece
        if len(first) > _PART_BYTES:
            return bytes(first), left
    return bytes(first), None


@contextmanager
def _translated(what: str) -> Iterator[None]:
    """Errors of the library as ours; its own texts name addresses and stay with the cause. Others pass through."""
    from obstore.exceptions import BaseError

    try:
        yield
    except (BaseError, FileNotFoundError) as error:
        advice = _ADVICE.get(type(error).__name__, "the object store does not answer as it should; look at it")
        raise Busy(f"an attachment could not be {what}: {advice}") from error


_ADVICE = {
    "FileNotFoundError": "there is no such bucket; make it, or mend files_store",
    "PermissionDeniedError": "the object store refuses this account; mend files_store_key_id and its secret, set "
    "this machine's clock, and let the account put, get, list and delete in the bucket",
    "UnauthenticatedError": "the object store does not know this account; mend files_store_key_id and its secret",
}
