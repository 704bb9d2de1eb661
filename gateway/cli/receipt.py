"""`receipt`: who received a report, when and under which number, as a file that anybody can check."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from gateway.app import config_of
from gateway.cli.desk import Desk, at_desk
from gateway.cli.finding import found_report
from gateway.cli.say import tell
from gateway.config.agencies import agency_names
from gateway.public.receipt_pdf import receipt_pdf
from gateway.receipting import Receipting
from gateway.settings import Settings
from schemas.errors import Invalid, Misconfigured, NotFound

app = typer.Typer(add_completion=False)


@app.command()
def receipt(
    report: Annotated[str, typer.Argument(metavar="CODE|ID|REFERENCE", help="Which report.")],
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Where it goes; *.pdf makes a page.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> None:
    """Write the receipt of a report, without identity and text; or print it. Check it with `verify --receipt`."""
    if out is not None and out.exists() and not force:
        raise Invalid(f"{out} is there already; choose another name, or --force")

    async def work(desk: Desk) -> None:
        record = await found_report(desk, report)
        url, names = desk.settings.public_url or "", _names(desk.settings)
        receipts = Receipting(desk.ledger, desk.ring(), lambda: datetime.now(UTC), url, names)
        made = await receipts.receipt(record.report.id)
        if made is None:
            raise NotFound("the report is gone")
        if out is None:
            typer.echo(made.content.decode(), nl=False)
            return
        is_page = out.suffix.lower() == ".pdf"
        out.write_bytes(receipt_pdf(made, receipts.check_address) if is_page else made.content)
        tell(f"{out}: {made.checked.standing}")

    at_desk(work)


def _names(settings: Settings) -> dict[str, str]:
    """How people call destinations. A receipt is made of the ledger: without a configuration it names them as that."""
    with suppress(Misconfigured):
        return agency_names(config_of(settings))
    return {}
