"""A ministry is shown who sends in the way that it wants, and says in its book which one it was."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.contract import DestinationEntry
from adapters.destinations.ministry_rest.adapter import Ministry, build
from adapters.destinations.ministry_rest.simulated_proofs import REVOKE
from adapters.destinations.ministry_rest.simulator import simulated
from adapters.http import HttpClient, Limits
from adapters.simulator import Book, FaultRule, SimulatedRequest, Simulator
from schemas.errors import Misconfigured
from schemas.handoff import Outcome, OutcomeKind
from tests.contracts.play import play_step
from tests.fakes.cases import a_case
from tests.fakes.certificates import Authority, an_authority
from tests.unit.adapters.ministry_rest.builders import an_entry

DELIVERED, DEFERRED, UNCERTAIN = OutcomeKind.DELIVERED, OutcomeKind.DEFERRED, OutcomeKind.UNCERTAIN
OAUTH2 = {"token_url": "/oauth/token", "client_id": "klien:contoh"}

WAYS: dict[str, tuple[list[str], dict[str, Any], dict[str, str]]] = {
    "api_key": (["api_key"], {"api_key": {}}, {"api_key": "kunci-contoh"}),
    "api_key_in_query": (["api_key_in_query"], {"api_key": {"place": "query"}}, {"api_key": "kunci-contoh"}),
    "basic": (["basic"], {"basic": {"username": "gateway"}}, {"basic_password": "sandi contoh"}),
    "bearer": (["bearer"], {}, {"bearer_token": "token-contoh"}),
    "oauth2_basic": (["oauth2"], {"oauth2": OAUTH2}, {"client_secret": "rahasia klien"}),
    "oauth2_post": (
        ["oauth2"],
        {"oauth2": OAUTH2 | {"client_authentication": "post"}},
        {"client_secret": "rahasia klien"},
    ),
    "hmac": (["hmac"], {"hmac": {}}, {"hmac_secret": "rahasia-bersama"}),
    "hmac_of_timestamp": (
        ["hmac_of_timestamp"],
        {"hmac": {"algorithm": "sha512", "encoding": "base64", "signs": "timestamp.body"}},
        {"hmac_secret": "rahasia-bersama"},
    ),
    "signature_too": (["signature", "hmac"], {"hmac": {}}, {"hmac_secret": "rahasia-bersama"}),
}


def written(url: str, auth: dict[str, Any], secrets: dict[str, str], **options: Any) -> DestinationEntry:
    entry = an_entry(url, secrets=secrets, auth=auth, **options)
    used = {
        name: value for name, value in entry.secrets.items() if name != "signing_secret" or options.get("sign", True)
    }
    return replace(entry, secrets=used)


@asynccontextmanager
async def a_stand(
    entry: dict[str, Any], wants: list[str], authority: Authority | None = None, **simulation: Any
) -> AsyncIterator[tuple[Ministry, Simulator]]:
    app = simulated(wants=wants, **simulation)
    simulator = Simulator(app, book=Book(), tls=authority.serving() if authority else None)
    await simulator.start()
    ministry = build(written(simulator.url, **entry))
    try:
        yield ministry, simulator
    finally:
        await ministry.aclose()
        await simulator.stop()


async def posted(ministry: Ministry) -> Outcome:
    step = ministry.next_step(a_case())
    assert step is not None
    return (await play_step(ministry, a_case(), step)).outcome


@pytest.mark.parametrize("way", WAYS)
async def test_each_way_is_taken_and_stands_in_the_book(way: str) -> None:
    wants, auth, secrets = WAYS[way]
    entry = {"auth": auth, "secrets": secrets, "sign": "signature" in wants}
    async with a_stand(entry, wants) as (ministry, simulator):
        outcome = await posted(ministry)
    assert (outcome.kind, [one["proofs"] for one in simulator.book.entries]) == (DELIVERED, [wants])


@pytest.mark.parametrize("way", [way for way in WAYS if way != "oauth2_post"])
async def test_a_wrong_secret_waits_for_the_operator(way: str) -> None:
    wants, auth, secrets = WAYS[way]
    entry = {"auth": auth, "secrets": dict.fromkeys(secrets, "keliru"), "sign": "signature" in wants}
    async with a_stand(entry, wants) as (ministry, simulator):
        outcome = await posted(ministry)
    assert (outcome.kind, len(simulator.book)) == (DEFERRED, 0)


# -------------------------------------------------------------------------------------------------------------- OAuth 2


def oauth2(**options: Any) -> dict[str, Any]:
    return {"auth": {"oauth2": OAUTH2}, "secrets": {"client_secret": "rahasia klien"}, **options}


async def test_a_token_is_fetched_once_for_many_calls() -> None:
    async with a_stand(oauth2(), ["signature", "oauth2"]) as (ministry, simulator):
        for _ in range(3):
            await posted(ministry)
        assert [seen.path for seen in simulator.requests] == ["/oauth/token", "/cases", "/cases", "/cases"]


async def test_a_token_that_was_revoked_is_renewed_once_and_the_same_body_sent_again() -> None:
    async with a_stand(oauth2(repeat="neither"), ["signature", "oauth2"], mode="neither") as (ministry, simulator):
        await posted(ministry)
        simulator.app.take(SimulatedRequest("POST", REVOKE, {}, {}, b""), simulator.book)
        outcome = await posted(ministry)
        paths = [seen.path for seen in simulator.requests[2:]]
    first, second = simulator.book.entries
    assert (outcome.kind, paths) == (DELIVERED, ["/cases", "/oauth/token", "/cases"])
    assert first["digest"] == second["digest"]


async def test_a_destination_that_refuses_every_token_is_asked_twice_and_no_more() -> None:
    async with a_stand(oauth2(), ["signature", "oauth2"]) as (ministry, simulator):
        await simulator.set_faults([FaultRule("status", status=401, path="/cases", times=0)])
        outcome = await posted(ministry)
        assert (outcome.kind, outcome.status) == (DEFERRED, 401)
        assert [seen.path for seen in simulator.requests] == ["/oauth/token", "/cases", "/oauth/token", "/cases"]


async def test_what_becomes_of_the_second_sending_is_what_is_told() -> None:
    async with a_stand(oauth2(repeat="neither"), ["signature", "oauth2"]) as (ministry, simulator):
        rules = [FaultRule("status", status=401, path="/cases"), FaultRule("reset_after", request=2, path="/cases")]
        await simulator.set_faults(rules)
        outcome = await posted(ministry)
        assert (outcome.kind, len(simulator.book)) == (UNCERTAIN, 1)


@pytest.mark.parametrize("kind", ["status", "reset_after", "html", "malformed", "no_id", "truncated", "redirect"])
async def test_a_token_endpoint_that_misbehaves_leaves_the_case_waiting_and_unsent(kind: str) -> None:
    async with a_stand(oauth2(repeat="neither"), ["signature", "oauth2"]) as (ministry, simulator):
        await simulator.set_faults([FaultRule(kind, path="/oauth/token", times=0)])
        outcome = await posted(ministry)
        assert (outcome.kind, outcome.reason.partition("_")[0]) == (DEFERRED, "token")
        assert [seen.path for seen in simulator.requests] == ["/oauth/token"]


# ----------------------------------------------------------------------------------------------------------- mutual TLS


def certified(authority: Authority, **files: Any) -> dict[str, Any]:
    certificate, key = authority.issue("gateway.sp4n.example", **files)
    tls = {"certificate": str(certificate), "key": str(key), "ca": str(authority.file)}
    return {"auth": {}, "secrets": {}, "sign": False, "tls": tls, "repeat": "neither"}


async def test_a_client_certificate_is_shown_to_a_server_of_an_authority_of_its_own(tmp_path: Path) -> None:
    authority = an_authority(tmp_path)
    async with a_stand(certified(authority), ["certificate"], authority) as (ministry, simulator):
        outcome = await posted(ministry)
    assert (outcome.kind, [one["proofs"] for one in simulator.book.entries]) == (DELIVERED, [["certificate"]])


async def test_an_encrypted_key_is_opened_with_its_password(tmp_path: Path) -> None:
    authority = an_authority(tmp_path)
    entry = certified(authority, password="buka") | {"secrets": {"key_password": "buka"}}
    async with a_stand(entry, ["certificate"], authority) as (ministry, _):
        assert (await posted(ministry)).kind is DELIVERED


async def test_when_the_certificate_expires_can_be_read(tmp_path: Path) -> None:
    entry = certified(an_authority(tmp_path), days=30)
    ministry = build(written("https://127.0.0.1", **entry))
    expires_at = ministry.certificate_expires_at
    assert expires_at is not None
    assert timedelta(days=29) < expires_at - datetime.now(UTC) < timedelta(days=31)


async def test_with_a_certificate_that_has_expired_nothing_is_sent(tmp_path: Path) -> None:
    authority = an_authority(tmp_path)
    async with a_stand(certified(authority, days=-1), ["certificate"], authority) as (ministry, simulator):
        outcome = await posted(ministry)
        assert (outcome.kind, outcome.reason, simulator.connections) == (DEFERRED, "certificate_expired", 0)


@pytest.mark.parametrize(("newest", "expected"), [("1.2", DEFERRED), ("1.3", UNCERTAIN)])
async def test_a_server_that_wants_another_certificate_is_certain_only_before_tls_1_3(
    tmp_path: Path, newest: str, expected: OutcomeKind
) -> None:
    (tmp_path / "lain").mkdir()
    ours, theirs = an_authority(tmp_path), an_authority(tmp_path / "lain")
    entry = certified(theirs)
    entry["tls"] |= {"ca": str(ours.file), "newest": newest}
    async with a_stand(entry, ["certificate"], ours) as (ministry, simulator):
        outcome = await posted(ministry)
        assert (outcome.kind, simulator.bytes_seen) == (expected, 0)


async def test_a_server_of_an_unknown_authority_gets_nothing(tmp_path: Path) -> None:
    (tmp_path / "lain").mkdir()
    ours, theirs = an_authority(tmp_path), an_authority(tmp_path / "lain")
    async with a_stand(certified(ours), ["certificate"], theirs) as (ministry, simulator):
        outcome = await posted(ministry)
        assert (outcome.kind, outcome.reason, simulator.bytes_seen) == (DEFERRED, "tls_failed", 0)


def test_files_that_cannot_be_used_are_told_when_it_is_built(tmp_path: Path) -> None:
    entry = certified(an_authority(tmp_path))
    entry["tls"]["key"] = str(tmp_path / "tidak-ada.key")
    with pytest.raises(Misconfigured, match="certificates of kementerian-contoh"):
        build(written("https://127.0.0.1", **entry))


# --------------------------------------------------------------------------------------------------------------- rules


async def test_the_signature_of_a_body_does_not_depend_on_the_time() -> None:
    entry = written("https://k.example", {"hmac": {"prefix": "sha256="}}, {"hmac_secret": "r"}, sign=False)
    ministry = Ministry(entry, entry.options, HttpClient(Limits()))  # type: ignore[arg-type]
    step = ministry.next_step(a_case())
    assert step is not None
    early, late = (ministry.build(a_case(), step, datetime(year, 1, 1, tzinfo=UTC)) for year in (2026, 2027))
    assert early == late
    assert dict(early.headers)["X-Signature"].startswith("sha256=")
