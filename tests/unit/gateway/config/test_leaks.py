"""Rules that break secrecy are named by their line."""

from __future__ import annotations

import pytest

from tests.fakes.configs import parse, problems, with_rules

WHISTLE = "when: {classification: pengaduan_berkadar_pengawasan, is_secret: true}"
ABOUT = "when: {classification: pengaduan_berkadar_pengawasan, agency: [Kemen PU]}"


def told(rule: str, whistleblowers: str = "") -> list[str]:
    return problems(whole(rule, whistleblowers))


def whole(rule: str, whistleblowers: str = "") -> str:
    return with_rules(rule).replace("  default: [sp4n]", f"  default: [sp4n]\n{whistleblowers}".rstrip())


def test_a_rule_that_shows_whistleblowers_reports_to_others_is_named() -> None:
    [one] = told(f"- {{name: bocor, {WHISTLE}, to: [pu, sp4n]}}", "  whistleblowers: [pu]")
    assert one.startswith("g.yaml:20:")
    assert "`bocor` shows whistleblowers' reports to `sp4n`, which `whistleblowers` does not name" in one
    [copied] = told(f"- {{name: bocor, {WHISTLE}, to: [pu], copies: [sp4n], only: true}}", "  whistleblowers: [pu]")
    assert "`sp4n`" in copied


def test_a_rule_for_whistleblowers_that_does_not_decide_alone_is_named() -> None:
    [one] = told(f"- {{name: bocor, {WHISTLE}, to: [pu]}}")
    assert one.startswith("g.yaml:19:")
    assert "write `only: true`, or name the inspectorate in `routes.whistleblowers`" in one


def test_a_rule_that_tells_an_agency_alone_of_itself_is_named() -> None:
    [one] = told(f"- {{name: sendiri, {ABOUT}, to: [pu], only: true}}")
    assert "`sendiri` would send a report about Kementerian PU to Kementerian PU alone" in one
    text = whole("- {name: sendiri, when: {agency: [Kemen PU]}, to: [pu], only: true}")
    assert "`sendiri`" in problems(text.replace("default: [sp4n]", "default: [pu]"))[0]


@pytest.mark.parametrize(
    ("rule", "whistleblowers"),
    [
        (f"- {{name: a, {WHISTLE}, to: [pu], only: true}}", ""),
        (f"- {{name: a, {WHISTLE}, to: [pu]}}", "  whistleblowers: [pu]"),
        ("- {name: a, when: {is_secret: true}, to: [sp4n, pu]}", "  whistleblowers: [pu]"),
        (f"- {{name: a, {ABOUT}, to: [pu, sp4n], only: true}}", ""),
        (f"- {{name: a, {ABOUT}, to: [sp4n], only: true}}", ""),
        ("- {name: a, when: {agency: [Kemen PU]}, to: [pu], only: true}", ""),
        ("- {name: a, when: {agency: [Kemen PU], classification: aspirasi}, to: [pu], only: true}", ""),
    ],
)
def test_what_keeps_secrecy_is_no_problem(rule: str, whistleblowers: str) -> None:
    assert parse(whole(rule, whistleblowers)).rules.rules[0].name == "a"


def test_whom_whistleblowers_reach_must_exist_and_is_part_of_the_version() -> None:
    rule = "- {name: a, when: {is_secret: true}, to: [pu]}"
    assert "`irjen` is no destination" in told(rule, "  whistleblowers: [irjen]")[0]
    one, other = (parse(whole(rule, text)).rules for text in ("  whistleblowers: [pu]", ""))
    assert (one.whistleblowers, one.version != other.version) == (("pu",), True)
