"""What the receiving side answers: a receipt once for each key, whatever comes in between, even a restart."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest

from sp4n_gateway_client import Receiver, SqliteStore, Unfit, Update, read_case
from tests.unit.clients.bodies import KEY, body, take

CODE = json.loads(body())["tracking_code"]


@pytest.fixture
def store(tmp_path: Path) -> SqliteStore:
    return SqliteStore(tmp_path / "kasus.sqlite")


def test_a_case_is_answered_with_a_receipt(store: SqliteStore) -> None:
    status, said = take(store, body())
    assert (status, said["idempotency_key"], said["id"]) == (201, KEY, json.loads(body())["id"])
    assert store.references() == {KEY: said["receipt"]["reference"]}


def test_the_same_key_gives_the_same_receipt_after_a_restart(store: SqliteStore, tmp_path: Path) -> None:
    first = take(store, body())
    store.close()
    again = SqliteStore(tmp_path / "kasus.sqlite")
    assert take(again, body()) == (200, first[1])


def test_the_same_key_with_another_body_is_refused(store: SqliteStore) -> None:
    take(store, body())
    status, said = take(store, body(channel="lain"))
    assert (status, said["detail"]) == (422, "this key came before with another body")
    assert len(store.references()) == 1


def test_repeats_at_the_same_moment_keep_one_case(store: SqliteStore) -> None:
    answers: list[tuple[int, dict[str, Any]]] = []
    threads = [threading.Thread(target=lambda: answers.append(take(store, body()))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(status for status, _ in answers) == [200, 200, 200, 200, 200, 201]
    assert len({said["receipt"]["reference"] for _, said in answers}) == 1


def test_more_about_a_case_belongs_to_it(store: SqliteStore) -> None:
    reference = take(store, body())[1]["receipt"]["reference"]
    added = body("added.call.json", id=json.loads(body())["id"], prior_reference=reference)
    assert take(store, added, "kunci-2")[1]["receipt"]["reference"] == f"{reference}/1"


def test_more_about_a_case_that_is_not_here_is_refused(store: SqliteStore) -> None:
    assert take(store, body("added.call.json"), "kunci-2")[0] == 422


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"webhook-signature": "v1,AAAA"}, 401),
        ({"webhook-timestamp": "1"}, 401),
        ({"Idempotency-Key": "lain"}, 400),
        ({"Idempotency-Key": ""}, 400),
    ],
)
def test_what_is_not_the_gateways_is_refused(store: SqliteStore, changed: dict[str, str], status: int) -> None:
    assert take(store, body(), **changed)[0] == status
    assert store.references() == {}


def test_what_is_no_case_is_told_as_a_problem(store: SqliteStore) -> None:
    status, said = take(store, b"[]")
    assert (status, said["status"], said["detail"]) == (422, 422, "the body: must be an object")


@pytest.mark.parametrize("secrets", [[], ["whsec_*"]])
def test_a_receiver_without_a_good_secret_does_not_start(store: SqliteStore, secrets: list[str]) -> None:
    with pytest.raises(ValueError, match="secret"):
        Receiver(secrets, store)


def test_updates_are_owed_in_the_cases_own_order_until_they_are_settled(store: SqliteStore, tmp_path: Path) -> None:
    reference = take(store, body())[1]["receipt"]["reference"]
    first = store.say(CODE, Update(status="Dalam Proses"))
    second = store.say(CODE, Update(text="Di mana?", question=True))
    store.close()
    again = SqliteStore(tmp_path / "kasus.sqlite")
    assert again.owed() == [first, second]
    said = [json.loads(one.body) for one in (first, second)]
    assert [(one["sequence"], one["reference"], one["question"]) for one in said] == [
        (1, reference, False),
        (2, reference, True),
    ]
    again.settle(first.event_id)
    again.settle(second.event_id, "422: no")
    assert (again.owed(), again.say(CODE, Update(status="Selesai")).event_id) == ([], f"{CODE}-3")


def test_an_update_about_an_unknown_case_is_refused(store: SqliteStore) -> None:
    with pytest.raises(Unfit):
        store.say("AAAA-AAAA-AAAA", Update(status="Selesai"))


def test_a_case_that_cannot_be_kept_leaves_nothing_half_done(store: SqliteStore) -> None:
    with pytest.raises(Unfit):
        store.take("k", "d", read_case(body("withdrawn.call.json")), b"")
    assert store.references() == {}
