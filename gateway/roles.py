"""Who may do what in the console: the one table of roles and what each of them is allowed."""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    """One kind of thing that a person may do."""

    LOOK = "look"
    """See deliveries, queues and settings; never who reported."""
    REVEAL = "reveal"
    """See a report's text and its reporter, for a reason that is recorded; find reports by phone number or NIK."""
    REVIEW = "review"
    """Decide about reports that screening held."""
    REPAIR = "repair"
    """Redrive, resolve and cancel handoffs; pause and resume destinations."""
    VERIFY = "verify"
    """Have the journal checked against the ledger."""
    SET_UP = "set_up"
    """Make and revoke the keys of channels; make users and give them roles."""
    AUDIT = "audit"
    """See what everybody did."""


class Role(StrEnum):
    """What a person is in the console."""

    VIEWER = "viewer"
    """Watches."""
    REVIEWER = "reviewer"
    """Decides about reports that were held."""
    OPERATOR = "operator"
    """Repairs deliveries."""
    ADMIN = "admin"
    """Sets up channels and users."""
    AUDITOR = "auditor"
    """Sees everything, changes nothing."""


_REVIEWER = frozenset({Permission.LOOK, Permission.REVEAL, Permission.REVIEW})
ALLOWED: dict[Role, frozenset[Permission]] = {
    Role.VIEWER: frozenset({Permission.LOOK}),
    Role.REVIEWER: _REVIEWER,
    Role.OPERATOR: _REVIEWER | {Permission.REPAIR, Permission.VERIFY},
    Role.ADMIN: frozenset(Permission),
    Role.AUDITOR: frozenset({Permission.LOOK, Permission.REVEAL, Permission.VERIFY, Permission.AUDIT}),
}


def may(role: Role, permission: Permission) -> bool:
    """Whether the role is allowed it."""
    return permission in ALLOWED[role]
