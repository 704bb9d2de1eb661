"""Around signing in by a provider: where people are led, outages, signing out, passwords beside it."""

from __future__ import annotations

import base64
import re
from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import orjson
import pytest

from gateway.console.desk import BASE
from gateway.console.sessions import COOKIE, SIGN_IN_COOKIE, csrf_of
from gateway.console.sign_out_hint import HINT_COOKIE
from gateway.ledger.users import set_password, set_role
from gateway.roles import Role
from schemas.errors import Invalid
from tests.fakes.oidc import CLIENT, SECRET, Desk
from tests.integration.console.provider import PUBLIC, Scene, problem_of, scene_of
from tests.integration.console.stand import PASSWORD, Stand
from tests.integration.console.test_sign_in import try_to_sign_in


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/console/",
        "//evil.example/console/",
        "/console.evil.example",
        "/console@evil.example",
        "/console/\\evil",
        "javascript:alert(1)",
        "/console/\r\nx: y",
        "/log",
    ],
)
async def test_nobody_is_led_elsewhere(scene: Scene, wanted: str) -> None:
    assert (await scene.enter(next=wanted)).headers["location"] == f"{BASE}/"


async def test_a_provider_that_is_down_is_told_and_passwords_are_still_taken(scene: Scene) -> None:
    await scene.stand.add_person("budi")
    scene.there.down = True
    answer = await scene.depart()
    assert (answer.status_code, "tidak menjawab sebagaimana mestinya" in problem_of(answer)) == (503, True)
    assert 'name="password"' in answer.text


async def test_a_provider_that_goes_down_in_between_is_told_and_recorded(scene: Scene) -> None:
    back = await scene.answered(await scene.depart())
    scene.there.down = True
    answer = await scene.browser.get(back)
    assert (answer.status_code, await scene.recorded()) == (503, [("?", "sign_in.refused", "provider_down")])


async def test_a_provider_that_comes_back_is_asked_again(scene: Scene) -> None:
    scene.there.down = True
    await scene.depart()
    scene.there.down = False
    scene.stand.clock.at += timedelta(seconds=5)
    assert (await scene.enter()).status_code == 303


async def test_a_provider_that_calls_itself_otherwise_is_not_used(scene: Scene) -> None:
    scene.there.described = {"issuer": "https://evil.example"}
    assert (await scene.depart()).status_code == 503


async def signed_out(scene: Scene) -> dict[str, list[str]]:
    """Sign out: with what people are sent on to the provider."""
    form = (await scene.browser.get(f"{BASE}/me")).text
    token = re.search(r'name="csrf" value="([0-9a-f]+)"', form)
    assert token is not None
    answer = await scene.browser.post(f"{BASE}/sign-out", data={"csrf": token[1]})
    onward = re.search(r'content="0; url=([^"]+)"', answer.text)
    assert onward is not None
    return parse_qs(urlsplit(onward[1].replace("&amp;", "&")).query)


async def test_signing_out_ends_the_session_and_leads_to_the_provider(scene: Scene) -> None:
    await scene.enter()
    kept = scene.browser.cookies[HINT_COOKIE]
    query = await signed_out(scene)
    [token] = query.pop("id_token_hint")
    claims = orjson.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    assert (claims["aud"], token in kept) == (CLIENT, False)
    assert query == {"client_id": [CLIENT], "post_logout_redirect_uri": [f"{PUBLIC}{BASE}/sign-in"]}
    assert HINT_COOKIE not in scene.browser.cookies
    assert (await scene.browser.get(f"{BASE}/log")).status_code == 303


@pytest.mark.parametrize("spoiled", ["", "keys.of.another", "no base64!", "of another session"])
async def test_a_hint_that_is_not_this_session_s_is_left_out(scene: Scene, spoiled: str) -> None:
    await scene.enter()
    another = scene.browser.cookies[HINT_COOKIE]
    if spoiled == "of another session":
        scene.browser.cookies.clear()
        await scene.enter()
        spoiled = another
    scene.browser.cookies.delete(HINT_COOKIE)
    scene.browser.cookies.set(HINT_COOKIE, spoiled.replace(" ", "_"))
    assert "id_token_hint" not in await signed_out(scene)


