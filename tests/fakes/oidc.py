"""A small OpenID Connect provider over real HTTP: it signs with real keys, and checks client, code, address and PKCE.

OpenID Connect Core 1.0, section 3.1; Discovery 1.0; RFC 7636. Everybody who is sent to it has signed in already.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote_plus, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, Key, OctKey, RSAKey

CLIENT, SECRET = "konsol-lapor", "rahasia klien: 50%+"
LIFETIME = 300
_JSON = "application/json"

Claims = dict[str, Any]


@dataclass
class Desk:
    """What the provider does, to be changed by tests. `claims` are about whoever signs in next.

    `spoil` changes claims and header before they are signed; `signed` is the key and `listed` what its set shows.
    """

    now: Callable[[], datetime]
    issuer: str = ""
    client: str = CLIENT
    secret: str | None = SECRET
    claims: Claims = field(default_factory=lambda: {"sub": "s-1", "preferred_username": "ani", "groups": ["operasi"]})
    signed: Key = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "k1"}))
    listed: list[Key] = field(default_factory=list)
    spoil: Callable[[Claims, Claims], None] = lambda claims, header: None
    make: Callable[[Claims, Claims], str] | None = None
    described: dict[str, Any] = field(default_factory=dict)
    refuses: str = ""
    down: bool = False
    codes_last: bool = False
    asked: list[str] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def rotate(self, key: Key | None = None) -> None:
        """Sign by a new key from now on, and list it alone."""
        self.signed = key or ECKey.generate_key("P-256", {"kid": f"k{secrets.token_hex(4)}"})
        self.listed = [self.signed]

    def token(self, nonce: str) -> str:
        """An ID token."""
        at = int(self.now().timestamp())
        claims = {"iss": self.issuer, "aud": self.client, "iat": at, "exp": at + LIFETIME, "nonce": nonce}
        claims |= self.claims
        header = {"alg": "ES256" if isinstance(self.signed, ECKey) else "RS256", "kid": self.signed.kid}
        self.spoil(claims, header)
        return self.make(claims, header) if self.make else jwt.encode(header, claims, self.signed)


@contextmanager
def oidc_server(now: Callable[[], datetime]) -> Iterator[Desk]:
    """A provider that tells the time by `now`."""
    desk = Desk(now)
    desk.listed = [desk.signed]

    class Handler(_Handler):
        provider = desk

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    desk.issuer = f"http://127.0.0.1:{server.server_address[1]}/realms/kota"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield desk
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def unsigned(claims: Claims, header: Claims) -> str:
    """A token that says of itself that it needs no signature."""
    return f"{_part({'alg': 'none'})}.{_part(claims)}."


def signed_by_the_public_key(desk: Desk) -> Callable[[Claims, Claims], str]:
    """Tokens whose HS256 secret is the public key that everybody knows."""
    public = desk.signed.as_pem(private=False)
    # By hand: the library refuses a secret that is a public key.
    return lambda claims, header: _mac({"alg": "HS256", "kid": header["kid"]}, claims, public)


def signed_by_the_secret(claims: Claims, header: Claims) -> str:
    """A token by the secret that client and provider share."""
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET.encode() * 2), algorithms=["HS256"])


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    provider: Desk

    def log_message(self, *_: object) -> None:
        """Nothing: tests look at `asked`."""

    def do_GET(self) -> None:
        """Description, keys, and people who are sent here."""
        desk, parts = self.provider, urlsplit(self.path)
        path = parts.path.removeprefix("/realms/kota")
        desk.asked.append(path)
        if desk.down:
            return self._say(503, "text/plain", b"maintenance")
        if path == "/.well-known/openid-configuration":
            return self._json(200, _described(desk))
        if path == "/keys":
            return self._json(200, {"keys": [key.as_dict(private=False, use="sig") for key in desk.listed]})
        if path == "/authorize":
            return self._sent_back({name: values[0] for name, values in parse_qs(parts.query).items()})
        if path == "/logout":
            return self._say(200, "text/html", b"<!doctype html><title>Keluar</title><h1>Sampai jumpa</h1>")
        return self._say(404, "text/plain", b"")

    def do_POST(self) -> None:
        """A code for a token."""
        desk = self.provider
        desk.asked.append(urlsplit(self.path).path.removeprefix("/realms/kota"))
        form = parse_qs(self.rfile.read(int(self.headers.get("content-length", 0))).decode())
        given = {name: values[0] for name, values in form.items()}
        if desk.down:
            return self._say(503, "text/plain", b"maintenance")
        if not self._is_our_client(given):
            return self._json(401, {"error": "invalid_client"})
        asked = desk.codes.get(given.get("code", ""))
        if asked is not None and not desk.codes_last:
            del desk.codes[given["code"]]
        if asked is None or asked["redirect_uri"] != given["redirect_uri"] or not _proves(asked, given):
            return self._json(400, {"error": "invalid_grant"})
        answer = {"access_token": "a", "token_type": "Bearer", "expires_in": LIFETIME}
        return self._json(200, answer | {"id_token": desk.token(asked["nonce"])})

    def _is_our_client(self, given: dict[str, str]) -> bool:
        desk = self.provider
        if desk.secret is None:
            return given.get("client_id") == desk.client and "authorization" not in self.headers
        if "client_secret" in given:
            return (given.get("client_id"), given["client_secret"]) == (desk.client, desk.secret)
        kind, _, pair = self.headers.get("authorization", "").partition(" ")
        name, _, secret = base64.b64decode(pair).decode().partition(":")
        return kind == "Basic" and (unquote_plus(name), unquote_plus(secret)) == (desk.client, desk.secret)

    def _sent_back(self, asked: dict[str, str]) -> None:
        desk = self.provider
        assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
        assert "openid" in asked["scope"].split()
        code = secrets.token_urlsafe(300)  # as long as those of some providers
        desk.codes[code] = asked
        back = {"error": desk.refuses} if desk.refuses else {"code": code}
        answer = back | {"state": asked["state"], "iss": desk.issuer}
        self.send_response(302)
        self.send_header("location", f"{asked['redirect_uri']}?{urlencode(answer)}")
        self.send_header("content-length", "0")
        self.end_headers()

    def _json(self, status: int, document: object) -> None:
        self._say(status, _JSON, json.dumps(document).encode())

    def _say(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _described(desk: Desk) -> dict[str, Any]:
    return {
        "issuer": desk.issuer,
        "authorization_endpoint": f"{desk.issuer}/authorize",
        "token_endpoint": f"{desk.issuer}/token",
        "jwks_uri": f"{desk.issuer}/keys",
        "end_session_endpoint": f"{desk.issuer}/logout",
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256", "ES256"],
        "authorization_response_iss_parameter_supported": True,
    } | desk.described


def _proves(asked: dict[str, str], given: dict[str, str]) -> bool:
    """Whether who brings the code is who began (RFC 7636, section 4.6)."""
    digest = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    return 43 <= len(given.get("code_verifier", "")) <= 128 and challenge == asked["code_challenge"]


def _part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def _mac(header: Claims, claims: Claims, secret: bytes) -> str:
    to_sign = f"{_part(header)}.{_part(claims)}"
    mac = hmac.digest(secret, to_sign.encode(), "sha256")
    return f"{to_sign}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"
