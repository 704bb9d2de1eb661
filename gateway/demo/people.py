"""The user of the demonstration's console, made on the first run."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from pathlib import Path

from gateway.demo.channels import write_private
from gateway.ledger import Ledger
from gateway.ledger.users import UserRow, add_user, load_user
from gateway.passwords import hash_password
from gateway.roles import Role

USER = "demo"


async def console_user(ledger: Ledger, file: Path) -> None:
    """Make the user, an admin, and keep the password in the file."""
    if await ledger.read(load_user, USER) is not None:
        return
    now = datetime.now(UTC)
    password = secrets.token_urlsafe(12)
    write_private(file, password)
    await ledger.write(add_user, UserRow(USER, Role.ADMIN, hash_password(password), now, now), "demo")
