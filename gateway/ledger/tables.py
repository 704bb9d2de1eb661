"""The ledger's tables.

Times are aware and kept to the microsecond. Ids are UUID version 7, so rows lie in order of time. Personal payload
(`sealed_*`) is encrypted under the report's key in `report_keys`; destroying that key erases the person, also in an
archive, which holds what was sealed and never a key. `attempts` and
`results` are append-only and are the leaves of the journal: `tx` and `seq` give the order in which they were committed.
Rows of one report are written in one transaction and never deleted singly, but for handoffs that nobody began and whose
decision was taken back; so the large tables carry no foreign keys: on PostgreSQL each would cost a look-up per row on
the hot path.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    and_,
    false,
    or_,
    text,
)

from gateway.ledger.alert_tables import alert_hooks as alert_hooks
from gateway.ledger.alert_tables import alert_notices as alert_notices
from gateway.ledger.alert_tables import alerts as alerts
from gateway.ledger.archive_tables import archives as archives
from gateway.ledger.case_tables import case_clocks as case_clocks
from gateway.ledger.case_tables import case_events as case_events
from gateway.ledger.case_tables import case_watch as case_watch
from gateway.ledger.desk_tables import desk_days as desk_days
from gateway.ledger.desk_tables import desk_entries as desk_entries
from gateway.ledger.example_tables import examples as examples
from gateway.ledger.inbox_tables import inbox_keys as inbox_keys
from gateway.ledger.inbox_tables import inbox_leases as inbox_leases
from gateway.ledger.link_tables import not_ours as not_ours
from gateway.ledger.link_tables import report_links as report_links
from gateway.ledger.link_tables import sketches as sketches
from gateway.ledger.log_tables import checkpoints as checkpoints
from gateway.ledger.log_tables import log_batches as log_batches
from gateway.ledger.log_tables import log_head as log_head
from gateway.ledger.non_delivery_tables import non_deliveries as non_deliveries
from gateway.ledger.notice_tables import notice_updates as notice_updates
from gateway.ledger.notice_tables import notices as notices
from gateway.ledger.notice_tables import opt_outs as opt_outs
from gateway.ledger.notice_tables import reply_addresses as reply_addresses
from gateway.ledger.part_tables import awaited_words as awaited_words
from gateway.ledger.part_tables import text_parts as text_parts
from gateway.ledger.people import reporter_keys as reporter_keys
from gateway.ledger.people import saved_views as saved_views
from gateway.ledger.people import sessions as sessions
from gateway.ledger.people import sign_in_failures as sign_in_failures
from gateway.ledger.people import sign_in_returns as sign_in_returns
from gateway.ledger.people import user_keys as user_keys
from gateway.ledger.people import user_subjects as user_subjects
from gateway.ledger.people import users as users
from gateway.ledger.registers import actions as actions
from gateway.ledger.registers import channels as channels
from gateway.ledger.registers import credentials as credentials
from gateway.ledger.registers import destinations as destinations
from gateway.ledger.registers import gates as gates
from gateway.ledger.registers import metadata as metadata
from gateway.ledger.registers import partial
from gateway.ledger.registers import reply_shapes as reply_shapes
from gateway.ledger.registers import restorations as restorations
from gateway.ledger.registers import schema_floor as schema_floor
from gateway.ledger.registers import terms as terms
from gateway.ledger.registers import workers as workers
from gateway.ledger.types import Id, Instant, JsonText, Serial, current_transaction

QUEUE = {"autovacuum_vacuum_scale_factor": 0.01, "autovacuum_analyze_scale_factor": 0.02}
"""For a table whose rows change several times soon after they were made: what is dead must not fill its indexes."""

report_keys = Table(
    "report_keys",
    metadata,
    Column("subject_id", Id, primary_key=True),  # a report's id, or a parked message's
    Column("wrapped", LargeBinary),  # the data key under the master key; NULL once erased
    Column("master_key_id", String(32)),
    Column("erased_at", Instant),
    Column("archive", Id),  # where the report's content lies; NULL: it is here
)

reports = Table(
    "reports",
    metadata,
    Column("id", Id, primary_key=True),
    Column("tracking_code", String(14), nullable=False, unique=True),
    Column("channel", String(64), nullable=False),
    Column("conversation_key", LargeBinary(16)),  # keyed hash of who is talking
    Column("received_at", Instant, nullable=False),
    Column("last_message_at", Instant, nullable=False),
    Column("messages", Integer, nullable=False),  # how many there are; the next has this sequence number
    Column("classification", String(40), nullable=False),
    Column("category_id", Integer),
    Column("region_code", String(13)),
    Column("is_anonymous", Boolean, nullable=False),
    Column("is_secret", Boolean, nullable=False),
    Column("is_priority", Boolean, nullable=False),
    Column("verdict", String(16), nullable=False),
    Column("decision", JsonText, nullable=False),  # verdict and route with the rules that fired; no report text
    Column("sealed_report", LargeBinary, nullable=False),
    Column("sealed_reporter", LargeBinary),
    Column("erased_at", Instant),  # since when its content is not here: erased for good, or in an archive
    Column("trace", String(55)),  # traceparent of the span in which it came
    Index(None, "conversation_key", "last_message_at"),
    Index(None, "received_at"),
)

messages = Table(
    "messages",
    metadata,
    Column("id", Id, primary_key=True),
    Column("report_id", Id, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("channel", String(64), nullable=False),
    Column("message_key", LargeBinary(16), nullable=False),  # keyed hash of the channel's message id
    Column("message_digest", LargeBinary(16), nullable=False),  # keyed hash of the message as it came
    Column("received_at", Instant, nullable=False),
    Column("sealed_message", LargeBinary, nullable=False),  # schemas.report.Message
    Column("sealed_raw", LargeBinary),  # as it came, capped
    Column("routed", Text),  # who is owed it, with commas; "" while it is parked; NULL: it rides along with another
    UniqueConstraint("message_key", "channel"),
    UniqueConstraint("report_id", "sequence"),
)

partial("ix_messages_routed", messages.c.routed.is_not(None), messages.c.channel, messages.c.routed)

files = Table(
    "files",
    metadata,
    Column("id", Id, primary_key=True),
    Column("report_id", Id, nullable=False),
    Column("sequence", Integer, nullable=False),  # of the message that it came with
    Column("position", Integer, nullable=False),
    Column("state", String(16), nullable=False),  # waiting | stored | failed | withheld
    Column("tries", Integer, nullable=False),
    Column("stored", String(80)),  # name of the sealed file in storage
    Column("size", BigInteger),
    Column("reason", String(64)),
    Column("sha256", String(64)),  # of what came; forgotten when the report is erased
    Column("media_type", String(127)),  # told from the content
    Column("scan", String(16)),  # clean | infected | off | down; NULL until it was looked at
    Column("found", String(100)),  # the scanner's name of it
    Column("notes", String(255)),
    Column("travels", String(80)),  # the copy that goes out, where it is not the original
    UniqueConstraint("report_id", "sequence", "position"),
)

partial("ix_files_waiting", files.c.state == "waiting", files.c.id)
partial("ix_files_stored", files.c.stored.is_not(None), files.c.stored)
partial("ix_files_travels", files.c.travels.is_not(None), files.c.travels)
partial("ix_files_undecided", files.c.state.in_(["withheld", "failed"]), files.c.id)

handoffs = Table(
    "handoffs",
    metadata,
    Column("id", Id, primary_key=True),
    Column("report_id", Id, nullable=False),
    Column("channel", String(64), nullable=False),
    Column("destination", String(64), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("first_sequence", Integer, nullable=False),  # the messages that it carries, both included
    Column("last_sequence", Integer, nullable=False),
    Column("parameters", JsonText, nullable=False),
    Column("state", String(16), nullable=False),
    Column("progress", JsonText, nullable=False),  # step -> what it yielded
    Column("uncertain_step", String(32)),  # a step whose last attempt may have arrived
    Column("released", Boolean, nullable=False),  # an uncertain step was released to be sent again
    Column("tries", Integer, nullable=False),  # attempts so far
    Column("step_tries", Integer, nullable=False),  # of them, since the step or the retry clock last began
    Column("due_at", Instant),  # NULL unless pending
    Column("rung_at", Instant),  # when its ticket was last published
    Column("owner", Id),  # the worker that works on it now
    Column("priority", SmallInteger, nullable=False),  # 0 first
    Column("clock_from", Instant, nullable=False),  # when the retry horizon began
    Column("stage", String(16)),  # of parking
    Column("reason", String(64)),
    Column("evidence", String(24)),
    Column("reference", String(255)),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("watched_at", Instant),  # when it was taken into `case_watch`; NULL: not yet, or it never is
    Column("restored", Boolean, nullable=False, server_default=false()),  # from a backup: it may have gone on since
    Column("last_error", String(64), nullable=False, server_default=text("''")),  # of the last attempt: time ran out
    Index(None, "report_id", "destination"),
    Index(None, "channel", "id"),  # of the delivery log
    postgresql_with=QUEUE,
)

_FREE = and_(handoffs.c.state == "pending", handoffs.c.owner.is_(None))
_UNRUNG = and_(_FREE, handoffs.c.rung_at.is_(None))
_RUNG = and_(_FREE, handoffs.c.rung_at.is_not(None))
_UNWATCHED = and_(handoffs.c.state == "delivered", handoffs.c.kind == "report", handoffs.c.watched_at.is_(None))
_SET_ASIDE = or_(handoffs.c.state == "parked", handoffs.c.state == "uncertain")  # an OR: SQLite matches no IN

# A handoff leaves these when it is claimed, so they stay as small as the work that is waiting.
_ACCOUNT = (handoffs.c.destination, handoffs.c.priority, handoffs.c.channel)  # what the sweeper shares among
partial("ix_handoffs_unrung_account", _UNRUNG, *_ACCOUNT, handoffs.c.due_at)
partial("ix_handoffs_rung_account", _RUNG, *_ACCOUNT, handoffs.c.rung_at)
partial("ix_handoffs_free", _FREE, handoffs.c.destination, handoffs.c.priority, handoffs.c.due_at)  # for both
partial("ix_handoffs_owner", handoffs.c.owner.is_not(None), handoffs.c.owner)
partial("ix_handoffs_set_aside", _SET_ASIDE, handoffs.c.state, handoffs.c.id)
_CAUSE = (handoffs.c.destination, handoffs.c.reason, handoffs.c.last_error)
partial("ix_handoffs_causes", _SET_ASIDE, handoffs.c.state, *_CAUSE, handoffs.c.updated_at)  # without the rows
partial("ix_handoffs_cancelled", handoffs.c.state == "cancelled", handoffs.c.id)
partial("ix_handoffs_unwatched", _UNWATCHED, handoffs.c.id)
partial("ix_handoffs_reference", handoffs.c.reference.is_not(None), handoffs.c.reference)

parked = Table(  # work that is no handoff yet: messages not understood, reports held or without a route
    "parked",
    metadata,
    Column("id", Id, primary_key=True),
    Column("report_id", Id),
    Column("channel", String(64), nullable=False),
    Column("message_key", LargeBinary(16), nullable=False),
    Column("stage", String(16), nullable=False),
    Column("reason", String(200), nullable=False),
    Column("state", String(16), nullable=False),  # parked | released | cancelled
    Column("sealed_raw", LargeBinary),
    Column("parked_at", Instant, nullable=False),
    Column("closed_at", Instant),
    Column("closed_by", String(64)),  # who, or which rule, let it go on or gave it up; NULL: its reporter, or before
    UniqueConstraint("channel", "message_key", "stage"),
)

partial("ix_parked_open", parked.c.state == "parked", parked.c.id)
partial("ix_parked_report_id", parked.c.report_id.is_not(None), parked.c.report_id)

attempts = Table(
    "attempts",
    metadata,
    Column("seq", Serial, primary_key=True, autoincrement=True),
    Column("tx", BigInteger, nullable=False, server_default=current_transaction()),
    Column("id", Id, nullable=False, unique=True),
    Column("handoff_id", Id, nullable=False),
    Column("report_id", Id, nullable=False),
    Column("destination", String(64), nullable=False),
    Column("step", String(32), nullable=False),
    Column("number", Integer, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("worker", Id, nullable=False),
    Column("request", LargeBinary(32), nullable=False),  # salted commitment to the body about to go
    Column("leaf", LargeBinary(32), nullable=False),
    Column("channel", String(64)),  # its report's, for the log, and no part of the leaf; NULL: not yet filled in
    Index(None, "handoff_id", "id"),  # with the id in it, the log is ordered without looking at the rows
    Index(None, "destination", "id"),  # of the delivery log, as the next two
    Index(None, "channel", "id"),
    Index(None, "channel", "destination", "id"),
    Index(None, "tx", "seq"),
)

results = Table(
    "results",
    metadata,
    Column("seq", Serial, primary_key=True, autoincrement=True),
    Column("tx", BigInteger, nullable=False, server_default=current_transaction()),
    Column("attempt_id", Id, nullable=False),
    Column("source", String(8), nullable=False),  # schemas.handoff.ResultSource
    Column("ended_at", Instant, nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("reason", String(64), nullable=False),
    Column("status", SmallInteger),
    Column("actor", String(64)),  # who, when a person resolved it
    Column("response", LargeBinary(32)),  # salted commitment to the reply's body
    Column("receipt", JsonText),
    Column("sealed_excerpt", LargeBinary),
    Column("leaf", LargeBinary(32), nullable=False),
    UniqueConstraint("attempt_id", "source"),
    Index(None, "outcome", "attempt_id"),  # of the delivery log
    Index(None, "reason", "outcome", "attempt_id"),
    Index(None, "tx", "seq"),
)
