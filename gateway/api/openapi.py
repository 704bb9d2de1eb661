"""The published description: OpenAPI 3.1 made from the same schemas that the intake validates with."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from gateway.api.inbox_described import describe_inbox
from gateway.api.open311_described import describe_open311
from gateway.api.operators import describe_operators
from schemas.callback import StatusReceipt, StatusUpdate
from schemas.handoff import Acceptance, ReportView
from schemas.later import LaterMessage, LaterReceipt
from schemas.report import ReportSubmission
from schemas.timeline import Timeline

_REF = "#/components/schemas/{model}"
_PROBLEM: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What happened, and what to do next"},
        "errors": {
            "type": "array",
            "items": {"type": "object", "properties": {"at": {"type": "string"}, "problem": {"type": "string"}}},
        },
    },
}
_PROBLEMS = {
    "400": "The body is not JSON",
    "401": "No credential, or one that is unknown or revoked",
    "403": "The signature does not fit the bytes",
    "404": "There is no such thing",
    "409": "A message id was used before for another report",
    "413": "The body is too large",
    "422": "A field is missing or wrong; `errors` names each",
    "503": "Nothing was accepted; try again after `Retry-After` seconds",
}

_SIGNATURE = {
    "webhook-id": "Your id of this update; the same when you send it again",
    "webhook-timestamp": "Seconds since 1970, at most five minutes off",
    "webhook-signature": "`v1,` and the base64 of HMAC-SHA256(callback secret, id.timestamp.body)",
}


def described(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, computed once for each application."""
    if app.openapi_schema is None:
        document = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
        _, models = models_json_schema(
            [
                (ReportSubmission, "validation"),
                (Acceptance, "serialization"),
                (ReportView, "serialization"),
                (Timeline, "serialization"),
                (LaterMessage, "validation"),
                (LaterReceipt, "serialization"),
                (StatusUpdate, "validation"),
                (StatusReceipt, "serialization"),
            ],
            ref_template=_REF,
        )
        components = document.setdefault("components", {})
        components["schemas"] = {**components.get("schemas", {}), **models.get("$defs", {}), "Problem": _PROBLEM}
        components["securitySchemes"] = {
            "channelKey": {"type": "http", "scheme": "bearer", "bearerFormat": "sgk_<id>_<secret>"}
        }
        _describe_reports(document["paths"])
        _describe_status(document["paths"])
        _describe_figures(document["paths"])
        _describe_timeline(document["paths"])
        _describe_webhooks(document["paths"])
        _describe_health(document["paths"])
        describe_open311(document["paths"])
        describe_inbox(document)
        describe_operators(document)
        app.openapi_schema = document
    return app.openapi_schema


def _describe_reports(paths: dict[str, Any]) -> None:
    submission, acceptance = _schema("ReportSubmission"), _schema("Acceptance")
    post = paths["/v1/reports"]["post"]
    post["security"] = [{"channelKey": []}]
    post["requestBody"] = {"required": True, "content": _json(_one_or_many(submission, 500))}
    post["responses"] = {"202": _answer("Every report is kept", _one_or_many(acceptance, 500))} | _problems(
        "400", "401", "409", "413", "422", "503"
    )
    get = paths["/v1/reports/{report_id}"]["get"]
    get["security"] = [{"channelKey": []}]
    get["responses"] = {"200": _answer("The report's state", _schema("ReportView"))} | _problems(
        "401", "404", "422", "503"
    )


def _describe_status(paths: dict[str, Any]) -> None:
    post = paths["/v1/cases/{case}/status"]["post"]
    post["parameters"] += [
        {"name": name, "in": "header", "required": True, "schema": {"type": "string"}, "description": told}
        for name, told in _SIGNATURE.items()
    ]
    post["requestBody"] = {"required": True, "content": _json(_schema("StatusUpdate"))}
    post["responses"] = {"200": _answer("The update is kept", _schema("StatusReceipt"))} | _problems(
        "400", "403", "404", "413", "422", "503"
    )


def _describe_figures(paths: dict[str, Any]) -> None:
    get = paths["/v1/figures"]["get"]
    get["security"] = [{"channelKey": []}]
    rows = {
        "type": "array",
        "items": {"type": "object", "additionalProperties": {"type": ["string", "number", "null"]}},
    }
    whole = {"type": "object", "properties": {"by": {"type": "array", "items": {"type": "string"}}, "rows": rows}}
    get["responses"] = {"200": _answer("A row for each group", whole)} | _problems("401", "422", "503")
    get["responses"]["200"]["content"]["text/csv"] = {}


def _describe_timeline(paths: dict[str, Any]) -> None:
    post = paths["/v1/reports/{report_id}/messages"]["post"]
    post["security"] = [{"channelKey": []}]
    post["requestBody"] = {"required": True, "content": _json(_schema("LaterMessage"))}
    post["responses"] = {"202": _answer("The message is kept", _schema("LaterReceipt"))} | _problems(
        "400", "401", "403", "404", "409", "413", "422", "503"
    )
    get = paths["/v1/reports/{report_id}/timeline"]["get"]
    get["security"] = [{"channelKey": []}]
    get["responses"] = {"200": _answer("What became of it, oldest first", _schema("Timeline"))} | _problems(
        "401", "404", "422", "503"
    )
    get = paths["/v1/reports/{report_id}/receipt"]["get"]
    get["security"] = [{"channelKey": []}]
    get["responses"] = {"200": _answer("The receipt", {"type": "object"})} | _problems("401", "404", "422", "503")


def _describe_health(paths: dict[str, Any]) -> None:
    parts = {"type": "object", "properties": {"status": {"type": "string"}}}
    paths["/readyz"]["get"]["responses"] = {
        "200": _answer("Every part is ready", parts),
        "503": _answer("A part is not ready", parts),
    }
    measured = {"description": "The metrics", "content": {"text/plain": {"schema": {"type": "string"}}}}
    paths["/metrics"]["get"]["responses"] = {"200": measured}


def _describe_webhooks(paths: dict[str, Any]) -> None:
    webhook = paths["/v1/channels/{channel}/webhook"]
    webhook["post"]["requestBody"] = {"required": True, "content": _json({"description": "As the vendor documents it"})}
    webhook["post"]["responses"]["200"] = {"description": "Every message is kept"}
    webhook["post"]["responses"] |= _problems("400", "403", "404", "413", "422", "503")
    challenge = "The challenge; or the receipt of a delivery, for vendors that deliver by GET"
    webhook["get"]["responses"]["200"] = {"description": challenge, "content": {"text/plain": {}}}
    webhook["get"]["responses"] |= _problems("400", "403", "404", "422", "503")


def _schema(name: str) -> dict[str, Any]:
    return {"$ref": _REF.format(model=name)}


def _one_or_many(schema: dict[str, Any], most: int) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "array", "items": schema, "minItems": 1, "maxItems": most}]}


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


def _answer(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": _json(schema)}


def _problems(*statuses: str) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": _schema("Problem")}}
    return {status: {"description": _PROBLEMS[status], "content": content} for status in statuses}
