"""The public web form at `/lapor`: what a citizen filled in, as one message. The page's hidden field is its proof."""

from __future__ import annotations

from adapters.inbound.form_channel import FormChannel

ADAPTER = FormChannel("web")
"""The adapter."""
