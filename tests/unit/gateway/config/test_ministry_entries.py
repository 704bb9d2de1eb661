"""Entries of ministries: what does not fit together is told at start, with its line."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent, indent

import pytest

from adapters.destinations import DESTINATIONS
from gateway.config import parse_config
from schemas.errors import Misconfigured
from tests.fakes.certificates import an_authority

HEAD = """\
routes: {default: [k]}
destinations:
  k:
    adapter: ministry_rest
    url: https://k.example
"""
"""The fields of the entry begin in line 6."""
SIGNED = "secrets: {signing_secret: env:SIGNING}\n"


def problems(fields: str, *, production: bool = False) -> list[str]:
    text = HEAD + indent(dedent(fields), "    ")
    environ = {"SIGNING": "whsec_" + "QUFB" * 10, "OTHER": "rahasia"}
    try:
        parse_config(text, file="g.yaml", kinds=DESTINATIONS, production=production, environ=environ)
    except Misconfigured as error:
        return error.problems
    return []


def told(fields: str, *, production: bool = False) -> str:
    (problem,) = problems(fields, production=production)
    return problem


def test_an_entry_that_is_signed_is_sound() -> None:
    assert problems(SIGNED, production=True) == []


def test_the_signing_secret_is_needed_unless_something_else_proves_the_sender() -> None:
    assert told("paused: true").startswith("g.yaml:3: destinations.k.secrets.signing_secret: is missing; write `sig")
    assert "g.yaml:6: destinations.k.options.sign: may be false only where" in told("options: {sign: false}")
    other = "options: {sign: false, auth: {api_key: {}}}\nsecrets: {api_key: env:OTHER}"
    assert problems(other, production=True) == []
    assert problems("options: {sign: false}\nsecrets: {bearer_token: env:OTHER}") == []


def test_a_signing_secret_that_signs_nothing_is_a_mistake() -> None:
    fields = "options: {sign: false, auth: {hmac: {}}}\nsecrets: {signing_secret: env:SIGNING, hmac_secret: env:OTHER}"
    assert "g.yaml:7: destinations.k.secrets.signing_secret: is used by nothing" in told(fields)


@pytest.mark.parametrize(
    ("way", "secret"),
    [
        ("api_key: {}", "api_key"),
        ("basic: {username: gateway}", "basic_password"),
        ("oauth2: {token_url: /token, client_id: k}", "client_secret"),
        ("hmac: {}", "hmac_secret"),
    ],
)
def test_a_way_needs_its_secret_and_a_secret_its_way(way: str, secret: str) -> None:
    without = f"{SIGNED}options:\n  auth:\n    {way}\n"
    assert f"g.yaml:9: destinations.k.options.auth.{way.partition(':')[0]}: needs a secret; write `{secret}: " in told(
        without
    )
    unused = f"secrets:\n  signing_secret: env:SIGNING\n  {secret}: env:OTHER\n"
    assert f"g.yaml:8: destinations.k.secrets.{secret}: is used by nothing; write `" in told(unused)


def test_a_secret_that_has_no_value_is_told_once() -> None:
    fields = "secrets: {signing_secret: env:SIGNING, api_key: env:UNSET}\noptions: {auth: {api_key: {}}}"
    assert "the environment variable UNSET is not set" in told(fields)


def test_only_one_way_can_take_the_header_authorization() -> None:
    fields = """\
    secrets: {signing_secret: env:SIGNING, bearer_token: env:OTHER, basic_password: env:OTHER}
    options: {auth: {basic: {username: a}}}
    """
    assert "basic and bearer_token all take the header Authorization" in told(fields)


def test_a_key_in_the_address_is_for_trials_only() -> None:
    fields = """\
    secrets: {signing_secret: env:SIGNING, api_key: env:OTHER}
    options:
      auth:
        api_key: {place: query}
    """
    assert problems(fields) == []
    assert told(fields, production=True).startswith("g.yaml:9: destinations.k.options.auth.api_key.place: a key in the")


def test_a_token_endpoint_in_the_clear_is_for_trials_only() -> None:
    fields = """\
    secrets: {signing_secret: env:SIGNING, client_secret: env:OTHER}
    options: {auth: {oauth2: {token_url: "http://sso.example/token", client_id: k}}}
    """
    assert problems(fields) == []
    assert "production needs https://" in told(fields, production=True)


def test_a_field_of_a_way_that_does_not_exist_is_told_at_its_line() -> None:
    fields = f"{SIGNED}options:\n  auth:\n    hmac:\n      algoritma: sha1\n"
    assert "g.yaml:10: destinations.k.options.auth.hmac.algoritma: is no option" in problems(fields)[0]


def test_certificates_are_read_at_start(tmp_path: Path) -> None:
    authority = an_authority(tmp_path)
    certificate, key = authority.issue("gateway")
    _, locked = authority.issue("lain", password="buka")
    tls = f"options: {{tls: {{certificate: {certificate}, key: {key}, ca: {authority.file}}}}}\n"
    assert problems(SIGNED + tls, production=True) == []
    assert "has `certificate` without `key`" in told(f"{SIGNED}options: {{tls: {{certificate: {certificate}}}}}")
    missing = told(SIGNED + tls.replace(str(key), "/tidak/ada.pem"))
    assert "g.yaml:7: destinations.k.options.tls.key: the file /tidak/ada.pem cannot be read (FileNotFound" in missing
    assert "cannot be used together" in told(SIGNED + tls.replace(str(key), str(locked)))
    assert "holds no authorities" in told(SIGNED + tls.replace(str(authority.file), str(key)))


def test_a_rule_with_an_unknown_pointer_is_told_at_its_line() -> None:
    fields = f"""\
    {SIGNED.strip()}
    options:
      answers:
        refuse_when:
          - status: 200
            body:
              - {{pointer: hasil.kode, equals: E4}}
    """
    assert told(fields).startswith("g.yaml:12: destinations.k.options.answers.refuse_when.0.body.0.pointer: ")
    assert "`hasil.kode` is no JSON pointer" in told(fields)


TEMPLATE = """\
secrets: {signing_secret: env:SIGNING}
options:
  payload:
    report:
      judul: "{report.title}"
      pelapor:
        nama: "{reporter.name}"
"""


def test_a_template_that_names_the_reporter_needs_an_entitled_destination() -> None:
    assert told(TEMPLATE).startswith("g.yaml:12: destinations.k.options.payload.report.pelapor.nama: {reporter.name}: ")
    assert problems("identity: true\n" + TEMPLATE) == []


def test_every_mistake_of_a_template_is_told_at_once_with_its_line() -> None:
    found = problems(TEMPLATE.replace("report.title", "report.titel"))
    assert [one.partition(": ")[0] for one in found] == ["g.yaml:10", "g.yaml:12"]


def test_a_placeholder_without_quotes_is_told() -> None:
    assert 'put it in quotes: "{report.title}"' in told(
        TEMPLATE.replace('"{report.title}"', "{report.title}").replace('"{reporter.name}"', "x")
    )
