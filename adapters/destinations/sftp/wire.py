"""Speaks SFTP with one server: puts a file and its signature into place, or reads the ministry's word.

`Fault.sent` is False until the file's last renaming is asked for: what lies under a temporary name is no case yet.
"""

from __future__ import annotations

import asyncio
import base64
from contextlib import suppress
from typing import cast

import asyncssh
from asyncssh import SFTPClient, SFTPError, SFTPNoSuchFile, SFTPOpUnsupported, SSHClientConnection, SSHKey

from adapters.contract import Call, Fault, Reply
from adapters.destinations.sftp.places import temporary
from adapters.destinations.sftp.server import Server
from adapters.destinations.sftp.words import ABSENT, ACK, DONE, DROP, FOUND, NACK, PLACED, PROBLEM
from adapters.http.connecting import Connector

LARGEST_WORD = 65_536
"""Bytes of an acknowledgement that are read."""
_LEAVE_SECONDS = 2.0


class Courier:
    """One destination's way to its server; every call goes over a connection of its own."""

    def __init__(self, server: Server, connector: Connector) -> None:
        self._server = server
        self._connector = connector

    async def send(self, call: Call) -> Reply:
        """Make the call, once. The files' paths and the signature stand in the call's headers."""
        clock = asyncio.get_running_loop().time
        started = clock()
        visit = _Visit(self._server, self._connector, call)
        try:
            async with asyncio.timeout(self._server.total_timeout):
                reply = await visit.run()
        except TimeoutError:
            reply = Reply(fault=Fault("total_timeout", sent=visit.placing))
        finally:
            await visit.leave()
        return Reply(reply.status, reply.headers, reply.body, reply.truncated, reply.fault, clock() - started)

    async def aclose(self) -> None:
        """Let go of what resolves names."""
        await self._connector.aclose()


class _Pinned(asyncssh.SSHClient):
    """Believes the server only if its key has one of the fingerprints."""

    def __init__(self, pins: frozenset[str]) -> None:
        self._pins = pins

    def validate_host_public_key(self, host: str, addr: str, port: int, key: SSHKey) -> bool:
        return key.get_fingerprint() in self._pins


class _Visit:
    """One connection. `placing`: the renaming that makes the case has been asked for, and not been answered."""

    def __init__(self, server: Server, connector: Connector, call: Call) -> None:
        self._server = server
        self._connector = connector
        self._call = call
        self._paths = dict(call.headers)
        self._connection: SSHClientConnection | None = None
        self.placing = False

    async def run(self) -> Reply:
        """From the connection to the last answer."""
        sock = await self._connector.connect()
        if isinstance(sock, Fault):
            return Reply(fault=sock)
        try:
            self._connection = connection = await self._login(sock)
            async with connection.start_sftp_client() as client:
                return await (self._drop(client) if self._call.method == DROP else self._collect(client))
        except SFTPError as error:
            return _answered(error, self.placing)
        except (asyncssh.Error, OSError, ValueError) as error:
            return Reply(fault=Fault(_reason(error), sent=self.placing))
        finally:
            if self._connection is None:
                sock.close()

    async def leave(self) -> None:
        """Part; what the server says now changes nothing."""
        if self._connection is None:
            return
        self._connection.abort()
        with suppress(TimeoutError, asyncssh.Error, OSError):
            async with asyncio.timeout(_LEAVE_SECONDS):
                await self._connection.wait_closed()

    async def _login(self, sock: object) -> SSHClientConnection:
        """Nothing of this machine's own settings, agents or known hosts is used."""
        server = self._server
        return await asyncssh.connect(
            server.host,
            server.port,
            sock=sock,
            config=[],
            client_factory=lambda: _Pinned(server.pins),
            known_hosts=lambda _host, _address, _port: ((), (), ()),
            username=server.user,
            client_keys=[server.key] if server.key else [],
            password=server.password,
            agent_path=None,
            login_timeout=server.total_timeout,
            keepalive_interval=0,
        )

    async def _drop(self, client: SFTPClient) -> Reply:
        paths, body = self._paths, self._call.body
        if await self._was_placed(client):
            return Reply(headers={DONE: PLACED})
        await _make(client, paths["folder"])
        await _write(client, paths["signature-file"], base64.b64decode(paths["signature"]))
        await _rename(client, paths["signature-file"])
        await _write(client, paths["file"], body)
        self.placing = True
        await _rename(client, paths["file"])
        self.placing = False
        return Reply(headers={DONE: PLACED})

    async def _was_placed(self, client: SFTPClient) -> bool:
        """Whether the ministry has spoken of it, or these very bytes lie in their place."""
        for name in (ACK, NACK):
            if await client.exists(self._paths[name]):
                return True
        lying = await _content(client, self._paths["file"], len(self._call.body))
        return lying == self._call.body

    async def _collect(self, client: SFTPClient) -> Reply:
        """The refusal comes first: a ministry that has written both must be looked at."""
        for name in (NACK, ACK):
            word = await _content(client, self._paths[name], LARGEST_WORD)
            if word is not None:
                return Reply(headers={FOUND: name}, body=word[:LARGEST_WORD], truncated=len(word) > LARGEST_WORD)
        return Reply(headers={FOUND: ABSENT})


