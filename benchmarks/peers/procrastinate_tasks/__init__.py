"""FastAPI + Procrastinate: the queue lies in PostgreSQL, woken by LISTEN; no broker."""
