"""What workers learn of replies is put together, and forgotten when a new shape is accepted."""

from __future__ import annotations

from gateway.ledger import Ledger
from gateway.ledger.actions import list_actions
from gateway.ledger.destinations import list_destinations, pause
from gateway.ledger.reply_shapes import KnownShape, accept_shapes, add_to_shape, list_shapes
from gateway.shape import learn, merged, skeleton_of
from tests.integration.ledger.making import LATER, NOW, SP4N

ONE = learn(None, skeleton_of("application/json", b'{"id": 1, "note": "x"}'))
OTHER = learn(None, skeleton_of("application/json", b'{"id": "1"}'))


async def test_what_two_workers_learned_is_put_together(ledger: Ledger) -> None:
    assert await ledger.write(add_to_shape, SP4N, "create", 0, ONE, NOW) == KnownShape("create", 0, ONE)
    both = merged(ONE, OTHER)
    assert await ledger.write(add_to_shape, SP4N, "create", 0, OTHER, LATER) == KnownShape("create", 0, both)

    assert await ledger.read(list_shapes) == {SP4N: [KnownShape("create", 0, both)]}


async def test_accepting_a_new_shape_forgets_the_old_one_and_goes_on(ledger: Ledger) -> None:
    await ledger.write(add_to_shape, SP4N, "create", 0, ONE, NOW)
    await ledger.write(pause, SP4N, "rule:drift", "shape changed: /id gone", NOW)

    assert await ledger.write(accept_shapes, SP4N, "ani", LATER) is True

    assert (await ledger.read(list_shapes))[SP4N] == [KnownShape("create", 1, None)]
    assert [row.paused_at for row in await ledger.read(list_destinations)] == [None]
    actions = await ledger.read(list_actions, subject=SP4N)
    assert sorted(one.action for one in actions) == ["accept_shape", "pause", "resume"]


async def test_what_was_learned_before_is_not_added_to_what_is_learned_anew(ledger: Ledger) -> None:
    await ledger.write(add_to_shape, SP4N, "create", 0, ONE, NOW)
    await ledger.write(accept_shapes, SP4N, "ani", NOW)

    assert await ledger.write(add_to_shape, SP4N, "create", 0, ONE, LATER) == KnownShape("create", 1, None)
    assert await ledger.write(add_to_shape, SP4N, "create", 1, OTHER, LATER) == KnownShape("create", 1, OTHER)
