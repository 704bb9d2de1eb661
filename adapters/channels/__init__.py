"""Every channel adapter there is: one visible line each."""

from __future__ import annotations

from adapters.channels.native.adapter import ADAPTER as NATIVE
from adapters.channels.whatsapp.adapter import ADAPTER as WHATSAPP
from adapters.contract import Channel

CHANNELS: dict[str, Channel] = {
    "native": NATIVE,
    "whatsapp": WHATSAPP,
}
