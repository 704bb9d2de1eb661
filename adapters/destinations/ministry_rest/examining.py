"""What is wrong with an entry of the kind `ministry_rest` whose fields are each allowed, but not together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from adapters.contract import Circumstances, DestinationEntry, EntryProblem
from adapters.destinations.ministry_rest.options import Options
from adapters.destinations.ministry_rest.signing import SIGNING_SECRET
from adapters.http import BEARER_TOKEN, KEY_PASSWORD, examine_auth, examine_tls
from adapters.outbound.payload import read_payload


def examine(entry: DestinationEntry, around: Circumstances) -> Sequence[EntryProblem]:
    """Every problem, with its place in the entry."""
    options = entry.options
    return [*_problems(entry, options, around)] if isinstance(options, Options) else []


def _problems(entry: DestinationEntry, options: Options, around: Circumstances) -> Iterator[EntryProblem]:
    yield from _of_signature(options, around)
    yield from examine_auth(options.auth, around)
    if options.tls is not None:
        yield from examine_tls(options.tls, entry.secrets.get(KEY_PASSWORD), ("options", "tls"))
    if options.payload is not None:
        place = ("options", "payload")
        _, found = read_payload(options.payload, identity=around.identity, place=place)
        yield from (EntryProblem(*one) for one in found)


def _of_signature(options: Options, around: Circumstances) -> Iterator[EntryProblem]:
    place = ("secrets", SIGNING_SECRET)
    if options.sign and SIGNING_SECRET not in around.secrets:
        written = f"`{SIGNING_SECRET}: env:NAME` or `{SIGNING_SECRET}: file:/path`"
        yield EntryProblem(place, f"is missing; write {written}, or `sign: false` if something else proves the sender")
    if not options.sign and SIGNING_SECRET in around.secrets:
        yield EntryProblem(place, "is used by nothing, because `options.sign` is false; remove one of them")
    proven = bool(options.auth.model_fields_set) or BEARER_TOKEN in around.secrets
    if not (options.sign or proven or (options.tls is not None and options.tls.certificate is not None)):
        told = "may be false only where something else proves the sender; write `auth` or `tls.certificate` beside it"
        yield EntryProblem(("options", "sign"), told)
