"""People use the API with keys of their own, and may do what their role may."""

from __future__ import annotations

from gateway.access import split_key
from gateway.ledger.actions import list_actions
from gateway.ledger.user_keys import list_user_keys, revoke_user_key
from gateway.ledger.users import lock_user, set_role
from gateway.roles import ALLOWED, Permission, Role
from gateway.user_access import operator_of
from schemas.errors import Forbidden
from tests.integration.operations.stand import NOW, Stand, bearer

ME = "/v1/ops/me"


async def test_a_key_says_whose_it_is_and_what_it_may_do(stand: Stand) -> None:
    key = await stand.key(Role.OPERATOR, "ani")
    told = (await stand.get(ME, key)).json()
    assert (told["name"], told["role"], set(told["may"])) == ("ani", "operator", set(ALLOWED[Role.OPERATOR]))


async def test_a_stranger_a_wrong_secret_and_a_revoked_key_are_answered_401_alike(stand: Stand) -> None:
    await stand.key(Role.ADMIN)
    revoked = await stand.key(Role.OPERATOR)
    identity, _ = split_key(revoked) or ("", "")
    assert await stand.ledger.write(revoke_user_key, identity, "admin", NOW)
    other = f"sgk_{identity}_{'A' * 43}"
    answers = [await stand.get(ME, key) for key in (None, "sgk_zz_1", f"sgk_{'0' * 16}_x", other, revoked)]
    assert [answer.status_code for answer in answers] == [401] * 5
    assert {answer.headers["content-type"] for answer in answers} == {"application/problem+json"}
    assert len({answer.json()["detail"] for answer in answers[2:]}) == 1


async def test_who_is_locked_out_is_so_by_the_api_too_and_a_new_role_holds_at_once(stand: Stand) -> None:
    await stand.key(Role.ADMIN)
    key = await stand.key(Role.OPERATOR)
    await stand.ledger.write(set_role, "operator", Role.VIEWER, "admin", NOW)
    lowered = (await stand.get(ME, key)).json()["role"]
    await stand.ledger.write(lock_user, "operator", "admin", NOW, locked=True)
    assert (lowered, (await stand.get(ME, key)).status_code) == ("viewer", 401)


async def test_a_role_that_may_not_is_told_what_it_would_need(stand: Stand) -> None:
    key = await stand.key(Role.VIEWER)
    operator = await operator_of(stand.ledger, bearer(key)["authorization"])
    problem = ""
    try:
        operator.require(Permission.REPAIR)
    except Forbidden as error:
        problem = error.detail
    assert (operator.may(Permission.LOOK), "`repair`" in problem) == (True, True)


async def test_making_and_revoking_a_key_stands_in_the_record(stand: Stand) -> None:
    await stand.key(Role.VIEWER, "budi")
    [row] = await stand.ledger.read(list_user_keys, "budi")
    await stand.ledger.write(revoke_user_key, row.id, "ani", NOW)
    again = await stand.ledger.write(revoke_user_key, row.id, "ani", NOW)
    noted = {(one.action, one.actor) for one in await stand.ledger.read(list_actions, subject="budi")}
    assert (noted, again) == ({("user.add", "uji"), ("user_key.add", "uji"), ("user_key.revoke", "ani")}, False)
