"""What Alembic runs for every command: the revisions, on the connection that the ledger gives it."""

from __future__ import annotations

from alembic import context

from gateway.ledger.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=True)
context.run_migrations()
