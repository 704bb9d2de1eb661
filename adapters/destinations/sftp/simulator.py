"""Plays a ministry's SFTP server: reads each case that is put into place, keeps its book, acknowledges, misbehaves."""

from __future__ import annotations

import json
import tempfile
from base64 import b64decode
from hashlib import sha256
from pathlib import Path
from typing import Any

import asyncssh
from asyncssh import SFTPServer, SSHKey, SSHServerChannel, SSHServerConnection
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from adapters.outbound.wire import WireCase
from adapters.simulator import Book
from adapters.simulator.mishaps import Mishaps

USER, PASSWORD = "gateway", "rahasia"
KINDS: dict[str, str] = {
    "refused": "nobody listens until the misbehaviour changes",
    "wrong_host_key": "shows another key than the one that was agreed, until the misbehaviour changes",
    "login_denied": "does not know the password any more",
    "disk_full": "fails at writing",
    "write_reset": "the connection ends in the middle of a file",
    "rename_reset": "the connection ends when the case is to be put into place, which is not done",
    "renamed_reset": "the case is put into place, then the connection ends",
    "acks_late": "has not read the case yet",
    "acks_other_bytes": "acknowledges with the digest of something else",
    "acks_garbage": "writes an acknowledgement that cannot be read",
    "nacks": "does not take the case: not_ours",
}
_ENTRY_KINDS = {"case.created": "case", "case.added": "addition", "case.withdrawn": "withdrawal"}


class SimulatedDropbox:
    """A server on a local port whose root is a temporary folder. It reads a case when its word about it is looked for.

    `public_key`, in base64: whose signature a case must carry to be read. A case that comes twice stands in the book
    once. The host key is always the same one, so that its fingerprint can stand in an entry.
    """

    def __init__(self, *, book: Book | None = None, public_key: str | None = None) -> None:
        self.book = book or Book()
        self.taken = 0
        self.complaints: list[str] = []
        self.mishaps = Mishaps(KINDS)
        self._public_key = Ed25519PublicKey.from_public_bytes(b64decode(public_key)) if public_key else None
        self._root = tempfile.TemporaryDirectory(prefix="sftp-simulator-")
        self._address = ("127.0.0.1", 0)
        self._acceptor: asyncssh.SSHAcceptor | None = None
        self._connections: set[SSHServerConnection] = set()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"sftp://{self._address[0]}:{self._address[1]}"

    @property
    def root(self) -> Path:
        """The folder that it serves."""
        return Path(self._root.name)

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> int:
        """Listen, and return the port."""
        self._address = (host, port)
        (self.root / "ack").mkdir(exist_ok=True)
        await self._listen()
        return self._address[1]

    async def stop(self) -> None:
        """Stop listening, drop every connection, remove the folder."""
        await self._go_deaf()
        self.book.close()
        self._root.cleanup()

    async def misbehave(self, *spellings: str) -> None:
        """Put these kinds of misbehaviour in force, in place of those before."""
        self.mishaps = Mishaps(KINDS, spellings)
        await self._go_deaf()
        if not self.mishaps.begins_with("refused"):
            await self._listen()

    def speak(self, handoff: str) -> None:
        """Write the word about a case, as the ministry's own program would from time to time."""
        file = next(self.root.glob(f"????-??-??/{handoff}.json"), None)
        kind = self.mishaps.next("acks_late", "acks_other_bytes", "acks_garbage", "nacks")
        if file is None or kind == "acks_late":
            return
        if kind == "nacks":
            self._write(f"{handoff}.nack", b'{"reason": "not_ours"}')
        elif kind == "acks_garbage":
            self._write(f"{handoff}.ack", b"\xff diterima")
        else:
            body = file.read_bytes()
            self._acknowledge(handoff, body, b"lain" if kind == "acks_other_bytes" else body)

    def placed(self, file: Path) -> None:
        """A case was put into place: read it, strictly, and take it into the book."""
        body = file.read_bytes()
        try:
            read = WireCase.model_validate_json(body)
            if self._public_key is not None:
                self._public_key.verify(file.with_name(f"{file.name}.sig").read_bytes(), body)
        except (ValueError, OSError, InvalidSignature) as error:
            self.complaints.append(type(error).__name__)
            return
        self.taken += 1
        if not any(entry["handoff"] == file.stem for entry in self.book.entries):
            self.book.append(
                {
                    "kind": _ENTRY_KINDS[read.type],
                    "handoff": file.stem,
                    "tracking_code": read.tracking_code,
                    "reference": f"BERKAS-{len(self.book) + 1:05d}",
                    "prior_reference": read.prior_reference,
                    "digest": sha256(body).hexdigest(),
                }
            )

    def opened(self, connection: SSHServerConnection) -> None:
        """Remember a connection, to be able to drop it."""
        self._connections.add(connection)

    def closed(self, connection: SSHServerConnection | None) -> None:
        """Forget a connection."""
        if connection is not None:
            self._connections.discard(connection)

    def _acknowledge(self, handoff: str, body: bytes, claimed: bytes) -> None:
        entry = next((entry for entry in self.book.entries if entry["handoff"] == handoff), None)
        if entry is None:
            return
        self.taken += body == claimed
        word = {"reference": entry["reference"], "sha256": sha256(claimed).hexdigest()}
        self._write(f"{handoff}.ack", json.dumps(word).encode())

    def _write(self, name: str, content: bytes) -> None:
        for path in (self.root / "ack").glob(f"{name.partition('.')[0]}.*"):
            path.unlink()
        (self.root / "ack" / name).write_bytes(content)

    async def _listen(self) -> None:
        other = self.mishaps.begins_with("wrong_host_key")
        self._acceptor = await asyncssh.listen(
            *self._address,
            server_factory=lambda: _Door(self),
            server_host_keys=[_host_key(b"other" if other else b"simulated")],
            sftp_factory=lambda channel: _Shelf(channel, self),
            reuse_address=True,
            allow_scp=False,
        )
        self._address = (self._address[0], self._acceptor.get_port())

    async def _go_deaf(self) -> None:
        if self._acceptor is not None:
            self._acceptor.close()
            await self._acceptor.wait_closed()
            self._acceptor = None
        for connection in list(self._connections):
            connection.abort()


