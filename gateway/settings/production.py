"""What production refuses: one row each, with what to set instead."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from gateway.settings.model import Settings
from gateway.settings.signing_in import is_loopback


@dataclass(frozen=True, slots=True)
class Refusal:
    """A setting, when production refuses it, and what is wrong and to be set, in one sentence."""

    setting: str
    refuses: Callable[[Settings], bool]
    told: str


def refusals(settings: Settings) -> list[tuple[str, str]]:
    """Each setting that production refuses, with what to set instead; nothing outside production."""
    if not settings.is_production:
        return []
    return [(one.setting, one.told) for one in REFUSALS if one.refuses(settings)]


def _password_is_the_name(url: str) -> bool:
    parts = urlsplit(url)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return bool(user) and user == password


def _uses_default_account(url: str) -> bool:
    """An AMQP address without a user means guest:guest."""
    return url.startswith("amqp") and (not urlsplit(url).username or _password_is_the_name(url))


def _keys_lie_with_the_data(settings: Settings) -> bool:
    return settings.keys_path.resolve().is_relative_to(settings.data_dir.resolve())


def _takes_mail_in_the_clear(settings: Settings) -> bool:
    host = settings.smtp_address[0] if settings.smtp_address else "localhost"
    is_inside = host in ("localhost", "::1") or host.startswith("127.")
    return not (is_inside or settings.smtp_certificate or settings.smtp_networks)


def _asks_in_the_clear(settings: Settings) -> bool:
    parts = urlsplit(settings.oidc_issuer or "")
    return parts.scheme == "http" and not is_loopback(parts.hostname or "")


REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        "database_url",
        lambda settings: settings.is_embedded and not settings.allow_sqlite,
        "is SQLite, which serves one process on one disk; set postgresql://…, or allow_sqlite to true if that is meant",
    ),
    Refusal(
        "database_url",
        lambda settings: _password_is_the_name(settings.ledger_url),
        "has a password that equals the user's name; give the account a password of its own",
    ),
    Refusal(
        "broker_url",
        lambda settings: settings.broker_url.startswith("memory:") and not settings.is_embedded,
        "is memory://, which no other process hears; set amqp://… or amqps://…",
    ),
    Refusal(
        "broker_url",
        lambda settings: _uses_default_account(settings.broker_url),
        "has the broker's default account or a password that equals the user's name; make an account for the gateway",
    ),
    Refusal(
        "keys_file",
        lambda settings: settings.keys_file is None,
        "is not set; make a key ring, keep a copy of it elsewhere, and set its path outside data_dir",
    ),
    Refusal(
        "keys_file",
        lambda settings: settings.keys_file is not None and _keys_lie_with_the_data(settings),
        "lies inside data_dir, so that one backup holds lock and key; move it and set its new path",
    ),
    Refusal(
        "public_url",
        lambda settings: settings.public_url is None,
        "is not set; set the https:// address under which the gateway is reached",
    ),
    Refusal(
        "public_url",
        lambda settings: settings.public_url is not None and not settings.public_url.startswith("https://"),
        "is not https://; reports hold personal data, set up TLS in front of the gateway",
    ),
    Refusal(
        "smtp_listen",
        _takes_mail_in_the_clear,
        "takes mail from anybody in the clear; set smtp_certificate and smtp_key, or name your relays in smtp_relays",
    ),
    Refusal(
        "oidc_issuer",
        _asks_in_the_clear,
        "is http://, so that anybody on the way could say who somebody is; set the provider's https:// address",
    ),
    Refusal(
        "log_level",
        lambda settings: settings.log_level == "debug",
        "is debug, which fills the disk; set info",
    ),
    Refusal(
        "failpoint",
        lambda settings: settings.failpoint is not None,
        "makes the process die on purpose; remove it",
    ),
)
