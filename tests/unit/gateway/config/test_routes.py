"""The rules in the file, and those that can never do anything."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.config.routes import covers
from gateway.route import Rule, Rules, When, route
from schemas.report import Report
from schemas.vocabulary import Classification
from tests.fakes.configs import SOUND, parse, problems, with_rules


def rules(text: str) -> tuple[Rule, ...]:
    return parse(with_rules(text)).rules.rules


def told(text: str) -> list[str]:
    return [one.removeprefix("g.yaml:") for one in problems(with_rules(text))]


def test_every_part_of_a_rule_is_read() -> None:
    (rule,) = rules(
        """\
        - name: whistleblower
          when:
            classification: [Pengaduan Berkadar Pengawasan, aspirasi]
            category: [1558, perhubungan, Pungutan Liar]
            province: Provinsi Jawa Barat
            regency: [Kab. Garut]
            region: [32.10, 33]
            channel: [wa, app]
            agency: [kemen pu]
            keywords: [pungli*, "uang pelicin"]
            is_secret: true
            is_anonymous: false
            is_priority: true
          to: [pu]
          parameters: {pu: {desk: a}, sp4n: {institution: 5}}
          copies: sp4n
          only: true
        """
    )
    when = When(
        classifications=frozenset({Classification.WITH_SUPERVISION, Classification.ASPIRATION}),
        categories=frozenset({1558, 936, 938, 940}),
        provinces=frozenset({"jawa barat"}),
        regencies=frozenset({"kabupaten garut"}),
        regions=frozenset({"3210", "33"}),
        channels=frozenset({"wa", "app"}),
        agencies=frozenset({"Kementerian PU"}),
        keywords=frozenset({"pungli*", "uang pelicin"}),
        is_secret=True,
        is_anonymous=False,
        is_priority=True,
    )
    parameters = {"pu": {"desk": "a"}, "sp4n": {"institution": 5}}
    assert rule == Rule("whistleblower", when, ("pu",), parameters, ("sp4n",), True, 19)


def test_a_name_that_several_categories_have_means_all_of_them() -> None:
    (rule,) = rules("- {name: a, when: {category: Bantuan Sosial Tunai (BST)}, to: [pu]}")
    assert rule.when.categories == {1449, 1665}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("- {to: [pu]}", "19: routes.rules[0].name: is missing; give the rule a name"),
        ("- {name: default, to: [pu]}", "19: routes.rules[0].name: `default` names what is not a rule"),
        ("- {name: a}", "19: routes.rules[0].to: is missing; write the destinations that the rule is for"),
        ("- {name: a, to: [puu]}", "19: routes.rules[0].to[0]: `puu` is no destination; did you mean `pu`?"),
        ("- {name: a, to: [pu, pu]}", "19: routes.rules[0].to[1]: `pu` stands twice; once is enough"),
        ("- {name: a, to: [pu], copies: [q]}", "19: routes.rules[0].copies[0]: `q` is no destination"),
        ("- {name: a, to: [pu], parameters: {q: {}}}", "19: routes.rules[0].parameters.q: is no setting"),
        ("- {name: a, to: [pu], parameters: {pu: 5}}", "19: routes.rules[0].parameters.pu: must be a mapping of"),
        ("- {name: a, parameters: {pu: {a: 1}}, only: true}", "19: routes.rules[0].only: leaves the report without"),
        ("- {name: a, too: [pu], to: [pu]}", "19: routes.rules[0].too: is no setting; did you mean `to`?"),
        ("- {name: a, to: [pu], when: x}", "19: routes.rules[0].when: must be a mapping of classification"),
        ("- {name: a, to: [pu], when: {keyword: x}}", "19: routes.rules[0].when.keyword: is no setting; did you mean"),
        ("- {name: a, to: [pu], when: {keywords: ['*']}}", "19: routes.rules[0].when.keywords[0]: '*' is no phrase"),
        ("- {name: a, to: [pu], when: {region: [3]}}", "19: routes.rules[0].when.region[0]: `3` is no Kemendagri code"),
        ("- {name: a, to: [pu], when: {province: '.'}}", "19: routes.rules[0].when.province: `.` is no name of a"),
        (
            "- {name: a, to: [pu], when: {classification: aspirsi}}",
            "19: routes.rules[0].when.classification: `aspirsi` is no class of reports; did you mean `aspirasi`?",
        ),
        (
            "- {name: a, to: [pu], when: {category: Jalan Berlubng}}",
            "19: routes.rules[0].when.category: `Jalan Berlubng` is no category; did you mean `Jalan Berlubang`?",
        ),
        (
            "- {name: a, to: [pu], when: {category: zzzzqqqq}}",
            "19: routes.rules[0].when.category: `zzzzqqqq` is no category; write an id, or a name as in",
        ),
        (
            "- {name: a, to: [pu], when: {category: PERAIRAN}}",
            "19: routes.rules[0].when.category: no id under PERAIRAN is known; write the ids themselves",
        ),
        (
            "- {name: a, to: [pu], when: {agency: Kemen PV}}",
            "19: routes.rules[0].when.agency: `Kemen PV` does not stand in `directory`; did you mean `Kementerian PU`",
        ),
        (
            "- {name: a, to: [pu], when: {is_secret: maybe}}",
            "19: routes.rules[0].when.is_secret: must be true or false",
        ),
        ("- just words", "19: routes.rules[0]: must be a mapping of name, when"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_what_to_write(text: str, problem: str) -> None:
    assert any(one.startswith(problem) for one in told(text)), told(text)


def test_rules_that_are_no_list_are_told() -> None:
    found = problems(SOUND + "  rules: {a: b}\n")
    assert found == ["g.yaml:18: routes.rules: must be a list; begin each rule with `- name:`"]


def test_missing_default_destinations_are_told() -> None:
    (found,) = problems(SOUND.replace("  default: [sp4n]", "  version: x"))
    assert found.startswith("g.yaml:16: routes.default: is missing; write the destinations that every report goes to")


def test_no_default_destinations_may_be_meant() -> None:
    assert parse(SOUND.replace("default: [sp4n]", "default: []")).rules.default == ()


def test_two_rules_cannot_have_one_name() -> None:
    (found,) = told("- {name: a, when: {channel: x}, to: [pu]}\n- {name: a, when: {channel: y}, to: [pu]}")
    assert found == "20: routes.rules.name: `a` is the name of the rule in line 19 already; choose another"


class TestIdleRules:
    """Rules that can never do anything."""

    @pytest.mark.parametrize(
        "text",
        [
            # after one that always holds and decides alone
            "- {name: first, to: [pu], only: true}\n- {name: idle, when: {channel: x}, to: [sp4n]}",
            # before it: it is overruled whenever it holds
            "- {name: idle, when: {channel: x}, to: [sp4n]}\n- {name: first, to: [pu], only: true}",
            # two that hold alike and decide alone
            "- {name: first, when: {channel: [x, y]}, to: [pu], only: true}\n"
            "- {name: idle, when: {channel: x, is_secret: true}, to: [sp4n], only: true}",
            # one that adds what an earlier one adds
            "- {name: first, when: {keywords: [a, b]}, to: [pu, sp4n]}\n- {name: idle, when: {keywords: a}, to: [pu]}",
            "- {name: first, to: [pu], parameters: {pu: {d: 1}}}\n"
            "- {name: idle, when: {region: 32.10}, to: [pu], parameters: {pu: {d: 1}}}",
        ],
    )
    def test_an_idle_rule_is_told(self, text: str) -> None:
        (found,) = told(text)
        assert "routes.rules: the rule `idle` can never do anything: `first`" in found

    @pytest.mark.parametrize(
        "text",
        [
            "- {name: a, to: [pu]}\n- {name: b, when: {channel: x}, to: [sp4n]}",
            "- {name: a, to: [pu]}\n- {name: b, when: {channel: x}, to: [pu], only: true}",
            "- {name: a, to: [pu]}\n- {name: b, to: [pu], parameters: {pu: {d: 1}}}",
            "- {name: a, when: {channel: x}, to: [pu]}\n- {name: b, when: {channel: [x, y]}, to: [pu]}",
            "- {name: a, when: {channel: x}, to: pu, only: true}\n- {name: b, when: {region: 32}, to: pu, only: true}",
            "- {name: a, when: {channel: x}, to: [pu], only: true}\n- {name: b, to: [sp4n], only: true}",
            "- {name: a, copies: [pu]}\n- {name: b, when: {channel: x}, to: [pu]}",
        ],
    )
    def test_a_rule_that_can_do_something_is_left_alone(self, text: str) -> None:
        assert [rule.name for rule in rules(text)] == ["a", "b"]

    @pytest.mark.parametrize(
        ("wide", "narrow", "expected"),
        [
            (When(), When(), True),
            (When(), When(is_secret=True), True),
            (When(is_secret=True), When(), False),
            (When(is_secret=False), When(is_secret=False), True),
            (When(is_secret=False), When(is_secret=True), False),
            (When(regions=frozenset({"32"})), When(regions=frozenset({"3210", "3211"})), True),
            (When(regions=frozenset({"3210"})), When(regions=frozenset({"32"})), False),
            (When(regions=frozenset({"32"})), When(), False),
            (When(channels=frozenset({"a", "b"})), When(channels=frozenset({"a"})), True),
            (When(channels=frozenset({"a"})), When(channels=frozenset({"a", "b"})), False),
            (When(channels=frozenset({"a"})), When(keywords=frozenset({"a"})), False),
        ],
    )
    def test_conditions_cover_others(self, wide: When, narrow: When, expected: bool) -> None:
        assert covers(wide, narrow) is expected


@given(
    wide=st.frozensets(st.sampled_from("abc")),
    narrow=st.frozensets(st.sampled_from("abc")),
    channel=st.sampled_from("abcd"),
    secret=st.booleans(),
    asked=st.sampled_from([None, True, False]),
)
def test_what_covers_holds_whenever_the_covered_does(
    wide: frozenset[str], narrow: frozenset[str], channel: str, secret: bool, asked: bool | None
) -> None:
    outer, inner = When(channels=wide), When(channels=narrow, is_secret=asked)
    given_rules = Rules("v", (Rule("outer", outer, ("a",)), Rule("inner", inner, ("b",))))
    targets = route(Report(title="x", content="x", is_secret=secret), channel, given_rules).targets
    assert not (covers(outer, inner) and "b" in targets and "a" not in targets)


class TestVersion:
    """The name of a set of rules."""

    def test_the_same_rules_have_the_same_version_wherever_they_stand(self) -> None:
        rule = "- {name: a, when: {keywords: [x, y]}, to: [pu]}"
        assert parse(with_rules(rule)).rules.version == parse("# a comment\n" + with_rules(rule)).rules.version

    @pytest.mark.parametrize(
        ("old", "new"), [("[x, y]", "[x]"), ("to: [pu]", "to: [sp4n]"), ("Kemen PU", "Kemenpu"), ("[sp4n]\n", "[pu]\n")]
    )
    def test_other_rules_have_another_version(self, old: str, new: str) -> None:
        text = with_rules("- {name: a, when: {keywords: [x, y]}, to: [pu]}")
        assert parse(text).rules.version != parse(text.replace(old, new)).rules.version

    def test_parameters_may_hold_what_json_does_not(self) -> None:
        text = with_rules("- {name: a, to: [pu], parameters: {pu: {since: 2026-01-02}}}")
        assert parse(text).rules.version != parse(text.replace("01-02", "01-03")).rules.version

    def test_a_label_stands_before_it(self) -> None:
        plain = parse(SOUND).rules.version
        assert parse(SOUND + "  version: 2026-07\n").rules.version == f"2026-07+{plain}"
