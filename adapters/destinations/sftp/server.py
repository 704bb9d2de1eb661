"""Which server an entry names, how its key is known and how to log in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

import asyncssh
from asyncssh import SSHKey

from adapters.contract import DestinationEntry
from adapters.destinations.sftp.options import LOGIN_KEY, PASSWORD, Options
from schemas.errors import Misconfigured

_FOLDER = re.compile(r"(/[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}){0,8}")


@dataclass(frozen=True, slots=True)
class Server:
    """Where and how to log in. `pins` are the fingerprints that its key may have. Times in seconds."""

    host: str
    port: int
    pins: frozenset[str]
    user: str
    key: SSHKey | None
    password: str | None
    total_timeout: float


def server_of(entry: DestinationEntry, options: Options) -> Server:
    """The server of an entry. Raises Misconfigured."""
    place = f"destinations.{entry.name}"
    parts = urlsplit(entry.url)
    if parts.scheme != "sftp" or not parts.hostname or parts.username or parts.query or parts.fragment:
        raise Misconfigured(
            f"the address of {entry.name} is no SFTP server", [f"{place}.url: write sftp://host:22/folder"]
        )
    if not _FOLDER.fullmatch(parts.path.rstrip("/")):
        raise Misconfigured(
            f"the folder of {entry.name} cannot be used", [f"{place}.url: letters, digits, `.`, `_` and `-` only"]
        )
    key, password = entry.secrets.get(LOGIN_KEY), entry.secrets.get(PASSWORD)
    if (key is None) == (password is None):
        raise Misconfigured(
            f"{entry.name} cannot log in", [f"{place}.secrets: give one of {LOGIN_KEY} and {PASSWORD}, not both"]
        )
    return Server(
        host=parts.hostname,
        port=parts.port or 22,
        pins=frozenset(options.host_keys),
        user=options.user,
        key=_login_key(place, key) if key is not None else None,
        password=password,
        total_timeout=entry.total_timeout,
    )


def _login_key(place: str, text: str) -> SSHKey:
    try:
        return asyncssh.import_private_key(text)
    except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError) as error:
        problem = f"{place}.secrets.{LOGIN_KEY}: give a private key in OpenSSH's or PEM form, without a passphrase"
        raise Misconfigured("the login key of a server cannot be read", [problem]) from error
