"""Where a report goes that an agency does not take, and what repeats."""

from __future__ import annotations

from dataclasses import replace

from gateway.route import Agency, Rules
from gateway.route.onward import Passed, onward, patterns
from schemas.report import Report
from schemas.vocabulary import Classification

HEALTH = Agency("Dinas Kesehatan", ("dinkes",), destination="dinkes", parents=frozenset({"KESEHATAN"}))
ROADS = Agency("Dinas PU", ("dpupr",), destination="pu", parents=frozenset({"PEKERJAAN UMUM DAN PENATAAN RUANG"}))
RULES = Rules("v", directory=(HEALTH, ROADS))


def next_of(content: str, *tried: str, parents: tuple[str, ...] = ()) -> str | None:
    return onward(Report(title="Laporan", content=content), "app", RULES, tried, parents)


def test_an_agency_that_the_report_names_comes_before_one_of_a_likely_category() -> None:
    assert next_of("kata dpupr bukan urusannya", "sp4n", parents=("KESEHATAN",)) == "pu"
    assert next_of("antri lama", "sp4n", parents=("KESEHATAN",)) == "dinkes"


def test_no_agency_gets_a_report_twice_and_in_the_end_a_person_decides() -> None:
    assert next_of("dpupr dan dinkes", "pu") == "dinkes"
    assert next_of("dpupr dan dinkes", "pu", "dinkes") is None


def test_a_whistleblower_s_report_is_passed_on_to_nobody_who_is_not_named_for_these() -> None:
    secret = Report(
        title="Laporan", content="oknum dpupr", is_secret=True, classification=Classification.WITH_SUPERVISION
    )
    assert onward(secret, "app", RULES, ("sp4n",), ("KESEHATAN",)) is None
    named = replace(RULES, whistleblowers=("dinkes", "inspektorat"))
    assert onward(secret, "app", named, ("dinkes",), ()) == "inspektorat"


def test_what_is_passed_on_often_is_a_pattern_with_a_rule_that_spares_it() -> None:
    often = [Passed(str(number), "dinkes", "pu", 1397) for number in range(3)]
    [pattern] = patterns([*often, Passed("x", "sp4n", "pu", None)])
    assert (pattern.left, pattern.reached, pattern.reports, pattern.to_and_fro) == ("dinkes", "pu", 3, False)
    assert "when: {category: [1397]}\n      to: [pu]" in pattern.proposed()


def test_two_agencies_that_pass_reports_to_each_other_are_seen_at_once() -> None:
    found = patterns([Passed("1", "dinkes", "pu", None), Passed("2", "pu", "dinkes", None)])
    assert [one.to_and_fro for one in found] == [True, True]
