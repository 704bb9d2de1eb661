"""Signing in by an OpenID Connect provider: who comes in, in which role, and who does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from gateway.console.desk import BASE
from gateway.ledger.actions import list_actions
from gateway.ledger.sessions import list_sessions
from gateway.ledger.user_keys import UserKeyRow, add_user_key, list_user_keys
from gateway.ledger.users import list_users, load_user, lock_user
from gateway.roles import Role
from tests.fakes.oidc import Desk
from tests.integration.console.provider import Scene, problem_of, scene_of
from tests.integration.console.stand import Stand


async def test_who_has_a_group_comes_in_where_they_wanted_to(scene: Scene) -> None:
    answer = await scene.enter(next=f"{BASE}/parked?page=2")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{BASE}/parked?page=2")
    page = await scene.browser.get(f"{BASE}/me")
    assert (page.status_code, "ani<small> · operator" in page.text) == (200, True)
    assert await scene.recorded() == [("ani", "sign_in", "provider")]


async def test_the_same_person_is_found_again_by_the_provider_s_own_name_for_them(scene: Scene) -> None:
    await scene.enter()
    scene.there.claims |= {"preferred_username": "ani.baru"}
    await scene.browser.aclose()
    scene.browser = scene.stand.browser()
    await scene.enter()
    assert [user.name for user in await scene.stand.desk.ledger.read(list_users)] == ["ani"]


async def test_an_account_with_a_password_is_never_given_to_somebody_of_that_name(scene: Scene) -> None:
    await scene.stand.add_person("ani", Role.ADMIN)
    await scene.enter()
    users = await scene.stand.desk.ledger.read(list_users)
    assert [(user.name, user.role, user.is_from_provider) for user in users] == [
        ("ani", Role.ADMIN, False),
        ("ani-2", Role.OPERATOR, True),
    ]


async def test_the_role_follows_the_groups_at_each_sign_in(scene: Scene) -> None:
    await scene.enter()
    scene.there.claims |= {"groups": ["lihat"]}
    scene.browser = scene.stand.browser()
    await scene.enter()
    user = await scene.stand.desk.ledger.read(load_user, "ani")
    changes = [one for one in await scene.stand.desk.ledger.read(list_actions) if one.action == "user.role"]
    assert (user and user.role, [one.detail for one in changes]) == (
        Role.VIEWER,
        [{"role": "viewer", "before": "operator"}],
    )


async def test_of_several_groups_the_one_that_the_settings_name_first_counts(scene: Scene) -> None:
    scene.there.claims |= {"groups": ["lihat", "lain", "kepala"]}
    await scene.enter()
    user = await scene.stand.desk.ledger.read(load_user, "ani")
    assert user is not None
    assert user.role is Role.ADMIN


async def test_groups_may_lie_inside_another_claim(stand: Stand, there: Desk) -> None:
    scene = await scene_of(stand, there, oidc_role_claim="realm_access.roles")
    there.claims = {"sub": "s-1", "preferred_username": "ani", "realm_access": {"roles": ["lihat"]}}
    assert (await scene.enter()).status_code == 303


@pytest.mark.parametrize("groups", [{}, {"groups": []}, {"groups": ["operator"]}, {"groups": {"operasi": True}}])
async def test_who_has_no_group_of_the_settings_is_told_so_in_plain_words(scene: Scene, groups: dict[str, Any]) -> None:
    scene.there.claims = {"sub": "s-1", "preferred_username": "ani", **groups}
    answer = await scene.enter()
    assert answer.status_code == 403
    assert "tak satu pun kelompok Anda punya peran di konsol ini" in problem_of(answer)
    assert await scene.recorded() == [("ani", "sign_in.refused", "no_role")]
    assert await scene.stand.desk.ledger.read(list_users) == []


async def test_the_same_is_told_in_english(scene: Scene) -> None:
    scene.there.claims |= {"groups": []}
    await scene.browser.get(f"{BASE}/language?to=en")
    assert "none of your groups has a role in this console" in problem_of(await scene.enter())


async def test_who_lost_every_group_loses_sessions_and_keys(scene: Scene) -> None:
    await scene.enter()
    ledger, now = scene.stand.desk.ledger, scene.stand.clock.now()
    await ledger.write(add_user_key, UserKeyRow("a" * 16, "ani", b"\1" * 32, now), "ani")
    scene.there.claims |= {"groups": []}
    other = replace(scene, browser=scene.stand.browser())
    assert (await other.enter()).status_code == 403
    assert (await scene.browser.get(f"{BASE}/log")).status_code == 303
    assert [key.revoked_at for key in await ledger.read(list_user_keys, "ani")] == [now]


async def test_who_is_locked_out_here_stays_out(scene: Scene) -> None:
    await scene.enter()
    ledger, now = scene.stand.desk.ledger, scene.stand.clock.now()
    await ledger.write(lock_user, "ani", "admin", now, locked=True)
    answer = await replace(scene, browser=scene.stand.browser()).enter()
    assert (answer.status_code, "dikunci" in problem_of(answer)) == (403, True)
    assert ("ani", "sign_in.refused", "locked") in await scene.recorded()
    assert await ledger.read(list_sessions, now - timedelta(days=1)) == []
