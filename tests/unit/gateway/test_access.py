"""Credentials of channels: made of enough chance, recognised, and refused when they are anything else."""

from __future__ import annotations

import pytest

from gateway.access import make_credential


def test_a_credential_needs_forty_random_bytes() -> None:
    assert make_credential(bytes(40)).key.startswith("sgk_")
    with pytest.raises(ValueError, match="40 random bytes"):
        make_credential(bytes(39))
