"""Routing: which rules hold, what they add, and what the decision says of itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.route import Agency, Rule, Rules, When, explain, route
from schemas.report import Report
from schemas.screening import RouteDecision, RuleMatch

PUBLIC_WORKS = Agency(
    "Kementerian PU",
    aliases=("Kemen PU", "Kementerian Pekerjaan Umum"),
    institution="151",
    destination="pu",
    parents=frozenset({"PEKERJAAN UMUM DAN PENATAAN RUANG"}),
)
HEALTH = Agency("Kementerian Kesehatan", aliases=("Kemenkes",), parents=frozenset({"KESEHATAN"}))


def report(content: str = "jalan berlubang", **fields: object) -> Report:
    return Report.model_validate({"title": "Laporan", "content": content, **fields})


def rules(*given: Rule, default: tuple[str, ...] = ("sp4n",), directory: tuple[Agency, ...] = ()) -> Rules:
    return Rules("v1", given, default, directory)


def targets(given: Rules, about: Report) -> dict[str, dict[str, object]]:
    return route(about, "app", given).targets


def test_every_report_goes_to_the_default_destinations() -> None:
    decision = route(report(), "app", rules(default=("sp4n", "archive")))
    assert decision == RouteDecision(
        targets={"sp4n": {}, "archive": {}},
        matches=(RuleMatch(rule="default", saw={"destinations": ["sp4n", "archive"]}),),
        rules_version="v1",
    )


def test_a_rule_that_holds_adds_its_destinations_and_says_what_it_saw() -> None:
    roads = Rule("roads", When(keywords=frozenset({"berlubang"}), channels=frozenset({"app"})), ("pu",), line=7)
    decision = route(report(), "app", rules(roads))
    assert decision.targets == {"pu": {}, "sp4n": {}}
    saw = {"channels": "app", "keywords": ["berlubang"]}
    assert decision.matches[0] == RuleMatch(rule="roads", line=7, saw=saw)


def test_a_rule_of_which_one_condition_fails_adds_nothing() -> None:
    roads = Rule("roads", When(keywords=frozenset({"berlubang"}), channels=frozenset({"sms"})), ("pu",))
    assert targets(rules(roads), report()) == {"sp4n": {}}


def test_a_rule_without_conditions_holds_for_every_report() -> None:
    assert targets(rules(Rule("all", to=("archive",))), report()) == {"archive": {}, "sp4n": {}}


def test_the_earlier_rule_sets_a_parameter_and_the_later_adds_others() -> None:
    first = Rule("first", to=("sp4n",), parameters={"sp4n": {"institution": "1", "a": 1}})
    second = Rule("second", to=("sp4n",), parameters={"sp4n": {"institution": "2", "b": 2}})
    assert targets(rules(first, second), report()) == {"sp4n": {"institution": "1", "a": 1, "b": 2}}


def test_a_rule_may_set_parameters_of_a_default_destination_without_naming_it() -> None:
    only_parameters = Rule("institution", parameters={"sp4n": {"institution": "9"}, "elsewhere": {"x": 1}})
    assert targets(rules(only_parameters), report()) == {"sp4n": {"institution": "9"}}


def test_a_copy_is_marked_unless_the_destination_gets_the_report_anyway() -> None:
    copying = Rule("copying", to=("pu",), copies=("archive", "sp4n"))
    assert targets(rules(copying), report()) == {"pu": {}, "sp4n": {}, "archive": {"copy": True}}


def test_a_rule_with_only_decides_alone() -> None:
    secret = Rule(
        "whistleblower", When(is_secret=True), ("inspectorate",), {"inspectorate": {"desk": "a"}}, ("kpk",), only=True
    )
    roads = Rule("roads", When(keywords=frozenset({"berlubang"})), ("pu",))
    given = rules(roads, secret, Rule("later", to=("pu",), only=True), directory=(PUBLIC_WORKS,))
    decision = route(report(is_secret=True, agency="Kemen PU"), "app", given)
    assert decision.targets == {"inspectorate": {"desk": "a"}, "kpk": {"copy": True}}
    assert [match.rule for match in decision.matches] == ["whistleblower"]
    assert decision.matches[0].saw["overrules"] == ["roads", "later", "directory", "default"]
    assert route(report(), "app", rules(secret)).targets == {"sp4n": {}}


def test_the_agency_that_the_report_names_gets_it_and_is_told_to_the_default_destinations() -> None:
    decision = route(report(agency="kepada KEMEN PU RI"), "app", rules(directory=(PUBLIC_WORKS,)))
    assert decision.targets == {"pu": {}, "sp4n": {"institution": "151"}}
    assert decision.matches[0] == RuleMatch(rule="directory", saw={"agency": "Kementerian PU", "named_as": "Kemen PU"})


def test_without_an_agency_the_category_says_whose_it_is() -> None:
    decision = route(report(category_id=1397), "app", rules(directory=(HEALTH, PUBLIC_WORKS)))
    assert decision.targets == {"pu": {}, "sp4n": {"institution": "151"}}
    assert decision.matches[0].saw == {"agency": "Kementerian PU", "category": "1397"}


def test_an_agency_without_institution_or_destination_changes_nothing_but_the_explanation() -> None:
    decision = route(report(agency="Kemenkes"), "app", rules(directory=(HEALTH,)))
    assert decision.targets == {"sp4n": {}}
    assert decision.matches[0].rule == "directory"


def test_an_agency_named_beats_the_category() -> None:
    decision = route(report(agency="kemenkes", category_id=1397), "app", rules(directory=(PUBLIC_WORKS, HEALTH)))
    assert decision.matches[0].saw["agency"] == "Kementerian Kesehatan"


def test_of_two_agencies_named_the_longer_name_counts() -> None:
    water = Agency("Balai Air", aliases=("Kementerian Pekerjaan Umum Balai Air",), institution="7")
    named = report(agency="Kementerian Pekerjaan Umum, Balai Air")
    assert targets(rules(directory=(PUBLIC_WORKS, water)), named) == {"sp4n": {"institution": "7"}}


def test_a_mention_in_the_text_alone_addresses_nobody() -> None:
    assert targets(rules(directory=(PUBLIC_WORKS,)), report("kemen pu tidur ya")) == {"sp4n": {}}


def test_rules_win_over_the_directory() -> None:
    own = Rule("own", parameters={"sp4n": {"institution": "42"}})
    assert targets(rules(own, directory=(PUBLIC_WORKS,)), report(agency="Kemen PU"))["sp4n"] == {"institution": "42"}


def test_of_two_agencies_with_one_category_the_first_has_it() -> None:
    other = Agency("Dinas PU", institution="2", parents=PUBLIC_WORKS.parents)
    assert targets(rules(directory=(other, PUBLIC_WORKS)), report(category_id=1397)) == {"sp4n": {"institution": "2"}}


def test_a_decision_without_targets_says_so() -> None:
    decision = route(report(), "app", rules(default=()))
    assert decision == RouteDecision(targets={}, matches=(), rules_version="v1")
    assert explain(decision) == ("rules v1", "→ nowhere: the report is parked")


def test_the_decision_explains_itself_in_lines() -> None:
    when = When(keywords=frozenset({"jalan", "berlubang"}), categories=frozenset({1397}))
    roads = Rule("roads", when, ("pu",), {"pu": {"desk": "roads"}}, line=12)
    decision = route(report(category_id=1397), "app", rules(Rule("all", to=("archive",)), roads))
    assert explain(decision) == (
        "rules v1",
        "all: holds for every report",
        "roads (line 12): categories: id 1397, name Jalan Berlubang, parent PEKERJAAN UMUM DAN PENATAAN RUANG, "
        "keywords: berlubang, jalan",
        "default: destinations: sp4n",
        "→ archive",
        "→ pu (desk roads)",
        "→ sp4n",
    )


def test_no_text_of_the_report_stands_in_the_decision() -> None:
    told = report("Sri Wahyuni dari Mawar Indah melaporkan jalan berlubang", agency="Kemen PU bagian Sri")
    roads = Rule("roads", When(keywords=frozenset({"berlubang"})), ("pu",))
    decision = route(told, "app", rules(roads, directory=(PUBLIC_WORKS,))).model_dump_json().lower()
    assert not any(word in decision for word in ("sri", "mawar", "wahyuni", "bagian"))


@pytest.mark.parametrize("secret", [True, False])
def test_changing_what_was_decided_does_not_change_the_rules(secret: bool) -> None:
    given = rules(Rule("own", to=("pu",), parameters={"pu": {"desk": "a"}}), directory=(PUBLIC_WORKS,))
    first = route(report(is_secret=secret, agency="Kemen PU"), "app", given)
    first.targets["pu"]["desk"] = "changed"
    first.targets["sp4n"].clear()
    again = route(report(is_secret=secret, agency="Kemen PU"), "app", given)
    assert again.targets == {"pu": {"desk": "a"}, "sp4n": {"institution": "151"}}


@given(st.text(max_size=200), st.one_of(st.none(), st.text(max_size=60)))
def test_whatever_is_written_the_default_destination_gets_it(content: str, agency: str | None) -> None:
    given = rules(Rule("roads", When(keywords=frozenset({"jalan*"})), ("pu",)), directory=(PUBLIC_WORKS, HEALTH))
    assert "sp4n" in route(report(content, agency=agency), "app", given).targets
