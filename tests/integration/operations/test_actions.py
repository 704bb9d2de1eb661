"""What operators have done by the API: the same as in the console, under the name of whose key asked."""

from __future__ import annotations

import re
from typing import Any, cast

import pytest

from gateway.alerts.conditions import Kind
from gateway.alerts.lasting import Alert, State, Step
from gateway.api.app import build_api
from gateway.ledger.actions import list_actions
from gateway.ledger.alerts import take_steps
from gateway.ledger.channels import add_channel
from gateway.ledger.sessions import SessionRow, open_session
from gateway.ledger.values import ChannelRow, HandoffRow
from gateway.ledger.views import show_handoff
from gateway.ledger.workers import register
from gateway.roles import Role
from schemas.handoff import HandoffState
from tests.integration.ledger.doing import brought_to
from tests.integration.ledger.making import SP4N, a_report, a_worker, hashed, new_id
from tests.integration.operations.stand import NOW, Stand, bearer

OPS = "/v1/ops"
NOWHERE = "00000000-0000-7000-8000-000000000000"


def every() -> list[tuple[str, str]]:
    """Method and path of each address of operations."""
    paths = build_api(cast("Any", None)).openapi()["paths"]
    return [(method.upper(), path) for path, methods in paths.items() if path.startswith(OPS) for method in methods]


async def brought(stand: Stand, state: HandoffState, message: str = "wamid.1") -> HandoffRow:
    """A handoff in a state."""
    worker = a_worker()
    await stand.ledger.write(register, worker)
    return await brought_to(stand.ledger, worker, state, a_report(message, SP4N))


async def state_of(stand: Stand, row: HandoffRow) -> HandoffState | None:
    found = await stand.ledger.read(show_handoff, row.id)
    return found.state if found else None


async def acts(stand: Stand, actor: str) -> set[str]:
    return {row.action for row in await stand.ledger.read(list_actions, actor=actor)}


async def test_every_address_asks_for_a_key_and_nobody_does_more_than_they_may(stand: Stand) -> None:
    viewer, wrong = await stand.key(Role.VIEWER), []
    for method, template in every():
        path = re.sub(r"{[a-z]+}", NOWHERE, template)
        without = await stand.api.request(method, path)
        if without.status_code != 401 or without.headers["content-type"] != "application/problem+json":
            wrong.append((method, template, without.status_code))
        seen = await stand.api.request(method, path, headers={"authorization": f"Bearer {viewer}"}, json={})
        if seen.status_code == 500 or (method == "POST" and seen.status_code == 200):
            wrong.append((method, template, seen.status_code))
    assert wrong == []


async def test_a_redrive_is_foreseen_done_and_taken_back(stand: Stand) -> None:
    row, key = await brought(stand, HandoffState.PARKED), await stand.key(Role.OPERATOR, "ani")
    (cause,) = (await stand.get(f"{OPS}/queues", key)).json()["parked"]
    chosen = {"destination": cause["destination"], "reason": cause["reason"]}
    foreseen = (await stand.post(f"{OPS}/handoffs/redrive", key, **chosen, dry_run=True)).json()
    assert (foreseen["count"], await state_of(stand, row)) == (1, HandoffState.PARKED)
    done = (await stand.post(f"{OPS}/handoffs/redrive", key, **chosen)).json()
    assert (done["count"], await state_of(stand, row)) == (1, HandoffState.PENDING)
    undone = await stand.post(f"{OPS}/handoffs/redrive/undo", key, at=done["at"])
    assert (undone.json(), await state_of(stand, row)) == ({"count": 1}, HandoffState.PARKED)
    assert await acts(stand, "ani") == {"redrive", "redrive.undo"}


async def test_cancelling_needs_a_reason_and_a_role(stand: Stand) -> None:
    row = await brought(stand, HandoffState.PARKED)
    operator, viewer = await stand.key(Role.OPERATOR), await stand.key(Role.VIEWER)
    path, ids = f"{OPS}/handoffs/cancel", [str(row.id)]
    without = await stand.post(path, operator, ids=ids)
    assert (without.status_code, without.json()["errors"]) == (422, [{"at": "why", "problem": "Field required"}])
    assert (await stand.post(path, viewer, ids=ids, why="selesai")).status_code == 403
    assert (await stand.post(path, operator, ids=ids, why="selesai")).json() == {"count": 1}
    assert await state_of(stand, row) is HandoffState.CANCELLED


async def test_what_did_not_arrive_is_sent_again_and_the_rest_is_told(stand: Stand) -> None:
    row, key = await brought(stand, HandoffState.UNCERTAIN), await stand.key(Role.OPERATOR)
    told = (await stand.post(f"{OPS}/handoffs/resolve", key, ids=[str(row.id), NOWHERE], arrived=False)).json()
    assert [one["state"] for one in told["settled"]] == ["pending"]
    assert [one["at"] for one in told["problems"]] == [NOWHERE]
    again = await stand.post(f"{OPS}/handoffs/resolve", key, ids=[str(row.id)], arrived=False)
    assert (again.status_code, len(again.json()["errors"])) == (422, 1)


