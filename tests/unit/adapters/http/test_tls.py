"""The HTTP client and TLS: who cannot prove themselves get no byte of the request."""

from __future__ import annotations

import ipaddress
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from adapters.contract import Fault
from adapters.http import HttpClient, Limits
from adapters.simulator import Book, Simulator
from tests.fakes.stand import Stand, Taker, get
from tests.unit.adapters.http.conftest import LOCAL


def _certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    )
    (folder / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return folder / "cert.pem", folder / "key.pem"


@pytest.fixture
async def tls_stand(tmp_path: Path) -> AsyncIterator[tuple[Stand, ssl.SSLContext]]:
    certificate, key = _certificate(tmp_path)
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(certificate, key)
    app = Taker()
    simulator = Simulator(app, book=Book(), tls=serving)
    await simulator.start()
    yield Stand(app, simulator), ssl.create_default_context(cafile=str(certificate))
    await simulator.stop()


async def test_a_certificate_of_an_unknown_authority_is_refused_before_anything_is_sent(
    tls_stand: tuple[Stand, ssl.SSLContext], client: HttpClient
) -> None:
    stand, _ = tls_stand

    assert Fault("tls_failed", sent=False) == (await client.send(stand.call())).fault
    assert stand.simulator.bytes_seen == 0


async def test_an_authority_can_be_given(tls_stand: tuple[Stand, ssl.SSLContext]) -> None:
    stand, trust = tls_stand
    client = HttpClient(Limits(), allow_private=LOCAL, tls=trust)
    replies = [await client.send(stand.call(fresh=fresh)) for fresh in (False, True)]
    await client.aclose()

    assert [reply.status for reply in replies] == [200, 200]


async def test_a_server_that_speaks_no_tls_was_sent_no_request(stand: Stand, client: HttpClient) -> None:
    reply = await client.send(get(stand.simulator.url.replace("http:", "https:")))

    assert reply.fault is not None
    assert not reply.fault.sent
    assert stand.simulator.requests == []
