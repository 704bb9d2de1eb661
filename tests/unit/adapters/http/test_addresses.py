"""Which addresses lie inside, however they are wrapped, and what a name is allowed to resolve to."""

from __future__ import annotations

import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.http.addresses import AddressBlocked, GuardedResolver, is_blocked_literal, is_inside

INSIDE = [
    "127.0.0.1",
    "10.0.0.1",
    "172.16.5.4",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "198.18.0.1",
    "192.0.2.1",
    "::",
    "::1",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd12:3456::1",
    "ff02::1",
    "ff0e::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::1",
    "2002:a00:1::1",
    "2001:db8::1",
    "2001:0:4136:e378:8000:63bf:f5ff:fffe",
]
OUTSIDE = ["8.8.8.8", "103.10.66.1", "172.15.0.1", "2001:4860:4860::8888", "::ffff:8.8.8.8", "64:ff9b::808:808"]


@pytest.mark.parametrize("address", INSIDE)
def test_inside_addresses_are_recognised(address: str) -> None:
    assert is_inside(address)


@pytest.mark.parametrize("address", OUTSIDE)
def test_public_addresses_are_let_through(address: str) -> None:
    assert not is_inside(address)


@given(st.ip_addresses(v=4, network="127.0.0.0/8") | st.ip_addresses(v=4, network="10.0.0.0/8"))
def test_no_way_of_wrapping_hides_an_inside_address(address: object) -> None:
    assert is_inside(f"::ffff:{address}")
    assert is_blocked_literal(str(address), frozenset())


def test_a_name_is_no_literal() -> None:
    assert not is_blocked_literal("lapor.contoh.go.id", frozenset())
    assert not is_blocked_literal("127.0.0.1", frozenset({"127.0.0.1"}))


async def test_only_the_public_addresses_of_a_name_are_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    _resolve_to(monkeypatch, "10.0.0.5", "103.10.66.1")
    resolver = GuardedResolver(frozenset())
    found = await resolver.resolve("lapor.contoh.go.id", 443)
    await resolver.close()

    assert [(each["hostname"], each["host"], each["port"]) for each in found] == [
        ("lapor.contoh.go.id", "103.10.66.1", 443)
    ]


async def test_a_name_with_only_inside_addresses_is_blocked(monkeypatch: pytest.MonkeyPatch) -> None:
    _resolve_to(monkeypatch, "10.0.0.5", "::1")
    resolver = GuardedResolver(frozenset())
    with pytest.raises(AddressBlocked):
        await resolver.resolve("lapor.contoh.go.id", 443)
    await resolver.close()


async def test_a_name_that_changes_its_mind_gains_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    resolver = GuardedResolver(frozenset())
    _resolve_to(monkeypatch, "103.10.66.1")
    [judged] = await resolver.resolve("berubah.contoh.example", 443)
    _resolve_to(monkeypatch, "169.254.169.254")
    with pytest.raises(AddressBlocked):
        await resolver.resolve("berubah.contoh.example", 443)
    await resolver.close()

    # What is connected to is the address that was judged: nothing resolves it again.
    assert (judged["host"], judged["flags"]) == ("103.10.66.1", socket.AI_NUMERICHOST)


async def test_one_inside_address_can_be_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    _resolve_to(monkeypatch, "10.0.0.5", "10.0.0.6")
    resolver = GuardedResolver(frozenset({"10.0.0.6"}))
    found = await resolver.resolve("lapor.contoh.go.id", 443)
    await resolver.close()

    assert [each["host"] for each in found] == ["10.0.0.6"]


def _resolve_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    def resolve(_host: str, port: int, **_: object) -> list[object]:
        kinds = {address: socket.AF_INET6 if ":" in address else socket.AF_INET for address in addresses}
        return [(kind, socket.SOCK_STREAM, 6, "", (address, port)) for address, kind in kinds.items()]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
