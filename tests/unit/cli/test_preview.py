"""`destination preview`: what exactly would go; nothing secret in it, and nothing personal without a reason."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from gateway.ledger import Ledger
from gateway.ledger.views import show_report
from tests.unit.cli.world import CONTENT, REPORTER, Cli, World

SIGNING = "whsec_" + "QUFB" * 10
MORE = """
  terbuka:
    adapter: open311
    url: https://kota.example/v2
    identity: true
    options: {service_code: LAIN, attributes: {NIK: "{reporter.nik}"}}
    secrets: {api_key: "kunci rahasia/kota"}
  lama:
    adapter: lapor_xml
    url: https://lapor.example
    secrets: {token: "{rahasia&lama}"}
  sandi:
    adapter: ministry_rest
    url: https://k.example
    options:
      sign: false
      auth: {basic: {username: gateway}, api_key: {place: query}, hmac: {header: X-Sidik}}
    secrets: {basic_password: sandi-rahasia, api_key: kunci-rahasia, hmac_secret: bersama-rahasia}
  izin:
    adapter: ministry_rest
    url: https://k.example
    options: {auth: {oauth2: {token_url: /token, client_id: a}}}
    secrets: {client_secret: rahasia-klien, signing_secret: SIGNING}
routes:
"""


@pytest.fixture
def more(world: World, tmp_path: Path) -> World:
    """The world with destinations of every HTTP kind."""
    config = tmp_path / "gateway.yaml"
    text = config.read_text("utf-8").replace("\nroutes:\n", MORE.replace("SIGNING", SIGNING), 1)
    config.write_text(text, "utf-8")
    return world


def previewed(cli: Cli, *arguments: str) -> dict[str, Any]:
    done = cli("destination", "preview", *arguments, "--json")
    assert done.exit_code == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_a_sample_shows_method_address_headers_and_body(cli: Cli, more: World) -> None:
    shown = previewed(cli, "kemenkes")
    (request,) = shown["requests"]
    headers = dict(request["headers"])
    assert (request["step"], request["method"], request["url"].endswith("/cases")) == ("post", "POST", True)
    assert (headers["content-type"], headers["webhook-signature"]) == ("application/json", "***")
    assert request["body"]["type"] == "case.created"
    assert (shown["entitled"], shown["personal_fields"], request["body"]["case"]["reporter"]) == (False, [], None)


def test_every_step_of_sp4n_is_shown(cli: Cli, more: World) -> None:
    shown = previewed(cli, "sp4n")
    assert [request["step"] for request in shown["requests"]] == ["files", "complaint", "pass_on"]
    assert shown["personal_fields"] == ["name", "phone", "email"]


def test_the_personal_fields_are_those_that_stand_in_the_request(cli: Cli, more: World) -> None:
    assert previewed(cli, "terbuka")["personal_fields"] == ["name", "phone", "email", "nik"]
    assert previewed(cli, "lama")["personal_fields"] == []


@pytest.mark.parametrize("name", ["kemenkes", "sp4n", "terbuka", "lama", "sandi", "izin"])
def test_no_secret_is_shown(cli: Cli, more: World, name: str) -> None:
    told = json.dumps(previewed(cli, name)) + cli("destination", "preview", name).stdout
    secrets = ["token-uji", "kunci+rahasia", "kunci rahasia", "rahasia&amp;lama", "rahasia&lama", "sandi-rahasia"]
    secrets += ["kunci-rahasia", "bersama-rahasia", "rahasia-klien", SIGNING, "Z2F0ZXdheT"]
    assert [secret for secret in secrets if secret in told] == []


def test_a_token_that_is_yet_to_come_is_shown_as_such(cli: Cli, more: World) -> None:
    (request,) = previewed(cli, "izin")["requests"]
    assert dict(request["headers"])["authorization"] == "Bearer ***"


def test_a_stored_report_is_shown_in_its_shape_only(cli: Cli, more: World) -> None:
    for name in ("kemenkes", "lama", "sp4n"):
        shown = previewed(cli, name, more.delivered)
        told = json.dumps(shown, ensure_ascii=False)
        assert (shown["report"], CONTENT in told, REPORTER in told) == (more.delivered, False, False)
        assert f"(isi, {len(CONTENT)} huruf)" in told


def test_what_would_be_refused_is_told_with_its_reason(cli: Cli, more: World) -> None:
    shown = previewed(cli, "terbuka", more.delivered)
    assert shown["requests"] == [{"step": "post", "refused": "no_location"}]
    assert "refused, unsent: no_location" in cli("destination", "preview", "terbuka", more.delivered).stdout


def test_a_stored_report_is_shown_as_it_is_for_a_reason_that_is_recorded(cli: Cli, more: World, tmp_path: Path) -> None:
    told = json.dumps(previewed(cli, "sp4n", more.delivered, "--reveal", "--reason", "uji coba"), ensure_ascii=False)
    assert (CONTENT in told, REPORTER in told) == (True, True)

    async def actions() -> list[tuple[str, Any]]:
        ledger = await Ledger.open(f"sqlite:///{tmp_path / 'data' / 'ledger.sqlite'}")
        record = await ledger.read(show_report, more.delivered)
        await ledger.close()
        assert record is not None
        return [(action.action, action.detail) for action in record.actions]

    assert asyncio.run(actions()) == [("reveal", {"reason": "uji coba", "destination": "sp4n"})]


def test_to_reveal_needs_a_reason(cli: Cli, more: World) -> None:
    done = cli("destination", "preview", "sp4n", more.delivered, "--reveal")
    assert (done.exit_code, "--reveal needs --reason" in done.stderr) == (2, True)


def test_a_destination_that_is_not_configured_is_told(cli: Cli, more: World) -> None:
    done = cli("destination", "preview", "lapor")
    assert (done.exit_code, "sp4n, kemenkes" in done.stderr) == (1, True)
