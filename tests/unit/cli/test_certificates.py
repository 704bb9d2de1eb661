"""Certificates as `doctor` and `destination test` see them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.contract import DestinationEntry
from adapters.destinations.ministry_rest.options import Options
from adapters.simulator import Book, Simulator
from gateway.certificates import expiry_of, trust_of
from gateway.cli.examination import examine_certificate
from gateway.cli.examined import Grade
from gateway.probing import probe
from schemas.base import Schema
from tests.fakes.certificates import an_authority
from tests.fakes.stand import Taker

NOW = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("days", "grade"), [(-1, Grade.ILL), (0, Grade.ILL), (1, Grade.CARE), (29, Grade.CARE), (30, Grade.WELL)]
)
def test_a_certificate_is_told_of_a_month_before_it_expires(days: int, grade: Grade) -> None:
    found = examine_certificate("kemenkes", NOW + timedelta(days=days), NOW)
    assert (found.part, found.grade, found.mend is None) == ("certificate for kemenkes", grade, grade is Grade.WELL)


def test_a_destination_without_one_has_none() -> None:
    for options in (Schema(), Options()):
        entry = DestinationEntry("x", "https://x.example", options, {})
        assert (trust_of(entry), expiry_of(entry)) == (None, None)


async def test_a_server_of_an_authority_of_its_own_can_be_reached(tmp_path: Path) -> None:
    authority = an_authority(tmp_path)
    certificate, key = authority.issue("gateway")
    files = {"certificate": str(certificate), "key": str(key), "ca": str(authority.file)}
    simulator = Simulator(Taker(), book=Book(), tls=authority.serving())
    await simulator.start()
    entry = DestinationEntry("x", simulator.url, Options.model_validate({"tls": files}), {})
    told = [await probe(entry.url, 20, trust) for trust in (trust_of(entry), None)]
    await simulator.stop()
    assert told[0] is None
    assert told[1] is not None
    assert "TLS with 127.0.0.1" in told[1]
    expiry = expiry_of(entry)
    assert expiry is not None
    assert expiry > datetime.now(UTC)