async def test_lists_go_on_from_a_cursor(stand: Stand) -> None:
    rows = [await brought(stand, HandoffState.PARKED, f"wamid.{n}") for n in range(3)]
    key, found = await stand.key(Role.VIEWER), []
    for path, name in (("handoffs", "after"), ("attempts", "before")):
        page = (await stand.get(f"{OPS}/{path}", key, limit=2)).json()
        rest = (await stand.get(f"{OPS}/{path}", key, **{"limit": 2, name: page["next"]})).json()
        found.append([len(page["rows"]), len(rest["rows"]), rest["next"]])
    assert found == [[2, 1, None], [2, 1, None]]
    one = (await stand.get(f"{OPS}/handoffs/{rows[0].id}", key)).json()
    assert (one["state"], len(one["attempts"])) == ("parked", 1)


async def test_the_log_takes_the_filters_of_the_console(stand: Stand) -> None:
    await brought(stand, HandoffState.PARKED)
    key = await stand.key(Role.VIEWER)

    async def lines(**query: Any) -> int:
        return len((await stand.get(f"{OPS}/attempts", key, **query)).json()["rows"])

    assert [await lines(state="parked"), await lines(state="delivered"), await lines(destination="lain")] == [1, 0, 0]
    wrong = await stand.get(f"{OPS}/attempts", key, state="lost")
    assert (wrong.status_code, wrong.headers["content-type"]) == (422, "application/problem+json")
    assert (await stand.get(f"{OPS}/attempts", key, reporter="00ff")).status_code == 403


async def test_a_view_is_saved_listed_and_forgotten(stand: Stand) -> None:
    key = await stand.key(Role.VIEWER)
    made = (await stand.post(f"{OPS}/views", key, name="gagal", query="state=parked&nothing=else")).json()
    assert made["query"] == "state=parked"
    dropped = await stand.post(f"{OPS}/views/{made['id']}/drop", key)
    assert (dropped.status_code, (await stand.get(f"{OPS}/views", key)).json()["rows"]) == (200, [])


async def test_a_report_is_found_and_shown_without_its_content(stand: Stand) -> None:
    row, key = await brought(stand, HandoffState.PARKED), await stand.key(Role.REVIEWER)
    code = (await stand.get(f"{OPS}/reports/{row.report_id}", key)).json()["tracking_code"]
    found = (await stand.post(f"{OPS}/search", key, text=code)).json()
    assert found == {"reports": [str(row.report_id)], "reporter": None}
    by_phone = (await stand.post(f"{OPS}/search", key, text="0812 0000 0001")).json()
    assert (by_phone["reports"], await acts(stand, "reviewer")) == ([], {"search.reporter"})


async def test_a_key_of_a_channel_is_shown_once(stand: Stand) -> None:
    await stand.ledger.write(add_channel, ChannelRow("app", "native", NOW, {}), "uji")
    key = await stand.key(Role.ADMIN)
    made = (await stand.post(f"{OPS}/channels/app/keys", key)).json()
    listed = await stand.get(f"{OPS}/channels", key)
    assert (made["id"] in listed.text, made["key"] in listed.text) == (True, False)
    assert (await stand.post(f"{OPS}/channels/keys/{made['id']}/revoke", key)).json() == {"changed": True}


async def test_a_user_is_made_given_a_role_a_key_and_locked_out(stand: Stand) -> None:
    key = await stand.key(Role.ADMIN)
    made = (await stand.post(f"{OPS}/users", key, name="budi")).json()
    assert len(made["password"]) == 20
    await stand.post(f"{OPS}/users/budi/role", key, role="operator")
    his = (await stand.post(f"{OPS}/users/budi/keys", key)).json()
    changed = await stand.post(f"{OPS}/me/password", his["key"], old=made["password"], new="kuda laut hijau muda")
    wrong = await stand.post(f"{OPS}/me/password", his["key"], old="salah sekali ini", new="kuda laut hijau muda")
    await stand.post(f"{OPS}/users/budi/lock", key, locked=True)
    assert [changed.status_code, wrong.status_code] == [200, 403]
    assert (await stand.get(f"{OPS}/me", his["key"])).status_code == 401


