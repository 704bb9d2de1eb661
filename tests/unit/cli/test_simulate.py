"""A simulated ministry speaks TLS and lets in only whom its authorities vouch for."""

from __future__ import annotations

import ssl
from pathlib import Path

import httpx
import pytest

from adapters.destinations.ministry_rest import simulator as ministry
from adapters.simulator import Book, Simulator
from gateway.cli.simulate import tls_of
from schemas.errors import Misconfigured
from tests.fakes.certificates import Authority, an_authority


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return an_authority(tmp_path)


async def test_with_mutual_tls_only_a_client_with_a_certificate_is_answered(authority: Authority) -> None:
    simulator = Simulator(
        ministry.simulated(), book=Book(), tls=tls_of(*authority.issue("kementerian"), authority.file)
    )
    await simulator.start()
    unknown, known = (ssl.create_default_context(cafile=str(authority.file)) for _ in range(2))
    known.load_cert_chain(*authority.issue("gateway"))
    async with httpx.AsyncClient(verify=known, trust_env=False) as client:
        assert (await client.get(f"{simulator.url}/_simulator/book")).status_code == 200
    async with httpx.AsyncClient(verify=unknown, trust_env=False) as client:
        with pytest.raises(httpx.TransportError):
            await client.get(f"{simulator.url}/_simulator/book")
    await simulator.stop()


def test_without_certificates_it_speaks_plain_http_and_half_of_them_are_refused(authority: Authority) -> None:
    certificate, key = authority.issue("kementerian")
    assert tls_of(None, None, None) is None
    with pytest.raises(Misconfigured, match="both"):
        tls_of(certificate, None, None)
    with pytest.raises(Misconfigured, match="cannot be used"):
        tls_of(certificate, key.with_name("nowhere.key"), None)
