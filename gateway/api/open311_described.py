"""The Open311 addresses in the OpenAPI document: what they take, and that they answer in two formats."""

from __future__ import annotations

from typing import Any

_PREFIX = "/open311/v2/"
_ERRORS = {
    "400": "What is wrong with the request",
    "403": "The `api_key` is missing, unknown, or of another kind of channel",
    "404": "There is no such jurisdiction, service, request or format",
    "503": "Nothing can be kept just now; try again after `Retry-After` seconds",
}
_ERROR_LIST = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["code", "description"],
        "properties": {"code": {"type": "integer"}, "description": {"type": "string"}},
    },
}
_QUERY = {
    "requests.{fmt}": ("service_request_id", "service_code", "start_date", "end_date", "status"),
    "servicerequestupdates.{fmt}": ("start_date", "end_date"),
}
_ASKED = ("jurisdiction_id", "api_key")
_FIELDS = {
    "requests.{fmt}": (
        "jurisdiction_id", "service_code", "lat", "long", "address_string", "address_id", "email", "device_id",
        "account_id", "first_name", "last_name", "phone", "description", "media_url", "message_id", "api_key",
    ),
    "servicerequestupdates.{fmt}": (
        "jurisdiction_id", "service_request_id", "update_id", "updated_datetime", "status", "description", "email",
        "first_name", "last_name", "phone", "media_url", "public_anonymity_required", "message_id", "api_key",
    ),
}  # fmt: skip


def describe_open311(paths: dict[str, Any]) -> None:
    """Complete what the framework could tell of these addresses by itself."""
    for path, operations in paths.items():
        if not path.startswith(_PREFIX):
            continue
        name = path.removeprefix(_PREFIX)
        for method, operation in operations.items():
            operation["responses"] = {"200": _answer("As the specification says", {})} | {
                code: _answer(meaning, _ERROR_LIST) for code, meaning in _ERRORS.items()
            }
            if method == "get":
                operation["parameters"] = [*operation.get("parameters", ()), *_parameters(name)]
            else:
                operation["requestBody"] = _form(_FIELDS[name])


def _parameters(name: str) -> list[dict[str, Any]]:
    return [
        {"name": each, "in": "query", "required": False, "schema": {"type": "string"}}
        for each in (*_ASKED, *_QUERY.get(name, ()))
    ]


def _form(fields: tuple[str, ...]) -> dict[str, Any]:
    schema = {
        "type": "object",
        "properties": {name: {"type": "string"} for name in fields},
        "additionalProperties": {"type": "string"},
    }
    kinds = ("application/x-www-form-urlencoded", "multipart/form-data")
    return {"required": True, "content": {kind: {"schema": schema} for kind in kinds}}


def _answer(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    content = {"application/json": {"schema": schema}, "text/xml": {"schema": {"type": "string"}}}
    return {"description": description, "content": content}
