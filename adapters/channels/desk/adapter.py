"""The walk-in desk at `/loket`: what an officer filled in for whoever came, as one message.

The officer's session is its proof. Options: `name` (what stands on receipts), `zone` (`WIB`, `WITA` or `WIT`: when the
desk's day begins).
"""

from __future__ import annotations

from adapters.inbound.form_channel import FormChannel

ADAPTER = FormChannel("desk")
"""The adapter."""
