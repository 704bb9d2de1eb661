"""What each role of the console is allowed."""

from __future__ import annotations

import pytest

from gateway.roles import ALLOWED, Permission, Role, may


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        (Role.VIEWER, {"look"}),
        (Role.REVIEWER, {"look", "reveal", "review"}),
        (Role.OPERATOR, {"look", "reveal", "review", "repair", "verify"}),
        (Role.ADMIN, {"look", "reveal", "review", "repair", "verify", "set_up", "audit"}),
        (Role.AUDITOR, {"look", "reveal", "verify", "audit"}),
    ],
)
def test_a_role_is_allowed_exactly_this(role: Role, allowed: set[str]) -> None:
    assert {permission.value for permission in Permission if may(role, permission)} == allowed


def test_every_role_stands_in_the_table() -> None:
    assert set(ALLOWED) == set(Role)
