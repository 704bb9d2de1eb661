"""What a provider answers is believed when everything fits, and refused plainly and on record otherwise."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from joserfc.jwk import ECKey

from gateway.console.desk import BASE
from gateway.console.lockout import FREE_OF_AN_ADDRESS
from gateway.console.provider_entry import FLOW
from gateway.console.sessions import COOKIE
from tests.fakes.oidc import CLIENT, signed_by_the_public_key, signed_by_the_secret, unsigned
from tests.integration.console.provider import Scene, problem_of


def other_nonce(claims: dict[str, Any], _: object) -> None:
    claims["nonce"] = "0" * 32


def no_nonce(claims: dict[str, Any], _: object) -> None:
    del claims["nonce"]


def other_client(claims: dict[str, Any], _: object) -> None:
    claims["aud"] = "another"


def several_clients(claims: dict[str, Any], _: object) -> None:
    claims["aud"] = [CLIENT, "another"]


def another_party(claims: dict[str, Any], _: object) -> None:
    claims["azp"] = "another"


def other_issuer(claims: dict[str, Any], _: object) -> None:
    claims["iss"] = claims["iss"] + "-2"


def expired(claims: dict[str, Any], _: object) -> None:
    claims["exp"] -= 300 + 61
    claims["iat"] -= 600


def no_end(claims: dict[str, Any], _: object) -> None:
    del claims["exp"]


def of_tomorrow(claims: dict[str, Any], _: object) -> None:
    claims["iat"] += 86_400


def about_nobody(claims: dict[str, Any], _: object) -> None:
    claims["sub"] = ""


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (other_nonce, "wrong_nonce"),
        (no_nonce, "wrong_nonce"),
        (other_client, "invalid_claim"),
        (several_clients, "wrong_audience"),
        (another_party, "wrong_audience"),
        (other_issuer, "invalid_claim"),
        (expired, "expired_token"),
        (no_end, "missing_claim"),
        (of_tomorrow, "invalid_claim"),
        (about_nobody, "invalid_claim"),
    ],
)
async def test_a_token_that_was_made_for_something_else_is_refused(scene: Scene, spoil: Any, reason: str) -> None:
    scene.there.spoil = spoil
    answer = await scene.enter()
    assert (answer.status_code, f"({reason})" in problem_of(answer)) == (403, True)
    assert (COOKIE in answer.cookies, await scene.recorded()) == (False, [("?", "sign_in.refused", reason)])


async def test_a_token_without_a_signature_is_refused(scene: Scene) -> None:
    scene.there.make = unsigned
    assert (await scene.enter()).status_code == 403
    assert await scene.recorded() == [("?", "sign_in.refused", "unsupported_algorithm")]


async def test_a_token_signed_with_the_public_key_as_a_secret_is_refused(scene: Scene) -> None:
    scene.there.make = signed_by_the_public_key(scene.there)
    assert (await scene.enter()).status_code == 403
    assert await scene.recorded() == [("?", "sign_in.refused", "unsupported_algorithm")]


async def test_a_token_signed_with_the_client_s_secret_is_refused(scene: Scene) -> None:
    scene.there.make = signed_by_the_secret
    assert (await scene.enter()).status_code == 403
    assert await scene.recorded() == [("?", "sign_in.refused", "unsupported_algorithm")]


async def test_a_key_that_calls_itself_like_the_listed_one_is_refused(scene: Scene) -> None:
    scene.there.rotate(ECKey.generate_key("P-256", {"kid": "same"}))
    scene.there.signed = ECKey.generate_key("P-256", {"kid": "same"})
    assert (await scene.enter()).status_code == 403
    assert await scene.recorded() == [("?", "sign_in.refused", "bad_signature")]


async def test_new_keys_are_fetched_when_a_token_names_an_unknown_one(scene: Scene) -> None:
    await scene.enter()
    scene.there.rotate()
    scene.stand.clock.at += timedelta(seconds=30)
    answer = await replace(scene, browser=scene.stand.browser()).enter()
    assert (answer.status_code, scene.there.asked.count("/keys")) == (303, 2)


async def test_keys_are_not_fetched_for_each_sign_in(scene: Scene) -> None:
    for _ in range(3):
        await replace(scene, browser=scene.stand.browser()).enter()
    assert (scene.there.asked.count("/keys"), scene.there.asked.count("/.well-known/openid-configuration")) == (1, 1)


async def test_a_key_that_is_never_listed_is_refused(scene: Scene) -> None:
    await scene.enter()
    scene.there.signed = ECKey.generate_key("P-256", {"kid": "stray"})
    scene.stand.clock.at += timedelta(seconds=30)
    assert (await replace(scene, browser=scene.stand.browser()).enter()).status_code == 403
    assert (await scene.recorded())[0] == ("?", "sign_in.refused", "unknown_key")


async def test_an_answer_is_taken_once(scene: Scene) -> None:
    scene.there.codes_last = True  # a provider that takes a code twice: our own record must refuse
    departure = await scene.depart()
    cookies = dict(scene.browser.cookies)
    back = await scene.answered(departure)
    assert (await scene.browser.get(back)).status_code == 303
    again = await scene.stand.browser(**cookies).get(back)
    assert (again.status_code, COOKIE in again.cookies) == (403, False)
    assert sorted(await scene.recorded(), key=str) == [
        ("?", "sign_in.refused", "taken_before"),
        ("ani", "sign_in", "provider"),
    ]


async def test_an_answer_for_another_browser_is_refused_and_its_code_not_used(scene: Scene) -> None:
    mine = await scene.answered(await scene.depart())
    victim = replace(scene, browser=scene.stand.browser())
    await victim.depart()
    answer = await victim.browser.get(mine)
    assert (answer.status_code, scene.there.asked.count("/token")) == (403, 0)
    assert await scene.recorded() == [("?", "sign_in.refused", "wrong_state")]


async def test_an_answer_that_nobody_began_leaves_no_trace(scene: Scene) -> None:
    for _ in range(FREE_OF_AN_ADDRESS + 1):
        answer = await scene.stand.browser().get(f"{BASE}/sign-in/return?code=x&state=y")
    assert (answer.status_code, await scene.recorded()) == (403, [])


async def test_who_guesses_must_wait(scene: Scene) -> None:
    for _ in range(FREE_OF_AN_ADDRESS + 1):
        await scene.depart()
        answer = await scene.browser.get(f"{BASE}/sign-in/return?code=x&state=y")
    assert answer.status_code == 429


async def test_who_took_too_long_begins_again(scene: Scene) -> None:
    back = await scene.answered(await scene.depart())
    scene.stand.clock.at += FLOW + timedelta(seconds=1)
    answer = await scene.browser.get(back)
    assert (answer.status_code, await scene.recorded()) == (403, [("?", "sign_in.refused", "too_late")])


async def test_an_answer_of_another_provider_is_refused(scene: Scene) -> None:
    back = await scene.answered(await scene.depart())
    answer = await scene.browser.get(back.replace(quote(scene.there.issuer, safe=""), quote("https://evil.example")))
    assert (answer.status_code, scene.there.asked.count("/token")) == (403, 0)


async def test_a_provider_that_refuses_is_quoted(scene: Scene) -> None:
    scene.there.refuses = "access_denied"
    answer = await scene.enter()
    assert (answer.status_code, "access_denied" in problem_of(answer)) == (403, True)


async def test_what_the_provider_says_cannot_write_into_the_page(scene: Scene) -> None:
    scene.there.refuses = "<script>alert(1)</script>"
    assert "<script>alert" not in (await scene.enter()).text
