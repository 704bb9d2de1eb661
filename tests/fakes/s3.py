"""A small store that speaks S3 over real HTTP: it checks every signature by itself, as Amazon's documentation has it.

docs.aws.amazon.com/AmazonS3/latest/API: PutObject, GetObject, DeleteObject, ListObjectsV2, multipart uploads;
…/sig-v4-header-based-auth.html for the signatures.
"""

from __future__ import annotations

import hmac
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, quote, unquote, urlsplit
from xml.sax.saxutils import escape

KEY_ID, SECRET, REGION, BUCKET = "AKIAUJI0001", "rahasia+/uji", "ap-southeast-3", "lampiran"
_SKEW = timedelta(minutes=15)
_NAMES_A_PAGE = 2


@dataclass
class Shelves:
    """What the store holds, and what was asked of it. `moods`: how the next requests fare, by status; 0 breaks off."""

    objects: dict[str, tuple[bytes, datetime]] = field(default_factory=dict)
    uploads: dict[str, dict[int, bytes]] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    largest: int = 0
    moods: list[int] = field(default_factory=list)


@contextmanager
def s3_server() -> Iterator[tuple[str, Shelves]]:
    """Its address, and what it holds."""
    shelves = Shelves()

    class Handler(_Handler):
        store = shelves

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", shelves
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    store: Shelves

    def log_message(self, *_: object) -> None:
        """Nothing: tests look at `asked`."""

    def do_PUT(self) -> None:
        """An object, or a part of one."""
        self._answered("PUT")

    def do_POST(self) -> None:
        """A multipart upload begins or ends."""
        self._answered("POST")

    def do_GET(self) -> None:
        """An object, or names."""
        self._answered("GET")

    def do_DELETE(self) -> None:
        """An object, or an upload that broke off."""
        self._answered("DELETE")

    def _answered(self, method: str) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        parts = urlsplit(self.path)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        self.store.asked.append((method, self.path))
        self.store.largest = max(self.store.largest, len(body))
        mood = self.store.moods.pop(0) if self.store.moods else 200
        if mood == 0:
            return self._broken_off(unquote(parts.path).removeprefix(f"/{BUCKET}/"))
        if mood != 200:
            return self._say(mood, _problem("SlowDown" if mood == 503 else "AccessDenied"))
        wrong = _signature_fault(method, parts.path, parts.query, dict(self.headers.items()), body)
        if wrong is not None:
            return self._say(403, _problem(wrong))
        bucket, _, name = unquote(parts.path).removeprefix("/").partition("/")
        if bucket != BUCKET:
            return self._say(404, _problem("NoSuchBucket"))
        return self._say(*_done(self.store, method, name, query, body))

    def _say(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.send_header("etag", f'"{sha256(body).hexdigest()}"')
        self.send_header("last-modified", "Thu, 26 Nov 2026 00:00:00 GMT")
        self.end_headers()
        self.wfile.write(body)

    def _broken_off(self, name: str) -> None:
        content = self.store.objects.get(name, (b"", None))[0]
        self.send_response(200)
        self.send_header("content-length", str(len(content)))
        self.send_header("last-modified", "Thu, 26 Nov 2026 00:00:00 GMT")
        self.end_headers()
        self.wfile.write(content[: len(content) // 2])
        self.wfile.flush()
        self.close_connection = True


def _done(store: Shelves, method: str, name: str, query: dict[str, str], body: bytes) -> tuple[int, bytes]:
    if "uploads" in query or "uploadId" in query:
        return _done_in_parts(store, method, name, query, body)
    match method, name:
        case "GET", "":
            return 200, _names(store, query)
        case "GET", _:
            return (200, store.objects[name][0]) if name in store.objects else (404, _problem("NoSuchKey"))
        case "PUT", _:
            store.objects[name] = (body, datetime.now(UTC))
            return 200, b""
        case "DELETE", _:
            store.objects.pop(name, None)
            return 204, b""
    return 400, _problem("InvalidRequest")


def _done_in_parts(store: Shelves, method: str, name: str, query: dict[str, str], body: bytes) -> tuple[int, bytes]:
    if "uploads" in query:
        begun = f"upload-{len(store.asked)}"
        store.uploads[begun] = {}
        return 200, _xml("InitiateMultipartUploadResult", f"<UploadId>{begun}</UploadId>")
    begun = query["uploadId"]
    if begun not in store.uploads:
        return 404, _problem("NoSuchUpload")
    if method == "PUT":
        store.uploads[begun][int(query["partNumber"])] = body
        return 200, b""
    parts = store.uploads.pop(begun)
    if method == "DELETE":
        return 204, b""
    order = [int(each) for each in re.findall(rb"<PartNumber>(\d+)<", body)]
    store.objects[name] = (b"".join(parts[each] for each in order), datetime.now(UTC))
    return 200, _xml("CompleteMultipartUploadResult", f'<Key>{escape(name)}</Key><ETag>"{begun}"</ETag>')


def _names(store: Shelves, query: dict[str, str]) -> bytes:
    after = query.get("continuation-token", "")
    all_names = sorted(one for one in store.objects if one.startswith(query.get("prefix", "")) and one > after)
    some = all_names[:_NAMES_A_PAGE]
    rows = "".join(
        f"<Contents><Key>{escape(one)}</Key><LastModified>{store.objects[one][1]:%Y-%m-%dT%H:%M:%S.000Z}</LastModified>"
        f"<ETag>&quot;e&quot;</ETag><Size>{len(store.objects[one][0])}</Size></Contents>"
        for one in some
    )
    more = len(all_names) > len(some)
    token = f"<NextContinuationToken>{escape(some[-1])}</NextContinuationToken>" if more else ""
    return _xml("ListBucketResult", f"<IsTruncated>{str(more).lower()}</IsTruncated>{token}{rows}")


def _xml(name: str, inner: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?><{name}>{inner}</{name}>'.encode()


def _problem(code: str) -> bytes:
    return _xml("Error", f"<Code>{code}</Code><Message>{code}</Message>")


def _signature_fault(method: str, path: str, query: str, headers: dict[str, str], body: bytes) -> str | None:
    """Why a request is refused; None: it is signed as it should be."""
    given = {name.lower(): " ".join(value.split()) for name, value in headers.items()}
    found = re.fullmatch(
        r"AWS4-HMAC-SHA256 Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})",
        given.get("authorization", ""),
    )
    moment = given.get("x-amz-date", "")
    if found is None or not re.fullmatch(r"\d{8}T\d{6}Z", moment):
        return "AccessDenied"
    if abs(datetime.strptime(moment, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) - datetime.now(UTC)) > _SKEW:
        return "RequestTimeTooSkewed"
    digest = given.get("x-amz-content-sha256", "")
    if digest != sha256(body).hexdigest():
        return "XAmzContentSHA256Mismatch"
    credential, signed, signature = found.groups()
    scope = f"{moment[:8]}/{REGION}/s3/aws4_request"
    if credential != f"{KEY_ID}/{scope}":
        return "InvalidAccessKeyId"
    names = signed.split(";")
    if not {"host", "x-amz-content-sha256", "x-amz-date"} <= set(names):
        return "AccessDenied"
    pairs = sorted((quote(k, safe="-_.~"), quote(v, safe="-_.~")) for k, v in parse_qsl(query, keep_blank_values=True))
    lines = (
        method,
        quote(unquote(path), safe="/-_.~"),
        "&".join(f"{k}={v}" for k, v in pairs),
        "".join(f"{name}:{given[name]}\n" for name in names),
        signed,
        digest,
    )
    to_sign = "\n".join(("AWS4-HMAC-SHA256", moment, scope, sha256("\n".join(lines).encode()).hexdigest()))
    key = f"AWS4{SECRET}".encode()
    for part in (*scope.split("/"),):
        key = hmac.digest(key, part.encode(), "sha256")
    is_right = hmac.compare_digest(hmac.new(key, to_sign.encode(), "sha256").hexdigest(), signature)
    return None if is_right else "SignatureDoesNotMatch"
