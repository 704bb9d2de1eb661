"""People of the console: made, given roles, locked out; their sessions; the tries that failed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gateway.ledger import Ledger
from gateway.ledger.actions import list_actions
from gateway.ledger.saved_views import SavedView, drop_view, list_views, save_view
from gateway.ledger.sessions import (
    SessionRow,
    count_try,
    failures_of,
    find_session,
    forget_tries,
    list_sessions,
    open_session,
    revoke_session,
)
from gateway.ledger.users import UserRow, add_user, has_users, list_users, load_user, lock_user, set_password, set_role
from gateway.roles import Role
from schemas.errors import Invalid, NotFound
from tests.integration.ledger.making import LATER, NOW, hashed, new_id

ANI = UserRow("ani", Role.ADMIN, "hash of ani", NOW, NOW)
BUDI = UserRow("budi", Role.VIEWER, "hash of budi", NOW, NOW)


@pytest.fixture
async def people(ledger: Ledger) -> Ledger:
    """An admin and a viewer."""
    await ledger.write(add_user, ANI, "cli:root")
    await ledger.write(add_user, BUDI, "ani")
    return ledger


def a_session(name: str) -> SessionRow:
    return SessionRow(new_id(NOW), hashed(f"token of {name}", 32), name, NOW, NOW, "10.0.0.1", "Firefox")


async def test_nobody_is_there_at_first(ledger: Ledger) -> None:
    assert await ledger.read(has_users) is False


async def test_users_are_listed_by_name(people: Ledger) -> None:
    assert (await people.read(list_users), await people.read(has_users)) == ([ANI, BUDI], True)


async def test_a_name_is_used_once(people: Ledger) -> None:
    with pytest.raises(Invalid):
        await people.write(add_user, BUDI, "ani")


async def test_a_role_is_changed_and_noted(people: Ledger) -> None:
    await people.write(set_role, "budi", Role.OPERATOR, "ani", LATER)
    user = await people.read(load_user, "budi")
    assert user is not None
    noted = (await people.read(list_actions, subject="budi"))[0]
    assert (user.role, noted.action, noted.actor) == (Role.OPERATOR, "user.role", "ani")


async def test_the_last_admin_stays_one(people: Ledger) -> None:
    with pytest.raises(Invalid):
        await people.write(set_role, "ani", Role.VIEWER, "ani", LATER)
    with pytest.raises(Invalid):
        await people.write(lock_user, "ani", "ani", LATER, locked=True)


async def test_nobody_is_changed_who_is_not_there(people: Ledger) -> None:
    with pytest.raises(NotFound):
        await people.write(set_role, "citra", Role.VIEWER, "ani", LATER)


async def test_a_session_is_found_by_its_token_with_the_role(people: Ledger) -> None:
    session = a_session("budi")
    await people.write(open_session, session)
    assert await people.read(find_session, session.digest) == (session, "viewer")


async def test_a_session_that_was_revoked_is_none(people: Ledger) -> None:
    session = a_session("budi")
    await people.write(open_session, session)
    assert await people.write(revoke_session, session.id, "ani", LATER) is True
    assert (await people.read(find_session, session.digest), await people.read(list_sessions, NOW)) == (None, [])
    assert await people.write(revoke_session, session.id, "ani", LATER) is False


@pytest.mark.parametrize("how", ["lock", "password"])
async def test_a_locked_user_and_a_new_password_end_every_session(people: Ledger, how: str) -> None:
    session = a_session("budi")
    await people.write(open_session, session)
    if how == "lock":
        await people.write(lock_user, "budi", "ani", LATER, locked=True)
    else:
        await people.write(set_password, "budi", "another hash", "ani", LATER)
    assert await people.read(find_session, session.digest) is None


async def test_who_was_let_in_again_may_sign_in(people: Ledger) -> None:
    changes = [await people.write(lock_user, "budi", "ani", LATER, locked=locked) for locked in (True, True, False)]
    user = await people.read(load_user, "budi")
    assert user is not None
    assert (changes, user.locked_at) == ([True, False, True], None)


async def test_tries_are_counted_until_they_are_forgotten(ledger: Ledger) -> None:
    keys = [hashed("name"), hashed("address")]
    for _ in range(3):
        await ledger.write(count_try, keys, NOW, NOW - timedelta(hours=1))
    counted = sorted(one.count for one in await ledger.read(failures_of, keys))
    await ledger.write(forget_tries, keys[:1])
    assert (counted, [one.key for one in await ledger.read(failures_of, keys)]) == ([3, 3], keys[1:])


async def test_old_tries_are_not_held_against_anybody(ledger: Ledger) -> None:
    await ledger.write(count_try, [hashed("name")], NOW, NOW - timedelta(hours=1))
    await ledger.write(count_try, [hashed("other")], LATER, LATER)
    assert await ledger.read(failures_of, [hashed("name")]) == []


async def test_a_view_is_its_owners_or_shared(ledger: Ledger) -> None:
    mine = SavedView(new_id(NOW), "ani", "parked at sp4n", "state=parked", False, NOW)
    shared = SavedView(new_id(NOW), "ani", "refused", "outcome=refused", True, NOW)
    for view in (mine, shared):
        await ledger.write(save_view, view)
    assert (await ledger.read(list_views, "ani"), await ledger.read(list_views, "budi")) == ([mine, shared], [shared])


async def test_a_view_of_the_same_name_replaces_the_first(ledger: Ledger) -> None:
    for query in ("state=parked", "state=uncertain"):
        await ledger.write(save_view, SavedView(new_id(NOW), "ani", "mine", query, False, NOW))
    assert [view.query for view in await ledger.read(list_views, "ani")] == ["state=uncertain"]


async def test_a_view_is_forgotten_by_its_owner_only(ledger: Ledger) -> None:
    view = SavedView(new_id(NOW), "ani", "mine", "state=parked", True, NOW)
    await ledger.write(save_view, view)
    assert await ledger.write(drop_view, view.id, "budi") is False
    assert await ledger.write(drop_view, view.id, "ani") is True