async def test_a_session_is_ended_by_its_owner_or_an_admin(stand: Stand) -> None:
    owner, other, admin = [await stand.key(role) for role in (Role.VIEWER, Role.OPERATOR, Role.ADMIN)]
    row = SessionRow(new_id(NOW), hashed("a token", 32), "viewer", NOW, NOW, "10.0.0.1", "Firefox")
    await stand.ledger.write(open_session, row)
    listed = [len((await stand.get(f"{OPS}/sessions", key)).json()["rows"]) for key in (owner, other, admin)]
    ended = [(await stand.post(f"{OPS}/sessions/{row.id}/end", key)).status_code for key in (other, owner)]
    assert (listed, ended) == ([1, 0, 1], [404, 200])


async def test_the_journal_is_verified_and_what_everybody_did_is_read(stand: Stand) -> None:
    key, auditor = await stand.key(Role.OPERATOR), await stand.key(Role.AUDITOR)
    assert (await stand.post(f"{OPS}/journal/verify", key)).json()["started"] is True
    told = (await stand.get(f"{OPS}/journal", key)).json()
    assert (told["check"]["by"], told["checkpoint"]) == ("operator", None)
    assert (await stand.get(f"{OPS}/audit", key)).status_code == 403
    did = (await stand.get(f"{OPS}/audit", auditor, actor="operator")).json()["rows"]
    assert "verify" in [one["action"] for one in did]


async def test_the_overview_books_and_rules_are_told(stand: Stand) -> None:
    await brought(stand, HandoffState.PARKED)
    key = await stand.key(Role.VIEWER)
    overview, books, rules = [(await stand.get(f"{OPS}/{what}", key)).json() for what in ("overview", "books", "rules")]
    assert (overview["waiting"]["parked"], [row["parked"] for row in books["rows"]]) == (1, [1])
    assert (rules["default"], rules["rules"]) == (["sp4n"], [])


@pytest.mark.parametrize("query", [{"limit": 0}, {"since": "2026-03-01"}, {"state": "lost"}])
async def test_a_wrong_parameter_is_told_by_its_name_without_its_value(stand: Stand, query: dict[str, Any]) -> None:
    answer = await stand.get(f"{OPS}/handoffs", await stand.key(Role.VIEWER), **query)
    (name,) = query
    assert (answer.status_code, [one["at"] for one in answer.json()["errors"]]) == (422, [f"query.{name}"])
    assert "lost" not in answer.text


async def test_alerts_are_told_and_hooks_are_made_and_dropped(stand: Stand) -> None:
    key = await stand.key(Role.ADMIN)
    alert = Alert(new_id(NOW), Kind.DISK, "files", State.RAISED, NOW, NOW, {"free_mib": 3}, NOW)
    await stand.ledger.write(take_steps, [Step(None, alert, tell=True)], lambda _: ())
    (row,) = (await stand.get(f"{OPS}/alerts", key)).json()["rows"]
    assert (row["grave"], row["todo"]["id"]) == (True, "Kosongkan atau tambah ruang penyimpanan.")
    made = (await stand.post(f"{OPS}/alerts/hooks", key, url="http://127.0.0.1:9/x", name="siaga", private=True)).json()
    assert made["secret"].startswith("whsec_")
    assert (await stand.post(f"{OPS}/alerts/hooks/siaga/test", key)).json()["problem"] is not None
    dropped = await stand.post(f"{OPS}/alerts/hooks/siaga/drop", key)
    assert (dropped.status_code, (await stand.get(f"{OPS}/alerts/hooks", key)).json()["rows"]) == (200, [])


async def test_a_day_is_told_as_figures_a_sheet_a_page_and_pictures(stand: Stand) -> None:
    await brought(stand, HandoffState.PARKED)
    key, path = await stand.key(Role.VIEWER), f"{OPS}/daily"
    told = (await stand.get(path, key)).json()
    heads = [{**bearer(key), "accept": kind} for kind in ("text/csv", "application/pdf")]
    sheet, page = [await stand.api.get(path, headers=head) for head in heads]
    picture = await stand.get(f"{path}/charts/hours", key, date=told["date"])
    dots = await stand.api.get(f"{path}/charts/hours", headers={**bearer(key), "accept": "image/png"})
    assert (sheet.text[:4], page.content[:5], picture.text[:4]) == ("date", b"%PDF-", "<svg")
    assert (dots.headers["content-type"], dots.content[:4]) == ("image/png", b"\x89PNG")
    assert [(await stand.get(f"{path}/charts/pie", key)).status_code, len(told["hours"])] == [404, 24]


async def test_other_rules_are_tried_and_wrong_ones_are_told(stand: Stand) -> None:
    key, path = await stand.key(Role.OPERATOR), f"{OPS}/rules/try"
    wrong = await stand.post(path, key, routes="routes: {default: [nobody]}")
    assert (wrong.status_code, "nobody" in wrong.json()["errors"][0]["problem"]) == (422, True)
    assert (await stand.post(path, key, routes="routes: {default: []}")).json()["tried"] == 0
