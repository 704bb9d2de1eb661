"""One destination of the file: every field, and every mistake in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.config import DestinationConfig, Rate
from gateway.polling import PollPolicy
from gateway.retry import RetryPolicy
from tests.fakes.configs import SOUND, parse, problems, with_plain

URL = "url: https://x.example\n"


def destination(fields: str) -> DestinationConfig:
    return parse(with_plain(URL + fields)).destinations["x"]


def told(fields: str, *, production: bool = False) -> list[str]:
    prefix = "g.yaml:"
    return [one.removeprefix(prefix) for one in problems(with_plain(fields), production=production)]


def test_every_field_is_read() -> None:
    full = destination(
        """\
        identity: true
        paused: true
        limits: {concurrency: 3, rate: 20/s}
        timeouts: {connect: 2s, read: 20s, total: 1m}
        retry: {quick: [1s, 10s], longest: 1h, horizon: 80h, jitter: 0.5, growth: 3}
        private_hosts: [Localhost, 127.0.0.1]
        options: {repeat: neither}
        """.replace("        ", "")
    )
    entry = full.entry
    assert (full.identity, full.paused, full.concurrency, full.rate) == (True, True, 3, Rate(20, 1.0))
    assert (entry.connect_timeout, entry.read_timeout, entry.total_timeout, entry.connections) == (2.0, 20.0, 60.0, 3)
    assert full.retry == RetryPolicy((1.0, 10.0), 3600.0, 288_000.0, 0.5, 3.0)
    assert entry.private_hosts == {"localhost", "127.0.0.1"}
    assert entry.options.model_dump() == {"repeat": "neither"}


def test_a_field_that_is_left_out_has_its_usual_value() -> None:
    bare = destination("")
    assert (bare.identity, bare.paused, bare.concurrency, bare.rate, bare.retry) == (
        False,
        False,
        8,
        None,
        RetryPolicy(),
    )
    assert (bare.entry.connect_timeout, bare.entry.read_timeout, bare.entry.total_timeout) == (10.0, 30.0, 90.0)


def test_how_often_it_is_asked_can_be_told() -> None:
    written = destination("polling: {soonest: 1m, longest: 1h, share: 0.5, jitter: 0}").polling

    assert (written, destination("").polling) == (PollPolicy(60.0, 3600.0, 0.5, 0.0), PollPolicy())


def test_both_callback_secrets_count_and_the_adapter_is_given_none() -> None:
    first, second = "whsec_" + "a2Vt" * 8, "whsec_" + "YmFy" * 8
    read = destination(f'secrets: {{callback_secret: "{first} {second}"}}')

    assert (read.callback, dict(read.entry.secrets)) == ((first, second), {})


def test_no_quick_waits_are_allowed() -> None:
    assert destination("retry: {quick: []}").retry.quick == ()


def test_the_whole_call_may_last_as_long_as_its_longest_part() -> None:
    assert destination("timeouts: {read: 5m}").entry.total_timeout == 300.0


@pytest.mark.parametrize(("written", "rate"), [("600/m", Rate(600, 60.0)), ("5 / h", Rate(5, 3600.0))])
def test_a_rate_is_calls_in_a_time(written: str, rate: Rate) -> None:
    assert destination(f"limits: {{rate: {written}}}").rate == rate


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ("", "3: destinations.x.url: is missing; write the address"),
        ("url: x.example", "5: destinations.x.url: is no address"),
        ("url: 'https://'", "5: destinations.x.url: is no address"),
        ("url: 'https://x.example:port'", "5: destinations.x.url: is no address"),
        ("url: 'https://[x'", "5: destinations.x.url: is no address"),
        ("url: https://me:pw@x.example", "5: destinations.x.url: holds a user or password"),
        ("url: [a]", "5: destinations.x.url: must be one text"),
        (URL + "identity: perhaps", "6: destinations.x.identity: must be true or false"),
        (URL + "limits: 5", "6: destinations.x.limits: must be a mapping of concurrency, rate"),
        (URL + "limits: {concurrency: 0}", "6: destinations.x.limits.concurrency: must be a whole number from 1 to"),
        (URL + "limits: {concurrency: yes}", "6: destinations.x.limits.concurrency: must be a whole number"),
        (URL + "limits: {rate: fast}", "6: destinations.x.limits.rate: must be a number of calls per s, m or h"),
        (URL + "limits: {rate: 0/s}", "6: destinations.x.limits.rate: must be a number of calls per s, m or h"),
        (URL + "limits: {speed: 1}", "6: destinations.x.limits.speed: is no setting; write one of: concurrency, rate"),
        (URL + "timeouts: {read: soon}", "6: destinations.x.timeouts.read: 'soon' is no duration: write"),
        (URL + "timeouts: {read: 0s}", "6: destinations.x.timeouts.read: must be longer than nothing"),
        (URL + "timeouts: {total: 5s}", "6: destinations.x.timeouts.total: is shorter than `connect` or `read`"),
        (URL + "retry: {quick: 5s}", "6: destinations.x.retry.quick: must be a list of durations"),
        (URL + "retry: {quick: [5s, x]}", "6: destinations.x.retry.quick[1]: 'x' is no duration"),
        (URL + "retry: {quick: [0s]}", "6: destinations.x.retry.quick[0]: must be longer than nothing"),
        (URL + "retry:\n  longest: 1s", "7: destinations.x.retry.longest: is shorter than a `quick` wait; write 10m"),
        (URL + "retry: {jitter: 2}", "6: destinations.x.retry.jitter: must be a number from 0 to 1"),
        (URL + "retry: {jitter: much}", "6: destinations.x.retry.jitter: must be a number from 0 to 1"),
        (URL + "retry: {growth: 0.5}", "6: destinations.x.retry.growth: must be a number from 1 to 10"),
        (URL + "private_hosts: [{a: b}]", "6: destinations.x.private_hosts[0]: must be a text, or a list of texts"),
        (URL + "secrets: {token: x}", "6: destinations.x.secrets.token: is no setting; write one of: callback_secret"),
        (URL + "secrets: {callback_secret: geheim}", "6: destinations.x.secrets.callback_secret: must be whsec_"),
        (URL + "polling: {soonest: 2h, longest: 1h}", "6: destinations.x.polling.longest: is shorter than `soonest`"),
        (URL + "polling: {share: 0}", "6: destinations.x.polling.share: must be a number from 0.01 to 1"),
        (URL + "options: {repeat: twice}", "6: destinations.x.options.repeat: Input should be 'dedupes', 'lookup'"),
        (URL + "options: {repaet: lookup}", "6: destinations.x.options.repaet: is no option of this adapter; did you"),
        (URL + "options: 5", "6: destinations.x.options: Input should be a valid dictionary"),
        (URL + "url2: x", "6: destinations.x.url2: is no setting; did you mean `url`?"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_what_to_write(fields: str, problem: str) -> None:
    found = told(fields)
    assert len(found) == 1
    assert found[0].startswith(problem)


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ("{}", "5: destinations.sp4n.options.institution_id: is missing; write `institution_id: …` (The channel's own"),
        (
            "{institution_id: 0}",
            "5: destinations.sp4n.options.institution_id: Input should be greater than or equal to 1",
        ),
        (
            "{institution_id: 1, user_id: 012}",
            '5: destinations.sp4n.options.user_id: must be a text; put it in quotes: "012"',
        ),
        (
            "{institution_id: 1, nested: {a: x}}",
            "5: destinations.sp4n.options.nested.a: Input should be a valid integer",
        ),
    ],
)
def test_the_options_are_checked_by_the_adapters_own_schema(options: str, problem: str) -> None:
    found = problems(SOUND.replace("{institution_id: 7}", options))
    assert len(found) == 1
    assert found[0].startswith(f"g.yaml:{problem}")


def test_a_missing_option_without_description_is_told_plainly() -> None:
    found = problems(SOUND.replace("    options: {institution_id: 7}\n", ""))
    assert found == [
        "g.yaml:2: destinations.sp4n.options.institution_id: is missing; write `institution_id: …` "
        "(The channel's own institution)"
    ]


@pytest.mark.parametrize("name", ["Sp4n", "4sp", "a b", "-x", "x" * 64])
def test_a_name_must_do_for_queues_and_columns(name: str) -> None:
    text = f"routes: {{default: []}}\ndestinations:\n  '{name}':\n    adapter: plain\n    url: https://x.example\n"
    assert any("a name is small letters, digits" in one for one in problems(text))


def test_an_unknown_adapter_is_answered_with_the_nearest() -> None:
    found = problems(SOUND.replace("adapter: national", "adapter: nationl"))
    assert found == ["g.yaml:3: destinations.sp4n.adapter: `nationl` is no adapter; did you mean `national`?"]


def test_a_destination_stands_once() -> None:
    found = problems(SOUND.replace("  pu:\n", "  sp4n:\n"))
    assert "g.yaml:7: destinations.sp4n: stands twice, first in line 2; keep one of them" in found


class TestSecrets:
    """Where secrets come from."""

    def test_a_file_gives_a_secret(self, tmp_path: Path) -> None:
        (tmp_path / "token").write_text("of-the-file\n", encoding="utf-8")
        config = parse(SOUND.replace("env:TOKEN", f"file:{tmp_path / 'token'}"))
        assert config.destinations["sp4n"].entry.secrets == {"token": "of-the-file"}

    def test_a_literal_gives_a_secret_outside_production(self) -> None:
        assert parse(SOUND.replace("env:TOKEN", "plain")).destinations["sp4n"].entry.secrets == {"token": "plain"}

    def test_an_optional_secret_may_be_given(self) -> None:
        text = SOUND.replace('"env:TOKEN"', '"env:TOKEN", spare: "env:TOKEN"')
        assert set(parse(text).destinations["sp4n"].entry.secrets) == {"token", "spare"}

    @pytest.mark.parametrize(
        ("written", "problem"),
        [
            ("env:NOWHERE", "the environment variable NOWHERE is not set or empty; set it for this process"),
            ("file:/nowhere/at-all", "the file /nowhere/at-all cannot be read (FileNotFoundError); check"),
        ],
    )
    def test_a_secret_that_cannot_be_had_is_told(self, written: str, problem: str) -> None:
        found = problems(SOUND.replace("env:TOKEN", written))
        assert len(found) == 1
        assert found[0].startswith(f"g.yaml:6: destinations.sp4n.secrets.token: {problem}")

    def test_an_empty_file_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "token").write_text(" \n", encoding="utf-8")
        (found,) = problems(SOUND.replace("env:TOKEN", f"file:{tmp_path / 'token'}"))
        assert found.endswith("is empty; write the secret into it")

    def test_a_missing_secret_is_told(self) -> None:
        (found,) = problems(SOUND.replace('{token: "env:TOKEN"}', "{}"))
        assert found.endswith("secrets.token: is missing; write `token: env:NAME` or `token: file:/path`")


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ("url: http://x.example", "5: destinations.x.url: http:// goes over the net in the clear"),
        (URL + "private_hosts: [localhost]", "6: destinations.x.private_hosts: opens the gateway's own network"),
        (URL + "retry: {horizon: 75h}", "6: destinations.x.retry.horizon: is too short for a weekend with a holiday"),
    ],
)
def test_production_refuses_what_is_good_for_trying_out(fields: str, problem: str) -> None:
    (found,) = told(fields, production=True)
    assert found.startswith(problem)
    assert parse(with_plain(fields)).destinations["x"].name == "x"


def test_production_refuses_a_secret_in_the_file_itself() -> None:
    (found,) = problems(SOUND.replace("env:TOKEN", "plain"), production=True)
    assert found.startswith("g.yaml:6: destinations.sp4n.secrets.token: stands in the file itself; write `token: env:")