async def _content(client: SFTPClient, path: str, most: int) -> bytes | None:
    """A file's bytes, at most one more than `most`; None when there is none."""
    try:
        async with client.open(path, "rb") as file:
            return cast(bytes, await file.read(most + 1))  # asyncssh's types do not follow the mode
    except SFTPNoSuchFile:
        return None


async def _make(client: SFTPClient, folder: str) -> None:
    if not await client.isdir(folder):
        await client.makedirs(folder, exist_ok=True)


async def _write(client: SFTPClient, path: str, content: bytes) -> None:
    """Write a file under its temporary name, and have it on the disk where the server offers that."""
    async with client.open(temporary(path), "wb") as file:
        await file.write(content)
        with suppress(SFTPOpUnsupported):
            await file.fsync()


async def _rename(client: SFTPClient, path: str) -> None:
    """Put a file that is whole into its place. Only the extension of OpenSSH replaces what lies there in one go."""
    try:
        await client.posix_rename(temporary(path), path)
    except SFTPOpUnsupported:
        if await client.exists(path):
            await client.remove(path)
        await client.rename(temporary(path), path)


def _answered(error: SFTPError, placing: bool) -> Reply:
    """The server said no. One that lost the connection meanwhile has said nothing."""
    if isinstance(error, asyncssh.SFTPConnectionLost | asyncssh.SFTPNoConnection):
        return Reply(fault=Fault("connection_lost", sent=placing))
    reason = next((name for kind, name in _PROBLEMS if isinstance(error, kind)), "sftp_failure")
    return Reply(headers={PROBLEM: reason}, body=error.reason.encode(errors="replace")[:1024])


def _reason(error: Exception) -> str:
    return next((reason for kind, reason in _REASONS if isinstance(error, kind)), "connection_lost")


_PROBLEMS: tuple[tuple[type[SFTPError], str], ...] = (
    (SFTPNoSuchFile, "no_such_folder"),
    (asyncssh.SFTPPermissionDenied, "permission_denied"),
    (asyncssh.SFTPNoSpaceOnFilesystem, "disk_full"),
    (asyncssh.SFTPQuotaExceeded, "quota_exceeded"),
    (SFTPOpUnsupported, "not_offered"),
)
_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (asyncssh.HostKeyNotVerifiable, "host_key_unknown"),
    (asyncssh.PermissionDenied, "login_denied"),
    (asyncssh.KeyExchangeFailed, "no_common_algorithm"),
    (asyncssh.ChannelOpenError, "sftp_not_offered"),
    (asyncssh.Error, "ssh_failed"),
    (ConnectionError, "connection_reset"),
    (TimeoutError, "read_timeout"),
)
