"""The smallest change that would have sent a report elsewhere."""

from __future__ import annotations

from gateway.route import Rule, Rules, When, route
from gateway.route.otherwise import otherwise, told
from schemas.report import Report

HEALTH = Rule("health", When(categories=frozenset({1389}), channels=frozenset({"app"})), ("dinkes",), line=7)
FAR = Rule("far", When(is_secret=True, keywords=frozenset({"pungli"})), ("inspektorat",), only=True, line=9)


def lines(*rules: Rule, content: str = "jalan rusak") -> tuple[str, ...]:
    about = Report(title="Laporan", content=content)
    whole = Rules("v", rules, ("sp4n",))
    return told(otherwise(about, "app", whole, route(about, "app", whole)))


def test_the_rule_that_lacks_least_comes_first_with_what_it_lacks() -> None:
    first, second = lines(FAR, HEALTH)
    assert first == "if categories were one of: KESEHATAN: it would go to dinkes (health, line 7)"
    assert second == (
        "if it spoke of: pungli and is_secret were true: it would go to inspektorat, no longer to sp4n (far, line 9)"
    )


def test_a_rule_that_would_change_nothing_is_not_told() -> None:
    assert lines(Rule("same", When(is_priority=True), ("sp4n",))) == ()


def test_behind_a_rule_that_decides_alone_nothing_else_would_help() -> None:
    alone = Rule("alone", When(keywords=frozenset({"jalan"})), ("pu",), only=True)
    assert lines(alone, HEALTH) == ()