async def test_a_token_that_no_cookie_holds_is_done_without(scene: Scene) -> None:
    scene.there.claims |= {"groups": ["operasi", *(f"bagian-{number}" for number in range(400))]}
    await scene.enter()
    assert HINT_COOKIE not in scene.browser.cookies
    assert set(await signed_out(scene)) == {"client_id", "post_logout_redirect_uri"}


async def test_signing_out_of_a_password_leads_to_the_form(scene: Scene) -> None:
    browser = await scene.stand.signed_in(Role.VIEWER)
    answer = await browser.post(f"{BASE}/sign-out", data={"csrf": browser.headers["x-csrf"]})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{BASE}/sign-in")


async def test_the_provider_opens_a_console_without_users(scene: Scene) -> None:
    answer = await scene.browser.get(f"{BASE}/sign-in")
    assert (answer.status_code, "Masuk lewat 127.0.0.1" in answer.text, 'name="password"' in answer.text) == (
        200,
        True,
        False,
    )


async def test_passwords_can_be_switched_off(stand: Stand, there: Desk) -> None:
    scene = await scene_of(stand, there, password_sign_in=False)
    await scene.stand.add_person("budi")
    page = await scene.browser.get(f"{BASE}/sign-in")
    assert 'name="password"' not in page.text
    token = csrf_of(scene.browser.cookies[SIGN_IN_COOKIE])
    body = urlencode({"csrf": token, "name": "budi", "password": PASSWORD})
    answer = await scene.browser.post(f"{BASE}/sign-in", content=body)
    assert (answer.status_code, COOKIE in answer.cookies) == (403, False)


async def test_without_a_provider_its_addresses_are_not_there(stand: Stand) -> None:
    await stand.add_person("budi")
    statuses = [(await stand.browser().get(f"{BASE}/sign-in/{name}")).status_code for name in ("provider", "return")]
    assert statuses == [404, 404]


async def test_role_and_password_are_the_provider_s(scene: Scene) -> None:
    await scene.enter()
    ledger, now = scene.stand.desk.ledger, scene.stand.clock.now()
    with pytest.raises(Invalid, match="sign-in provider's"):
        await ledger.write(set_password, "ani", "hash", "admin", now)
    with pytest.raises(Invalid, match="sign-in provider's"):
        await ledger.write(set_role, "ani", Role.ADMIN, "admin", now)


async def test_nobody_enters_such_an_account_with_a_password(scene: Scene) -> None:
    await scene.enter()
    browser = scene.stand.browser()
    await scene.stand.add_person("budi")
    for password, status in (("", 422), ("nobody signs in with this", 403)):
        assert (await try_to_sign_in(browser, password)).status_code == status


@pytest.mark.parametrize("secret", [SECRET, None])
@pytest.mark.parametrize("methods", [["client_secret_post"], ["client_secret_basic", "private_key_jwt"], None])
async def test_the_client_proves_itself_as_the_provider_wants(
    stand: Stand, there: Desk, secret: str | None, methods: list[str] | None
) -> None:
    there.secret = secret
    there.described = {} if methods is None else {"token_endpoint_auth_methods_supported": methods}
    scene = await scene_of(stand, there, oidc_client_secret=secret)
    assert (await scene.enter()).status_code == 303


async def test_a_wrong_secret_is_told(stand: Stand, there: Desk) -> None:
    scene = await scene_of(stand, there, oidc_client_secret="another")
    assert (await scene.enter()).status_code == 403
    assert await scene.recorded() == [("?", "sign_in.refused", "token_http_401")]


async def test_the_cookies_are_kept_from_scripts(scene: Scene) -> None:
    departure = await scene.depart()
    back = await scene.answered(departure)
    entered = await scene.browser.get(back)
    made = [*departure.headers.get_list("set-cookie"), *entered.headers.get_list("set-cookie")]
    assert [all(word in one for word in ("HttpOnly", "SameSite=lax", f"Path={BASE}")) for one in made] == [True] * 5
    assert "default-src 'none'" in departure.headers["content-security-policy"]
