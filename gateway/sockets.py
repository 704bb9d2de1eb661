"""The sockets that the gateway listens on."""

from __future__ import annotations

import socket

from schemas.errors import Misconfigured


def is_free(host: str, port: int) -> bool:
    """Whether a server could listen there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def listening(host: str, port: int, backlog: int, *, to: str, mend: str) -> socket.socket:
    """A listening socket. Raises Misconfigured: that it cannot do what it is for (`to`), why, and how to `mend` it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(backlog)
    except OSError as error:
        listener.close()
        raise Misconfigured(f"cannot {to} on {host} port {port}: {error.strerror}. {mend}") from error
    return listener