class _Door(asyncssh.SSHServer):
    """Lets in who knows the password."""

    def __init__(self, dropbox: SimulatedDropbox) -> None:
        self._dropbox = dropbox
        self._connection: SSHServerConnection | None = None

    def connection_made(self, conn: SSHServerConnection) -> None:
        self._connection = conn
        self._dropbox.opened(conn)

    def connection_lost(self, exc: Exception | None) -> None:
        self._dropbox.closed(self._connection)

    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == (USER, PASSWORD) and self._dropbox.mishaps.next("login_denied") is None


class _Shelf(SFTPServer):
    """asyncssh's server of files with our misbehaviour in it."""

    def __init__(self, channel: SSHServerChannel[bytes], dropbox: SimulatedDropbox) -> None:
        super().__init__(channel, chroot=str(dropbox.root).encode())
        self._ours = channel
        self._dropbox = dropbox

    def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> Any:
        asked = Path(path.decode(errors="replace"))
        if asked.suffix == ".nack":  # the first look of a visit that collects
            self._dropbox.speak(asked.stem)
        return super().open(path, pflags, attrs)

    def write(self, file_obj: object, offset: int, data: bytes) -> Any:
        if self._dropbox.mishaps.next("disk_full"):
            raise asyncssh.SFTPFailure("No space left on device")
        if self._dropbox.mishaps.next("write_reset"):
            return self._torn()
        return super().write(file_obj, offset, data)

    def posix_rename(self, oldpath: bytes, newpath: bytes) -> None:
        is_case = newpath.endswith(b".json")
        if is_case and self._dropbox.mishaps.next("rename_reset"):
            self._torn()
        super().posix_rename(oldpath, newpath)
        if is_case:
            self._dropbox.placed(self._dropbox.root / newpath.decode().lstrip("/"))
            if self._dropbox.mishaps.next("renamed_reset"):
                self._torn()

    def _torn(self) -> None:
        """End the connection; the error is never heard."""
        self._ours.get_connection().abort()
        raise asyncssh.SFTPFailure("torn")


def simulated(*, book: Book | None = None, public_key: str | None = None) -> SimulatedDropbox:
    """A ministry that takes everything that is sound and acknowledges it at the first look."""
    return SimulatedDropbox(book=book, public_key=public_key)


def _host_key(of: bytes) -> SSHKey:
    """A key that is the same in every process, and so guards nothing."""
    key = Ed25519PrivateKey.from_private_bytes(sha256(of).digest())
    return asyncssh.import_private_key(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
