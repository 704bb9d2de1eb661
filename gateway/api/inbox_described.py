"""The inboxes in the OpenAPI document: who may fetch, what is handed out, what may be said of it."""

from __future__ import annotations

from typing import Any

_ADDRESS = "/v1/inbox/{destination}"
_UUID = {"type": "string", "format": "uuid"}
_PROBLEMS = {
    "401": "No key, or one that is unknown or revoked",
    "403": "The key is of another inbox",
    "404": "There is no such inbox, or no such case in it",
    "409": "It does not fit what is recorded: acknowledged, given back or not handed out before",
    "422": "A field is missing or wrong; `errors` names each",
    "503": "Nothing was recorded; try again after `Retry-After` seconds",
}
_MESSAGE = {
    "type": "object",
    "required": ["handoff", "attempt", "lease_until", "sha256", "case"],
    "properties": {
        "handoff": {**_UUID, "description": "The same however often the case is handed out: remember it"},
        "attempt": {"type": "integer", "minimum": 1},
        "lease_until": {"type": "string", "format": "date-time"},
        "sha256": {"type": "string", "description": "Of the bytes of `case` as they stand here"},
        "case": {"type": "object", "description": "As the page of ministry_rest describes it"},
    },
}
_SAID = {
    "type": "object",
    "required": ["handoff", "state", "reference", "repeated"],
    "properties": {
        "handoff": _UUID,
        "state": {"type": "string"},
        "reference": {"type": ["string", "null"]},
        "repeated": {"type": "boolean", "description": "It had been said before"},
    },
}
_ACK = {"type": "object", "properties": {"reference": {"type": "string", "minLength": 1, "maxLength": 255}}}
_NACK = {
    "type": "object",
    "required": ["reason"],
    "properties": {
        "reason": {"enum": ["retry", "refuse", "not_ours"]},
        "retry_after": {"type": "number", "minimum": 0, "maximum": 86400},
    },
}
_COUNT = {
    "type": "object",
    "required": ["waiting", "leased"],
    "properties": {"waiting": {"type": "integer"}, "leased": {"type": "integer"}},
}


def describe_inbox(document: dict[str, Any]) -> None:
    """Complete what the framework could tell of these addresses by itself."""
    schemes = document["components"]["securitySchemes"]
    schemes["inboxKey"] = {"type": "http", "scheme": "bearer", "bearerFormat": "sgk_<id>_<secret>"}
    paths = document["paths"]
    fetched = {"type": "object", "required": ["messages"], "properties": {"messages": _list(_MESSAGE)}}
    _complete(paths[_ADDRESS]["get"], "The cases; an empty list when none came", fetched, "401", "403", "404", "422")
    paths[_ADDRESS]["get"]["parameters"] += [_query("wait", "number", 60), _query("limit", "integer", 100)]
    _complete(paths[f"{_ADDRESS}/count"]["get"], "How many", _COUNT, "401", "403", "404")
    told = paths[f"{_ADDRESS}/{{handoff}}/status"]["post"]
    told["requestBody"] = {"required": True, "content": {"application/json": {"schema": _schema("StatusUpdate")}}}
    told["parameters"] += [
        {"name": "Idempotency-Key", "in": "header", "required": True, "schema": {"type": "string", "maxLength": 200}}
    ]
    _complete(told, "The update is kept", _schema("StatusReceipt"), "401", "403", "404", "422")
    for verb, body in (("ack", _ACK), ("nack", _NACK)):
        post = paths[f"{_ADDRESS}/{{handoff}}/{verb}"]["post"]
        post["requestBody"] = {"required": verb == "nack", "content": {"application/json": {"schema": body}}}
        _complete(post, "It is recorded", _SAID, "401", "403", "404", "409", "422")


def _complete(operation: dict[str, Any], said: str, schema: dict[str, Any], *problems: str) -> None:
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    operation["security"] = [{"inboxKey": []}]
    operation["responses"] = {"200": {"description": said, "content": {"application/json": {"schema": schema}}}} | {
        status: {"description": _PROBLEMS[status], "content": problem} for status in (*problems, "503")
    }


def _schema(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _list(schema: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": schema}


def _query(name: str, kind: str, most: int) -> dict[str, Any]:
    least = 1 if kind == "integer" else 0
    return {"name": name, "in": "query", "schema": {"type": kind, "minimum": least, "maximum": most}}
