"""The smallest change that would have sent a report elsewhere."""

from __future__ import annotations

from gateway.route import Agency, Rule, Rules, When, route
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


KEMENKES = Agency("Kementerian Kesehatan", ("kemenkes",), destination="dinkes", parents=frozenset({"KESEHATAN"}))
PU = Agency("Kementerian PU", ("kemen pu",), destination="pu")
NOWHERE = Agency("Kementerian Agama")


def through_directory(content: str, *rules: Rule, **fields: object) -> tuple[str, ...]:
    about = Report.model_validate({"title": "Laporan", "content": content, **fields})
    whole = Rules("v", rules, ("sp4n",), (KEMENKES, PU, NOWHERE))
    return told(otherwise(about, "app", whole, route(about, "app", whole)))


def test_an_agency_that_the_text_names_and_the_report_is_not_addressed_to_comes_first() -> None:
    assert through_directory("kata orang kemen pu yang urus jalan ini") == (
        "if it were addressed to Kementerian PU, which its text names as kemen pu: it would go to pu (directory)",
        "if it were addressed to Kementerian Kesehatan: it would go to dinkes (directory)",
        "if categories were one of: KESEHATAN: it would go to dinkes (directory)",
    )


def test_to_name_another_agency_would_take_it_from_the_one_that_has_it() -> None:
    first, *rest = through_directory("jalan rusak", agency="Kemenkes")
    assert first == "if it were addressed to Kementerian PU: it would go to pu, no longer to dinkes (directory)"
    assert rest == []


def test_the_directory_is_not_told_where_a_rule_decides_alone() -> None:
    alone = Rule("alone", When(keywords=frozenset({"jalan"})), ("sp4n",), only=True)
    assert through_directory("jalan rusak", alone) == ()
