"""Bodies as the gateway posts them, from the fixtures of its adapter, and how a receiver is handed one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sp4n_gateway_client import Receiver
from sp4n_gateway_client.signing import signed_headers

SECRET = "whsec_" + 8 * "a2Vt"
NOW = 1_772_414_400.0
KEY = "019cac00-7b90-7c55-9a53-2f6f3c1d5e02"
FIXTURES = Path(__file__).resolve().parents[3] / "adapters/destinations/ministry_rest/fixtures"
BODIES = {
    path.name: json.loads(path.read_text("utf-8"))["body"]
    for path in sorted(FIXTURES.glob("*.call.json"))
    if "own_shape" not in path.name and not path.name.startswith("lookup")
}


def body(name: str = "created.call.json", **changed: Any) -> bytes:
    return json.dumps(BODIES[name] | changed).encode()


def take(store: Any, raw: bytes, key: str = KEY, **changed: str) -> tuple[int, dict[str, Any]]:
    """A signed request, with some of its headers changed; the answer's status and body."""
    headers = {"Idempotency-Key": key, **signed_headers(SECRET, key, raw, NOW), **changed}
    answer = Receiver([SECRET], store, now=lambda: NOW).take(headers, raw)
    return answer.status, json.loads(answer.body)
