"""A commitment opens with its own salt and content and with nothing else."""

from __future__ import annotations

import hashlib
import hmac

from hypothesis import given
from hypothesis import strategies as st

from gateway.commitments import commitment_of, opens


def test_anybody_can_check_a_commitment_with_plain_hmac() -> None:
    assert commitment_of(b"garam", b"isi") == hmac.new(b"garam", b"isi", hashlib.sha256).digest()


@given(st.binary(min_size=32, max_size=32), st.binary())
def test_a_commitment_opens_with_its_own_salt_and_content(salt: bytes, content: bytes) -> None:
    assert opens(commitment_of(salt, content), salt, content)


@given(st.binary(min_size=32, max_size=32), st.binary())
def test_a_commitment_does_not_open_with_other_content_or_another_salt(salt: bytes, content: bytes) -> None:
    commitment = commitment_of(salt, content)
    assert not opens(commitment, salt, content + b"\0")
    assert not opens(commitment, salt[::-1] + b"\1", content)
