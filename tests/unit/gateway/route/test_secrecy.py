"""A report about an agency never goes to that agency alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gateway.route import Agency, Rule, Rules, When, route
from schemas.report import Report
from schemas.vocabulary import Classification

POLICE = Agency("Polres Garut", aliases=("polres garut",), destination="polres")


def report(content: str, kind: Classification = Classification.WITH_SUPERVISION, **fields: object) -> Report:
    return Report.model_validate({"title": "Laporan", "content": content, "classification": kind, **fields})


def reached(about: Report, *given_rules: Rule, default: tuple[str, ...] = ()) -> set[str]:
    return set(route(about, "app", Rules("v", given_rules, default, (POLICE,))).targets)


TO_POLICE = Rule("police", When(keywords=frozenset({"polisi"})), ("polres",), only=True)


def test_the_default_destinations_get_it_as_well() -> None:
    about = report("oknum polisi polres garut minta uang")
    assert reached(about, TO_POLICE, default=("sp4n",)) == {"polres", "sp4n"}


def test_where_that_adds_nobody_it_goes_nowhere_and_says_why() -> None:
    about = report("oknum polisi minta uang", agency="Polres Garut")
    decision = route(about, "app", Rules("v", (TO_POLICE,), (), (POLICE,)))
    assert (decision.targets, decision.matches[-1].rule) == ({}, "secrecy")


def test_a_report_of_another_class_or_about_another_agency_stays_as_the_rules_say() -> None:
    lost = report("polisi polres garut, motor saya hilang", Classification.WITHOUT_SUPERVISION)
    elsewhere = report("oknum polisi di kota lain minta uang")
    assert [reached(one, TO_POLICE, default=("sp4n",)) for one in (lost, elsewhere)] == [{"polres"}, {"polres"}]


def test_a_report_that_somebody_else_gets_too_stays_as_the_rules_say() -> None:
    both = Rule("both", When(keywords=frozenset({"polisi"})), ("polres", "inspektorat"), only=True)
    assert reached(report("polisi polres garut pungli"), both, default=("sp4n",)) == {"polres", "inspektorat"}


INSPECTORATE = Agency("Inspektorat Garut", destination="inspektorat")


def whistle(content: str, *given_rules: Rule, **fields: object) -> set[str]:
    rules = Rules("v", given_rules, ("sp4n",), (POLICE, INSPECTORATE), whistleblowers=("inspektorat",))
    return set(route(report(content, **{"is_secret": True, **fields}), "app", rules).targets)


def test_a_whistleblower_s_report_goes_to_the_inspectorate_only_whatever_the_rules_say() -> None:
    to_pu = Rule("pu", When(), ("pu",))
    assert whistle("oknum polisi polres garut minta uang", TO_POLICE) == {"inspektorat"}
    assert whistle("kades memotong dana desa", to_pu) == {"inspektorat"}
    assert whistle("kades memotong dana desa", to_pu, is_secret=False) == {"sp4n", "pu"}


def test_the_guard_explains_itself_where_it_changed_anything() -> None:
    rules = Rules("v", (TO_POLICE,), ("sp4n",), (POLICE,), whistleblowers=("inspektorat",))
    decision = route(report("oknum polisi minta uang", is_secret=True), "app", rules)
    assert decision.matches[-1].saw == {"whistleblower": ["inspektorat"], "only": True}
    there = Rule("there", When(is_secret=True), ("inspektorat",), only=True)
    already = Rules("v", (there,), ("sp4n",), (POLICE,), whistleblowers=("inspektorat",))
    assert [one.rule for one in route(report("pungli", is_secret=True), "app", already).matches] == ["there"]


def test_one_about_the_inspectorate_itself_waits_for_a_person() -> None:
    assert whistle("pegawai inspektorat garut minta uang") == set()


_RULES = st.lists(
    st.builds(
        Rule,
        name=st.text(min_size=1, max_size=5),
        when=st.builds(When, keywords=st.sampled_from([frozenset(), frozenset({"polisi"}), frozenset({"jalan"})])),
        to=st.lists(st.sampled_from(["polres", "inspektorat", "pu"]), max_size=2, unique=True).map(tuple),
        only=st.booleans(),
    ),
    max_size=4,
)


@given(_RULES, st.sampled_from(["oknum polisi polres garut", "jalan polres garut rusak", "tes"]))
def test_under_whatever_rules_it_is_never_its_subject_alone(rules: list[Rule], text: str) -> None:
    found = reached(report(text, agency="polres garut"), *rules, default=("sp4n",))
    assert found != {"polres"}


@given(_RULES, st.sampled_from(list(Classification)))
def test_a_report_reaches_somebody_or_is_left_for_a_person_and_the_same_one_alike(
    rules: list[Rule], kind: Classification
) -> None:
    given_rules = Rules("v", tuple(rules), ("sp4n",), (POLICE,))
    first, again = (route(report("polisi polres garut", kind), "app", given_rules) for _ in range(2))
    assert first == again
    assert first.targets or any(rule.only for rule in rules)  # nowhere only where a rule that decides alone says so
    assert all(match.rule for match in first.matches)


@given(_RULES)
def test_rules_explain_themselves_in_their_order(rules: list[Rule]) -> None:
    lines = [Rule(rule.name, rule.when, rule.to, line=at) for at, rule in enumerate(rules)]
    decision = route(report("polisi di jalan"), "app", Rules("v", tuple(lines), ("sp4n",), (POLICE,)))
    told = [match.line for match in decision.matches if match.line is not None]
    assert told == sorted(told)


@given(_RULES, st.sampled_from(["oknum polisi polres garut", "jalan rusak", "tes"]))
def test_under_whatever_rules_a_whistleblower_reaches_nobody_else(rules: list[Rule], text: str) -> None:
    assert whistle(text, *rules) == {"inspektorat"}
