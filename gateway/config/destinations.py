"""The `destinations:` of the configuration file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import ValidationError

from adapters.contract import Circumstances, DestinationEntry, DestinationKind
from gateway.config.conduct import CONDUCT_FIELDS, read_conduct
from gateway.config.fields import Section
from gateway.config.values import DestinationConfig, Rate
from gateway.config.yaml_lines import Entry, Problems, did_you_mean
from gateway.duration import spell_duration
from gateway.polling import PollPolicy
from gateway.retry import MINIMUM_HORIZON, RetryPolicy
from gateway.signing import is_signing_secret
from schemas.base import Schema

FIELDS = (
    "adapter",
    "url",
    "options",
    "secrets",
    "identity",
    "limits",
    "timeouts",
    "retry",
    "polling",
    "private_hosts",
    "paused",
    *CONDUCT_FIELDS,
)
CALLBACK_SECRET = "callback_secret"  # noqa: S105 - the name of a secret
"""With it a destination of any kind may post what became of its cases."""

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,62}")
_RATE = re.compile(r"(\d{1,6})\s*/\s*(s|m|h)")
_SECONDS = {"s": 1.0, "m": 60.0, "h": 3600.0}
_KEPT_ELSEWHERE = "`{0}: env:NAME` or `{0}: file:/path`"
_IN_THE_CLEAR = frozenset({"http", "ws", "ftp", "smtp"})


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the file is read against: the adapters there are, how strict to be, where secrets come from."""

    kinds: Mapping[str, DestinationKind]
    production: bool
    environ: Mapping[str, str]


def read_destination(entry: Entry, name: str, around: Surroundings, problems: Problems) -> DestinationConfig | None:
    """One destination, or None when its adapter or its options cannot be used. Every problem is noted."""
    fields = Section(entry, FIELDS, problems)
    if not _NAME.fullmatch(name):
        problems.add(
            entry.line, entry.path, "a name is small letters, digits, - and _, begins with a letter, at most 63"
        )
    kind = _kind(fields, around)
    retry, polling = _retry(fields, around), _polling(fields)
    concurrency, rate = _limits(fields)
    identity, paused = fields.flag("identity"), fields.flag("paused")
    url = _url(fields, around)
    hosts = _private_hosts(fields, around)
    timeouts = _timeouts(fields)
    conduct = read_conduct(fields)
    if kind is None:
        return None
    secrets = _secrets(fields, kind, around)
    callback = tuple(secrets.pop(CALLBACK_SECRET, "").split())
    options = _options(fields, kind)
    if options is None:
        return None
    built = DestinationEntry(
        name=name,
        url=url,
        options=options,
        secrets=secrets,
        connect_timeout=timeouts[0],
        read_timeout=timeouts[1],
        total_timeout=timeouts[2],
        connections=concurrency,
        private_hosts=hosts,
    )
    _examine(entry, kind, built, Circumstances(bool(identity), around.production, _written(entry)), problems)
    return DestinationConfig(
        kind, built, bool(identity), concurrency, rate, retry, bool(paused), entry.line, polling, conduct, callback
    )


def _examine(
    entry: Entry, kind: DestinationKind, built: DestinationEntry, around: Circumstances, problems: Problems
) -> None:
    """Note what the adapter itself finds wrong, each at its line."""
    for found in kind.examine(built, around) if kind.examine else ():
        setting = ".".join(map(str, (entry.path, *found.place)))
        problems.add(entry.at(found.place).line, setting, found.text)


def _written(entry: Entry) -> frozenset[str]:
    secrets = entry.at(("secrets",)).value
    return frozenset(secrets) if isinstance(secrets, Mapping) else frozenset()


def _kind(fields: Section, around: Surroundings) -> DestinationKind | None:
    name = fields.needed("adapter", f"write one of: {', '.join(sorted(around.kinds))}")
    if name is None:
        return None
    if name not in around.kinds:
        fields.add("adapter", f"`{name}` is no adapter; {did_you_mean(name, around.kinds)}")
        return None
    return around.kinds[name]


def _url(fields: Section, around: Surroundings) -> str:
    url = fields.needed("url", "write the address of the destination, such as https://api.example.go.id/v1")
    if url is None:
        return ""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    if not parts.scheme or not host:
        fields.add("url", "is no address; write it whole, such as https://api.example.go.id/v1")
    elif parts.username or parts.password:
        fields.add("url", "holds a user or password; put it under `secrets` instead")
    elif around.production and parts.scheme in _IN_THE_CLEAR:
        fields.add("url", f"{parts.scheme}:// goes over the net in the clear; production needs https://")
    return url


def _limits(fields: Section) -> tuple[int, Rate | None]:
    limits = fields.section("limits", ("concurrency", "rate"))
    rate = limits.text("rate")
    concurrency = limits.count("concurrency", 8, most=1000)
    if rate is None:
        return concurrency, None
    found = _RATE.fullmatch(rate)
    if found is None or int(found[1]) == 0:
        limits.add("rate", "must be a number of calls per s, m or h, such as 20/s or 600/m")
        return concurrency, None
    return concurrency, Rate(int(found[1]), _SECONDS[found[2]])


