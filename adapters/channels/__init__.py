"""Every channel adapter there is: one visible line each."""

from __future__ import annotations

from adapters.channels.africastalking.adapter import ADAPTER as AFRICASTALKING
from adapters.channels.batch.adapter import ADAPTER as BATCH
from adapters.channels.desk.adapter import ADAPTER as DESK
from adapters.channels.email.adapter import ADAPTER as EMAIL
from adapters.channels.fonnte.adapter import ADAPTER as FONNTE
from adapters.channels.infobip.adapter import ADAPTER as INFOBIP
from adapters.channels.instagram.adapter import ADAPTER as INSTAGRAM
from adapters.channels.mailgun.adapter import ADAPTER as MAILGUN
from adapters.channels.native.adapter import ADAPTER as NATIVE
from adapters.channels.open311.adapter import ADAPTER as OPEN311
from adapters.channels.qontak.adapter import ADAPTER as QONTAK
from adapters.channels.sendgrid.adapter import ADAPTER as SENDGRID
from adapters.channels.twilio.adapter import ADAPTER as TWILIO
from adapters.channels.vonage.adapter import ADAPTER as VONAGE
from adapters.channels.web.adapter import ADAPTER as WEB
from adapters.channels.whatsapp.adapter import ADAPTER as WHATSAPP
from adapters.channels.x.adapter import ADAPTER as X
from adapters.contract import Channel

CHANNELS: dict[str, Channel] = {
    "africastalking": AFRICASTALKING,
    "batch": BATCH,
    "desk": DESK,
    "email": EMAIL,
    "fonnte": FONNTE,
    "infobip": INFOBIP,
    "instagram": INSTAGRAM,
    "mailgun": MAILGUN,
    "native": NATIVE,
    "open311": OPEN311,
    "qontak": QONTAK,
    "sendgrid": SENDGRID,
    "twilio": TWILIO,
    "vonage": VONAGE,
    "web": WEB,
    "whatsapp": WHATSAPP,
    "x": X,
}
