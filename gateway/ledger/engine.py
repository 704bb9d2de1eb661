"""The ledger as the rest of the gateway holds it: runs its functions in transactions and translates errors."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import URL, Connection, make_url
from sqlalchemy.exc import ArgumentError
from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt, wait_random_exponential

from gateway.failpoints import Reach, no_failpoint
from gateway.ledger import migrate
from gateway.ledger.database import Database, Job
from gateway.ledger.faults import fault_of
from gateway.ledger.group import GroupCommit, GroupFunction, Work
from schemas.errors import LedgerUnavailable, Misconfigured

P = ParamSpec("P")
T = TypeVar("T")
I = TypeVar("I")  # noqa: E741 - an item
R = TypeVar("R")

_TRIES = 4


class _InDoubt(LedgerUnavailable):
    """The answer to a commit was lost: it may or may not stand."""


class Ledger:
    """An open ledger. Its functions take the connection first and are plain; they are run here."""

    def __init__(self, database: Database, reach: Reach = no_failpoint) -> None:
        self._database = database
        self._reach = reach
        self._group = GroupCommit(self._transact)

    @classmethod
    async def open(cls, url: str, *, reach: Reach = no_failpoint) -> Ledger:
        """The ledger at `sqlite:////path/to/file` or `postgresql://user:password@host/name`.

        It connects with the first use, and does not migrate. Raises Misconfigured for another kind of address.
        """
        try:
            parsed = make_url(url)
        except ArgumentError as error:
            raise Misconfigured(
                "the ledger's address cannot be read: write sqlite:////path or postgresql://…"
            ) from error
        return cls(_database(parsed), reach)

    async def read(self, function: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a function in a transaction that cannot write and sees one state. Raises LedgerUnavailable."""
        return await _briefly(lambda: self._database.read(lambda conn: function(conn, *args, **kwargs)))

    async def write(self, function: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a function in a transaction of its own.

        It is run again, briefly, when the connection was lost before the commit. Raises LedgerUnavailable; when its
        text speaks of a lost answer, the transaction may stand.
        """
        run = self._committing(lambda conn: function(conn, *args, **kwargs), [_name(function)])
        return await _briefly(lambda: self._database.write(run))

    async def group(self, function: GroupFunction[I, R], item: I, *, patient: bool = False) -> R:
        """Have a grouped function called with this item in the next transaction. Raises LedgerUnavailable.

        For what nobody waits for, `patient` lets others join it. Such a function may be run again with the same items
        after their commit, and must then answer the same.
        """
        return await self._group.submit(function, item, patient=patient)

    @property
    def waiting(self) -> int:
        """How many items wait to be committed in groups."""
        return self._group.waiting

    async def migrate(self) -> None:
        """Bring the tables up to date. Safe to call from several processes at once."""
        await _briefly(lambda: self._database.write(self._committing(migrate.upgrade, [])))

    async def schema_version(self) -> str | None:
        """The revision that the tables have, or None when there are none."""
        return await _briefly(lambda: self._database.read(migrate.current))

    async def unfit(self) -> str | None:
        """Why this program cannot work with the tables as they are; None when it can."""
        return await _briefly(lambda: self._database.read(migrate.unfit))

    @staticmethod
    def head_version() -> str:
        """The revision that this program needs."""
        return migrate.head()

    async def close(self) -> None:
        """Commit what has arrived, then close every connection."""
        await self._group.close()
        await self._database.close()

    async def _transact(self, works: Sequence[Work]) -> list[list[Any]]:
        def job(conn: Connection) -> list[list[Any]]:
            return [function(conn, items) for function, items in works]

        run = self._committing(job, [_name(function) for function, _ in works])
        return await _briefly(lambda: self._database.write_group(run), in_doubt=True)

    def _committing(self, job: Job[T], names: Sequence[str]) -> Job[T]:
        """The job, and the commit of what it did, which raises _InDoubt when the connection breaks then."""

        def run(conn: Connection) -> T:
            result = job(conn)
            for name in names:
                self._reach(f"ledger.{name}.before_commit")
            try:
                self._database.commit(conn)
                for name in names:
                    self._reach(f"ledger.{name}.committed")
            except Exception as error:
                fault = fault_of(error)
                if fault is not None and fault.passing:
                    raise _InDoubt(
                        "the answer to a commit was lost: look whether it is written before you try again"
                    ) from error
                raise
            return result

        return run


def _database(url: URL) -> Database:
    """The database of an address; a process loads only the driver that it needs."""
    if url.get_backend_name() == "sqlite":
        from gateway.ledger.sqlite import SqliteDatabase

        return SqliteDatabase(url)
    if url.get_backend_name() == "postgresql":
        from gateway.ledger.postgresql import PostgresqlDatabase

        return PostgresqlDatabase(url)
    raise Misconfigured("the ledger lies in sqlite:////path or postgresql://…, in nothing else")


async def _briefly(run: Callable[[], Awaitable[T]], *, in_doubt: bool = False) -> T:
    """Run, and again for a moment while the trouble may pass (a restart, two transactions in each other's way).

    `in_doubt` also repeats what may have been committed. Raises LedgerUnavailable when the trouble stays.
    """

    def again(error: BaseException) -> bool:
        if isinstance(error, _InDoubt):
            return in_doubt
        fault = fault_of(error)
        return fault is not None and fault.passing

    try:
        try:
            return await run()
        except Exception as error:
            if not again(error):
                raise
        wait = wait_random_exponential(multiplier=0.05, max=0.5)
        retrying = AsyncRetrying(
            retry=retry_if_exception(again), stop=stop_after_attempt(_TRIES), wait=wait, reraise=True
        )
        return await retrying(_awaited, run)
    except Exception as error:
        fault = fault_of(error)
        if fault is None:
            raise
        raise fault.error() from error


async def _awaited(run: Callable[[], Awaitable[T]]) -> T:
    """Tenacity awaits only what it sees to be a coroutine function, and a lambda is none."""
    return await run()


def _name(function: Callable[..., Any]) -> str:
    return getattr(function, "__name__", type(function).__name__)
