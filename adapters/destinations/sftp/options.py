"""What an entry of the kind `sftp` may say."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from schemas.base import Schema

LOGIN_KEY = "login_key"
PASSWORD = "password"  # noqa: S105 - the name of a secret
"""The secrets to log in with, of which an entry gives one."""

Fingerprint = Annotated[str, StringConstraints(pattern=r"^SHA256:[A-Za-z0-9+/]{43}$")]
"""As `ssh-keygen -lf` prints it: SHA-256 in base64, without padding (RFC 4648)."""


class Options(Schema):
    """How one server takes cases."""

    host_keys: Annotated[tuple[Fingerprint, ...], Field(min_length=1, max_length=4)] = Field(
        description="Fingerprints of the server's key, SHA256:…; a second one while it is being changed"
    )
    user: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._@-]{1,64}$")] = Field(
        description="The name to log in with"
    )
    poll_every: float = Field(
        default=300.0, ge=10, le=21_600, description="Seconds between two looks for the acknowledgement"
    )
    send_files: bool = Field(default=False, description="Whether the bytes of attachments go along, in base64")
