"""The one way out: an HTTP client that answers in values, and the one table of what the answers mean."""

from __future__ import annotations

from adapters.http.client import HttpClient, Limits
from adapters.http.outcomes import classify, retry_after

__all__ = ["HttpClient", "Limits", "classify", "retry_after"]
