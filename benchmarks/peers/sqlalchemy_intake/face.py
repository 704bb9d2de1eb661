"""The HTTP face: keeps a report with the two hand-offs that it is owed, then answers. Nothing forwards them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from fastapi import FastAPI
from sqlalchemy import DateTime, ForeignKey
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from benchmarks.peers.common import DATABASE_URL, DESTINATIONS, Report

engine = create_async_engine(DATABASE_URL.replace("postgresql://", "postgresql+asyncpg://"), pool_size=16)
session = async_sessionmaker(engine, expire_on_commit=False)


class Base(DeclarativeBase):
    """The tables."""


class Kept(Base):
    """A report."""

    __tablename__ = "kept"
    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[str] = mapped_column(unique=True)
    body: Mapped[str]
    received_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    handoffs: Mapped[list[Handoff]] = relationship()


class Handoff(Base):
    """What is owed to a destination."""

    __tablename__ = "owed"
    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("kept.id"))
    destination: Mapped[str]
    state: Mapped[str] = mapped_column(default="pending")


@asynccontextmanager
async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
    """Make the tables; close the pool at the end."""
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    yield
    await engine.dispose()


app = FastAPI(lifespan=lifespan)


@app.post("/reports", status_code=202)
async def take(report: Report) -> dict[str, int]:
    """Keep one report."""
    kept = Kept(message_id=report.message_id, body=report.model_dump_json(), received_at=datetime.now(UTC))
    kept.handoffs = [Handoff(destination=destination) for destination in DESTINATIONS]
    async with session() as open_session, open_session.begin():
        open_session.add(kept)
    return {"id": kept.id}
