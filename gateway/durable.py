"""Files that are to outlast a power cut and be read by their owner alone."""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO, BinaryIO


def private(path: Path) -> BinaryIO:
    """A new file that only its owner may read, in place of any other of this name. Raises OSError."""
    path.unlink(missing_ok=True)
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def sync(file: IO[bytes]) -> None:
    """Have the disk keep what was written to a file. Raises OSError."""
    file.flush()
    os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Have the disk keep the names in a folder: a file that was just renamed into it is there after a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
