"""The vocabularies of the national system: institutions, templates of answers, categories."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson

from adapters.contract import Call, Term
from adapters.destinations.sp4n.loose import as_identity, as_list, as_number, as_object, parsed
from adapters.destinations.sp4n.options import Options
from adapters.http import HttpClient, classify
from schemas.errors import Busy

Headers = tuple[tuple[str, str], ...]

_LATER = 600.0
"""Seconds until a vocabulary that could not be read is asked for again."""


@dataclass(frozen=True, slots=True)
class Source:
    """One list: where it is asked for, and how a row of it becomes a term."""

    call: Call
    rows: Callable[[Any], list[Any]]
    term: Callable[[dict[str, Any]], Term | None]


def sources(options: Options, address: str, headers: Headers, topics_key: str | None) -> list[Source]:
    """Calls 7 and 8, and the older list of categories where the entry names it."""
    paths = options.paths
    found = [
        Source(_get(address + paths.institutions, headers), _rows_of_results, _institution),
        Source(_get(address + paths.templates, headers), _rows_of_results, _template),
    ]
    if options.topics_url and topics_key:
        found.append(Source(_topics_call(options, options.topics_url, topics_key), as_list, _category))
    return found


async def read_terms(client: HttpClient, wanted: list[Source]) -> list[Term]:
    """Every term of every list. Raises Busy when one of them cannot be read now."""
    found: list[Term] = []
    for source in wanted:
        found += await _terms(client, source)
    return found


async def _terms(client: HttpClient, source: Source) -> list[Term]:
    reply = await client.send(source.call)
    failure = classify(reply)
    rows = [] if failure else source.rows(parsed(reply.body))
    if not rows:
        reason = failure.reason if failure else "no_list"
        wait = failure.retry_after if failure and failure.retry_after is not None else _LATER
        raise Busy(f"a vocabulary could not be read ({reason}); it is asked for again later", wait)
    terms = [source.term(as_object(row)) for row in rows]
    return [term for term in terms if term is not None]


def _get(url: str, headers: Headers) -> Call:
    return Call("GET", url, headers, b"", "sync")


def _topics_call(options: Options, url: str, key: str) -> Call:
    headers: Headers = (("accept", "application/json"), ("content-type", "application/json"))
    if options.topics_key == "header":
        return Call("POST", url, (*headers, ("KEYTOKEN", key)), b"{}", "sync")
    return Call("POST", url, headers, orjson.dumps({"KEYTOKEN": key}), "sync")


def _rows_of_results(body: Any) -> list[Any]:
    return as_list(as_object(as_object(body).get("results")).get("data"))


def _institution(row: dict[str, Any]) -> Term | None:
    return _term("institution", row.get("id"), row.get("name"))


def _template(row: dict[str, Any]) -> Term | None:
    return _term("template", row.get("template_code"), row.get("title"))


def _category(row: dict[str, Any]) -> Term | None:
    parent = as_number(row.get("parent"))
    return _term("category", row.get("id"), row.get("topic_name"), str(parent) if parent else None)


def _term(kind: str, code: Any, name: Any, parent: str | None = None) -> Term | None:
    known = as_identity(code)
    if known is None or not isinstance(name, str) or not name.strip():
        return None
    return Term(kind, known, " ".join(name.split()), parent)
