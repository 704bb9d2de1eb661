"""What each kind of misbehaviour may come to, for destinations with a protocol of their own: kind, step, outcomes."""

from __future__ import annotations

from schemas.handoff import OutcomeKind

DEFERRED, REFUSED, UNCERTAIN, DELIVERED = (
    OutcomeKind.DEFERRED,
    OutcomeKind.REFUSED,
    OutcomeKind.UNCERTAIN,
    OutcomeKind.DELIVERED,
)

OWN: dict[str, dict[str, dict[str, set[OutcomeKind]]]] = {
    "inbox": {
        "never_acknowledges": {"collect": {UNCERTAIN}},
        "dies_before_taking": {"collect": {UNCERTAIN}},
        "asks_again": {"collect": {DEFERRED}},
        "refuses": {"collect": {REFUSED}},
        "passes_on": {"collect": {REFUSED}},
        "mumbles": {"collect": {UNCERTAIN}},
        "acknowledges_twice": {"collect": {DELIVERED}},
        "acknowledges_bare": {"collect": {DELIVERED}},
    },
    "sftp": {
        "refused": {"drop": {DEFERRED}, "collect": {DEFERRED}},
        "wrong_host_key": {"drop": {DEFERRED}, "collect": {DEFERRED}},
        "login_denied": {"drop": {DEFERRED}, "collect": {DEFERRED}},
        "disk_full": {"drop": {DEFERRED}},
        "write_reset": {"drop": {DEFERRED}},
        "rename_reset": {"drop": {UNCERTAIN}},
        "renamed_reset": {"drop": {UNCERTAIN}},
        "acks_late": {"collect": {DEFERRED}},
        "acks_other_bytes": {"collect": {UNCERTAIN}},
        "acks_garbage": {"collect": {UNCERTAIN}},
        "nacks": {"collect": {REFUSED}},
    },
    "email": {
        "refused": {"mail": {DEFERRED}},
        "greeting_stall": {"mail": {DEFERRED}},
        "greeting_421": {"mail": {DEFERRED}},
        "mail_451": {"mail": {DEFERRED}},
        "rcpt_450": {"mail": {DEFERRED}},
        "rcpt_550": {"mail": {REFUSED}},
        "data_451": {"mail": {DEFERRED}},
        "data_552": {"mail": {REFUSED}},
        "data_reset": {"mail": {DEFERRED}},
        "body_reset": {"mail": {UNCERTAIN}},
        "body_451": {"mail": {DEFERRED}},
        "body_554": {"mail": {REFUSED}},
        "taken_reset": {"mail": {UNCERTAIN}},
        "taken_stall": {"mail": {UNCERTAIN}},
        "taken_garbage": {"mail": {UNCERTAIN}},
        "taken_299": {"mail": {UNCERTAIN}},
    },
}
