"""Putting everything under the current master key, a few at a time, while the gateway runs."""

from __future__ import annotations

from gateway.cli.desk import Desk
from gateway.cli.progress import Steps
from gateway.hooks import resealed_hook
from gateway.keyring import KeyRing
from gateway.ledger.alert_hooks import list_hooks, put_hook_secret
from gateway.ledger.channels import list_channels
from gateway.ledger.keys import count_by_master, keys_under_others, put_keys, put_secrets
from gateway.ledger.values import KeyRow
from gateway.vault import Vault

_AT_ONCE = 500


async def rewrap_all(desk: Desk, ring: KeyRing, steps: Steps) -> int:
    """Rewrap keys of reports, secrets of channels and hooks. Returns how many. Raises Misconfigured for a lost key."""
    vault, current = Vault(ring), ring.master[0].id
    waiting = await _count_others(desk, current)
    steps.expect(waiting)
    while found := await desk.ledger.read(keys_under_others, current, _AT_ONCE):
        pairs = [(old, _rewrapped(vault, old)) for old in found]
        await desk.ledger.write(put_keys, pairs)
        steps.advance(len(pairs))
    await _rewrap_secrets(desk, vault, current, steps)
    await _rewrap_hooks(desk, vault, current, steps)
    return waiting - await _count_others(desk, current)


async def _count_others(desk: Desk, current: str) -> int:
    under = await desk.ledger.read(count_by_master)
    return sum(count for master, count in under.items() if master != current)


async def _rewrap_secrets(desk: Desk, vault: Vault, current: str, steps: Steps) -> None:
    for channel in await desk.ledger.read(list_channels):
        if channel.sealed_secrets is None or channel.master_key_id == current:
            continue
        secrets = vault.open_secrets(channel.name, channel.sealed_secrets, channel.master_key_id)
        sealed, master_key_id = vault.seal_secrets(channel.name, secrets)
        await desk.ledger.write(put_secrets, channel.name, channel.sealed_secrets, sealed, master_key_id)
        steps.advance(1)


async def _rewrap_hooks(desk: Desk, vault: Vault, current: str, steps: Steps) -> None:
    for hook in await desk.ledger.read(list_hooks):
        if hook.master_key_id != current:
            await desk.ledger.write(put_hook_secret, resealed_hook(vault, hook), hook.sealed_secret)
            steps.advance(1)


def _rewrapped(vault: Vault, old: KeyRow) -> KeyRow:
    wrapped, master_key_id = vault.rewrap(old.subject_id, old.wrapped, old.master_key_id)
    return KeyRow(old.subject_id, wrapped, master_key_id)
