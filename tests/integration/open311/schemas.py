"""JSON schemas of GeoReport v2's answers, written from the specification's tables (https://wiki.open311.org/GeoReport_v2/).

They ask for all that the organisation's own ask for (github.com/open311/schema-validation, schema/georeport-v2: fields,
types, closed lists, formats, what must be there), and besides let no other field through.
"""

from __future__ import annotations

from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

_TEXT_OR_NULL = {"type": ["string", "null"]}
_TIME = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$"}
_TIME_OR_NULL = {"anyOf": [_TIME, {"type": "null"}]}
_ADDRESS_OR_NULL = {"anyOf": [{"type": "string", "pattern": r"^https?://\S+$"}, {"type": "null"}]}
_DATATYPES = ["string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"]


def _object(required: list[str], properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": required, "properties": properties, "additionalProperties": False}


def _list(item: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "array", "items": item, **more}


SERVICES = _list(
    _object(
        ["service_code", "service_name", "metadata", "type"],
        {
            "service_code": {"type": "string", "minLength": 1},
            "service_name": {"type": "string", "minLength": 1},
            "description": _TEXT_OR_NULL,
            "metadata": {"type": "boolean"},
            "type": {"enum": ["realtime", "batch", "blackbox"]},
            "keywords": _TEXT_OR_NULL,
            "group": _TEXT_OR_NULL,
        },
    ),
    minItems=1,
    uniqueItems=True,
)
SERVICE_DEFINITION = _object(
    ["service_code", "attributes"],
    {
        "service_code": {"type": "string"},
        "attributes": _list(
            _object(
                ["variable", "code", "datatype", "required", "order", "description"],
                {
                    "variable": {"type": "boolean"},
                    "code": {"type": "string"},
                    "datatype": {"enum": _DATATYPES},
                    "required": {"type": "boolean"},
                    "datatype_description": _TEXT_OR_NULL,
                    "order": {"type": "integer", "minimum": 1},
                    "description": {"type": "string"},
                    "values": _list(_object(["key", "name"], {"key": {"type": "string"}, "name": {"type": "string"}})),
                },
            )
        ),
    },
)
REQUESTS = _list(
    _object(
        ["service_request_id", "status", "service_code", "requested_datetime"],
        {
            "service_request_id": {"type": "string", "minLength": 1},
            "status": {"enum": ["open", "closed"]},
            "status_notes": _TEXT_OR_NULL,
            "service_name": _TEXT_OR_NULL,
            "service_code": {"type": "string"},
            "description": {"type": ["string", "null"], "maxLength": 4000},
            "agency_responsible": _TEXT_OR_NULL,
            "service_notice": _TEXT_OR_NULL,
            "requested_datetime": _TIME,
            "updated_datetime": _TIME,
            "expected_datetime": _TIME_OR_NULL,
            "address": _TEXT_OR_NULL,
            "address_id": _TEXT_OR_NULL,
            "zipcode": _TEXT_OR_NULL,
            "lat": {"type": ["number", "null"]},
            "long": {"type": ["number", "null"]},
            "media_url": _ADDRESS_OR_NULL,
        },
    ),
    maxItems=1000,
)
POSTED = _list(
    _object(
        ["service_request_id"],
        {"service_request_id": {"type": "string"}, "service_notice": _TEXT_OR_NULL, "account_id": _TEXT_OR_NULL},
    ),
    minItems=1,
    maxItems=1,
)
TOKENS = _list(_object(["service_request_id", "token"], {"service_request_id": {"type": "string"}, "token": {}}))
UPDATES = _list(
    _object(
        ["update_id", "service_request_id", "status", "updated_datetime", "description"],
        {
            "update_id": {"type": "string"},
            "service_request_id": {"type": "string"},
            "status": {"enum": ["OPEN", "CLOSED"]},
            "updated_datetime": _TIME,
            "description": {"type": "string"},
            "media_url": _ADDRESS_OR_NULL,
        },
    )
)
ERRORS = _list(
    _object(
        ["code", "description"],
        {"code": {"enum": [400, 403, 404, 503]}, "description": {"type": "string", "minLength": 5}},
    ),
    minItems=1,
)
DISCOVERY = _object(
    ["changeset", "contact", "key_service", "endpoints"],
    {
        "changeset": {"type": "string"},
        "contact": {"type": "string"},
        "key_service": {"type": "string"},
        "endpoints": _list(
            _object(
                ["specification", "url", "changeset", "type", "formats"],
                {
                    "specification": {"const": "http://wiki.open311.org/GeoReport_v2"},
                    "url": {"type": "string", "pattern": "^https?://.*/open311/v2$"},
                    "changeset": {"type": "string"},
                    "type": {"enum": ["production", "test", "acceptance"]},
                    "formats": _list({"enum": ["text/xml", "application/json"]}, minItems=1),
                },
            )
        ),
    },
)


def faults(answer: Any, schema: dict[str, Any]) -> list[str]:
    """What in an answer is not as the specification says."""
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    return [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(answer)]
