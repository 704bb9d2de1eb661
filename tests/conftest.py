"""What holds for every test: hypothesis must not fail because a machine is slow."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("house", deadline=None, print_blob=True)
settings.load_profile("house")
