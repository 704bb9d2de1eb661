"""The audit fails on a known vulnerability and says what it could not ask."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from scripts.audit import Audit, read_audit, report, verdict

VULNERABLE = {
    "name": "jinja2",
    "version": "2.10",
    "vulns": [{"id": "PYSEC-2019-217", "fix_versions": ["2.10.1"]}, {"id": "PYSEC-0", "fix_versions": []}],
}
CLEAN = {"name": "h11", "version": "0.16.0", "vulns": []}
SKIPPED = {"name": "ours", "skip_reason": "Dependency not found on PyPI and could not be audited: ours (1.0)"}


def audit_of(*dependencies: Mapping[str, object]) -> Audit:
    return read_audit(json.dumps({"dependencies": dependencies, "fixes": []}), "")


def test_a_known_vulnerability_fails_and_is_named() -> None:
    audit = audit_of(VULNERABLE, CLEAN)
    assert verdict(audit, strict=False) == 1
    assert report(audit).splitlines() == [
        "1 of 2 packages have no known vulnerability",
        "jinja2 2.10: PYSEC-2019-217 (mended in 2.10.1); PYSEC-0 (mended in no version yet)",
    ]


def test_a_clean_audit_passes() -> None:
    audit = audit_of(CLEAN)
    assert (verdict(audit, strict=True), report(audit)) == (0, "1 of 1 packages have no known vulnerability")


def test_a_package_that_the_source_does_not_know_is_named() -> None:
    audit = audit_of(CLEAN, SKIPPED)
    assert "NOT AUDITED, unknown to the advisory source: ours" in report(audit)
    assert (verdict(audit, strict=False), verdict(audit, strict=True)) == (0, 1)


def test_a_source_that_knows_no_package_at_all_is_no_clean_audit() -> None:
    assert report(audit_of(SKIPPED)).startswith("NOT AUDITED: the advisory source knows none of 1 packages")


@pytest.mark.parametrize(("output", "errors"), [("", "Traceback\nConnectionError: no route"), ("{}", ""), ("null", "")])
def test_a_source_that_is_not_reached_is_told(output: str, errors: str) -> None:
    audit = read_audit(output, errors)
    assert report(audit).startswith("NOT AUDITED: the advisory source was not reached")
    assert (verdict(audit, strict=False), verdict(audit, strict=True)) == (0, 1)
