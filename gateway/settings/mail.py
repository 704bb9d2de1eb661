"""The settings of the SMTP listener."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings

Network = IPv4Network | IPv6Network


class MailSettings(BaseSettings):
    """How mail comes in; nothing listens unless `smtp_listen` is set."""

    smtp_listen: str | None = Field(
        None, description="Where `serve` takes mail in by SMTP: `127.0.0.1:2525`, `0.0.0.0:25`; unset, nowhere"
    )
    smtp_name: str | None = Field(
        None,
        pattern=r"^[A-Za-z0-9.-]{1,255}$",
        description="The name by which the SMTP listener introduces itself",
        json_schema_extra={"told": "the machine's"},
    )
    smtp_relays: str | None = Field(
        None,
        description="The only addresses or networks that may hand mail in, separated by commas; unset, anybody may",
    )
    smtp_authority: str | None = Field(
        None,
        max_length=255,
        description="The name in the `Authentication-Results` that those relays write; no other is believed",
    )
    smtp_certificate: Path | None = Field(
        None, description="STARTTLS: the certificate in PEM, its chain after it; renewed, it is taken up by itself"
    )
    smtp_key: Path | None = Field(None, description="STARTTLS: the certificate's private key in PEM")
    smtp_max_bytes: int = Field(
        30 * 1024 * 1024, ge=64 * 1024, le=200 * 1024**2, description="The largest mail; files grow by a third in it"
    )

    @field_validator("smtp_listen")
    @classmethod
    def _host_and_port(cls, value: str | None) -> str | None:
        if value is not None:
            host, _, port = value.rpartition(":")
            if not host or not port.isascii() or not port.isdigit() or int(port) > 65535:
                raise ValueError("must be host:port, such as 127.0.0.1:2525")
        return value

    @field_validator("smtp_relays")
    @classmethod
    def _networks(cls, value: str | None) -> str | None:
        _networks_in(value or "")
        return value

    @field_validator("smtp_authority")
    @classmethod
    def _of_a_relay(cls, value: str | None, info: object) -> str | None:
        if value is not None and not getattr(info, "data", {}).get("smtp_relays"):
            raise ValueError("is believed of relays only: name them in smtp_relays, or anybody could write it")
        return value

    @property
    def smtp_address(self) -> tuple[str, int] | None:
        """Where mail is taken in; None for nowhere."""
        if self.smtp_listen is None:
            return None
        host, _, port = self.smtp_listen.rpartition(":")
        return host.strip("[]"), int(port)

    @property
    def smtp_networks(self) -> tuple[Network, ...]:
        """Who may hand mail in; empty for anybody."""
        return _networks_in(self.smtp_relays or "")


def _networks_in(text: str) -> tuple[Network, ...]:
    """Raises ValueError for what is neither an address nor a network."""
    return tuple(ip_network(each.strip(), strict=False) for each in text.split(",") if each.strip())
