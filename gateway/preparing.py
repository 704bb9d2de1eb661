"""What must be there before anything is opened: the folder of data, and the keys."""

from __future__ import annotations

import os
from pathlib import Path

import structlog

from gateway.keyring import KeyRing, load_key_ring, make_key_ring, save_key_ring
from gateway.settings import Settings
from schemas.errors import Misconfigured

log = structlog.get_logger("gateway.preparing")


def key_ring_of(settings: Settings) -> KeyRing:
    """The keys; a trial without any makes its own, production must be given them."""
    path = settings.keys_path
    if not path.exists() and not settings.is_production:
        make_folder(path.parent)
        save_key_ring(make_key_ring(os.urandom), path)
        log.info("keys.made", file=str(path))
    return load_key_ring(path)


def make_folder(folder: Path) -> None:
    """The folder, with those above it. Raises Misconfigured when it cannot be made."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Misconfigured(f"the folder {folder} cannot be made: {error.strerror}; choose another data_dir") from error
