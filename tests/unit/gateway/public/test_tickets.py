"""What pages hand out and take back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.keyring import make_key_ring
from gateway.public.tickets import FORM_LIFE, SESSION_LIFE, Session, is_form, new_form, new_session, read_session
from gateway.vault import Vault

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
VAULT = Vault(make_key_ring(lambda size: bytes([1]) * size))
OTHER = Vault(make_key_ring(lambda size: bytes([2]) * size))
DESK = Session("loket-kota", "0123456789abcdef")


def entropy(size: int) -> bytes:
    return bytes(range(size))


def test_a_form_comes_back_to_whoever_was_given_it_for_a_day() -> None:
    form = new_form(VAULT, "", entropy, NOW)
    assert is_form(VAULT, "", form, NOW + FORM_LIFE - timedelta(seconds=1))
    assert not is_form(VAULT, "", form, NOW + FORM_LIFE)
    assert not is_form(VAULT, "loket", form, NOW)
    assert not is_form(OTHER, "", form, NOW)


def test_a_session_ends_after_a_day_at_the_desk() -> None:
    cookie = new_session(VAULT, DESK, NOW)
    assert read_session(VAULT, cookie, NOW + SESSION_LIFE - timedelta(seconds=1)) == DESK
    assert read_session(VAULT, cookie, NOW + SESSION_LIFE) is None
    assert read_session(OTHER, cookie, NOW) is None
    assert read_session(VAULT, cookie.replace("kota", "lain"), NOW) is None


@pytest.mark.parametrize(
    "given", ["", "...", "a.9.x", "a.99999999999999999999.b", "a.b.9999999999.ü", "a.b.²." + "0" * 32]
)
def test_what_we_never_gave_out_is_refused(given: str) -> None:
    assert not is_form(VAULT, "", given, NOW)
    assert read_session(VAULT, given, NOW) is None


@given(text=st.text(max_size=120))
def test_any_text_is_only_refused(text: str) -> None:
    assert (is_form(VAULT, "", text, NOW), read_session(VAULT, text, NOW)) == (False, None)
