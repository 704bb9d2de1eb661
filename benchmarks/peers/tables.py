"""Makes the tables of a Python peer; `python -m benchmarks.peers.tables`, before anything of it starts."""

from __future__ import annotations

import psycopg

from benchmarks.peers.common import DATABASE_URL, TABLES

if __name__ == "__main__":
    with psycopg.connect(DATABASE_URL, autocommit=True) as connection:
        connection.execute(TABLES)
