"""Every destination adapter there is: one visible line each."""

from __future__ import annotations

from adapters.contract import DestinationKind
from adapters.destinations.email.adapter import KIND as EMAIL
from adapters.destinations.inbox.adapter import KIND as INBOX
from adapters.destinations.lapor_xml.adapter import KIND as LAPOR_XML
from adapters.destinations.ministry_rest.adapter import KIND as MINISTRY_REST
from adapters.destinations.open311.adapter import KIND as OPEN311
from adapters.destinations.sftp.adapter import KIND as SFTP
from adapters.destinations.sp4n.adapter import KIND as SP4N

DESTINATIONS: dict[str, DestinationKind] = {
    "sp4n": SP4N,
    "ministry_rest": MINISTRY_REST,
    "email": EMAIL,
    "lapor_xml": LAPOR_XML,
    "open311": OPEN311,
    "inbox": INBOX,
    "sftp": SFTP,
}