def _timeouts(fields: Section) -> tuple[float, float, float]:
    timeouts = fields.section("timeouts", ("connect", "read", "total"))
    connect, read = timeouts.duration("connect", 10.0), timeouts.duration("read", 30.0)
    total = timeouts.duration("total", max(90.0, connect, read))
    if total < max(connect, read):
        timeouts.add("total", "is shorter than `connect` or `read`; it covers the whole call, so make it the longest")
    return connect, read, total


def _retry(fields: Section, around: Surroundings) -> RetryPolicy:
    usual = RetryPolicy()
    retry = fields.section("retry", ("quick", "longest", "horizon", "jitter", "growth"))
    policy = RetryPolicy(
        quick=retry.durations("quick", usual.quick),
        longest=retry.duration("longest", usual.longest),
        horizon=retry.duration("horizon", usual.horizon),
        jitter=retry.number("jitter", usual.jitter, least=0.0, most=1.0),
        growth=retry.number("growth", usual.growth, least=1.0, most=10.0),
    )
    if policy.quick and policy.longest < max(policy.quick):
        retry.add("longest", f"is shorter than a `quick` wait; write {spell_duration(max(policy.quick))} or more")
    if around.production and policy.horizon < MINIMUM_HORIZON:
        least = spell_duration(MINIMUM_HORIZON)
        retry.add("horizon", f"is too short for a weekend with a holiday; production needs {least} or more")
    return policy


def _polling(fields: Section) -> PollPolicy:
    usual = PollPolicy()
    polling = fields.section("polling", ("soonest", "longest", "share", "jitter"))
    policy = PollPolicy(
        soonest=polling.duration("soonest", usual.soonest),
        longest=polling.duration("longest", usual.longest),
        share=polling.number("share", usual.share, least=0.01, most=1.0),
        jitter=polling.number("jitter", usual.jitter, least=0.0, most=1.0),
    )
    if policy.longest < policy.soonest:
        polling.add("longest", f"is shorter than `soonest`; write {spell_duration(policy.soonest)} or more")
    return policy


def _private_hosts(fields: Section, around: Surroundings) -> frozenset[str]:
    hosts = frozenset(host.lower() for host in fields.texts("private_hosts"))
    if hosts and around.production:
        fields.add(
            "private_hosts", "opens the gateway's own network to a destination; production refuses it, remove it"
        )
    return hosts


def _secrets(fields: Section, kind: DestinationKind, around: Surroundings) -> dict[str, str]:
    names = tuple(dict.fromkeys((*kind.secret_names, *kind.optional_secrets, CALLBACK_SECRET)))
    given = fields.section("secrets", names)
    secrets = {}
    for name in names:
        is_needed = name in kind.secret_names
        written = given.needed(name, f"write {_KEPT_ELSEWHERE.format(name)}") if is_needed else given.text(name)
        value = _secret(given, name, written, around) if written else None
        if value:
            secrets[name] = value
    if not all(map(is_signing_secret, secrets.get(CALLBACK_SECRET, "").split())):
        given.add(CALLBACK_SECRET, "must be whsec_ and 24 to 64 bytes in base64; two, with a space between, both count")
    return secrets


def _secret(given: Section, name: str, written: str, around: Surroundings) -> str | None:
    source, _, rest = written.partition(":")
    if source == "env":
        value = around.environ.get(rest, "").strip()
        if not value:
            given.add(name, f"the environment variable {rest} is not set or empty; set it for this process")
        return value
    if source == "file":
        try:
            value = Path(rest).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            given.add(name, f"the file {rest} cannot be read ({type(error).__name__}); check its path and owner")
            return None
        if not value:
            given.add(name, f"the file {rest} is empty; write the secret into it")
        return value
    if around.production:
        given.add(name, f"stands in the file itself; write {_KEPT_ELSEWHERE.format(name)} and keep it there")
    return written


def _options(fields: Section, kind: DestinationKind) -> Schema | None:
    entry = fields.entry("options") or Entry({}, fields.line, f"{fields.path}.options")
    try:
        return kind.options.model_validate(entry.plain())
    except ValidationError as error:
        for one in error.errors():
            place = entry.at(one["loc"])
            setting = ".".join(map(str, (entry.path, *one["loc"])))
            fields.problems.add(place.line, setting, _told(one["type"], one["msg"], one["loc"], place, kind.options))
        return None


def _told(error: str, message: str, where: tuple[int | str, ...], place: Entry, options: type[Schema]) -> str:
    name = str(where[-1]) if where else ""
    if error == "extra_forbidden":
        names = options.model_fields if len(where) == 1 else ()
        return f"is no option of this adapter; {did_you_mean(name, names)}" if names else "is no option of this adapter"
    if error == "missing":
        about = options.model_fields[name].description if len(where) == 1 and name in options.model_fields else None
        return f"is missing; write `{name}: …`" + (f" ({about})" if about else "")
    if error == "string_type" and place.text is not None:
        return f'must be a text; put it in quotes: "{place.text}"'
    return message
