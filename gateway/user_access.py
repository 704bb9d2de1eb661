"""Who asks by the API in a person's name: keys of the same kind as the channels', each of one user of the console."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gateway.access import fits, make_credential, split_key
from gateway.ledger import Ledger
from gateway.ledger.user_keys import UserKeyRow, find_user_key
from gateway.roles import Permission, Role, may
from schemas.errors import Forbidden, Unauthenticated

USER_NAME = r"^[a-z][a-z0-9._-]{0,31}$"
"""What a user may be called."""


@dataclass(frozen=True, slots=True)
class Operator:
    """Whose key it is, `key` by its public half."""

    name: str
    role: Role
    key: str

    @property
    def actor(self) -> str:
        """How the record of actions names them: as it does for what they do in the console."""
        return self.name

    def may(self, permission: Permission) -> bool:
        """Whether they are allowed it."""
        return may(self.role, permission)

    def require(self, permission: Permission) -> None:
        """Raises Forbidden unless they are allowed it."""
        if not self.may(permission):
            raise Forbidden(f"the role {self.role.value} is not allowed this: it needs `{permission.value}`")


def make_user_key(name: str, entropy: bytes, now: datetime) -> tuple[UserKeyRow, str]:
    """The row of a new key, and the key itself, which is never kept. `entropy` has 40 random bytes."""
    made = make_credential(entropy)
    return UserKeyRow(made.id, name, made.digest, now), made.key


async def operator_of(ledger: Ledger, authorization: str | None) -> Operator:
    """Whose key stands in an `Authorization: Bearer` header, checked in constant time.

    Raises Unauthenticated for none, one that is unknown or revoked, or one whose user is locked out. Nothing is
    remembered: a key that was revoked, a role that was changed hold from the next request.
    """
    scheme, _, key = (authorization or "").partition(" ")
    parts = split_key(key.strip()) if scheme.lower() == "bearer" else None
    if parts is None:
        raise Unauthenticated("send your own key as `Authorization: Bearer sgk_...`; `user key add` makes one")
    found = await ledger.read(find_user_key, parts[0])
    if found is None or found[0].revoked_at is not None or not fits(parts[1], found[0].digest):
        raise Unauthenticated("this key is of no user, or revoked; ask an admin for a new one")
    row, user = found
    if user.locked_at is not None:
        raise Unauthenticated("the user of this key is locked out; ask an admin")
    return Operator(user.name, user.role, row.id)
