"""Every setting of a process, with what it means."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator
from pydantic_settings import SettingsConfigDict

from gateway.alerts.conditions import Limits
from gateway.duration import parse_duration
from gateway.failpoints import failpoint
from gateway.inspection import PROGRAMS, FileLimits
from gateway.quiet import parse_quiet_hours
from gateway.settings.files import FileStoreSettings
from gateway.settings.mail import MailSettings
from gateway.settings.signing_in import SignInSettings
from schemas.report import ATTACHMENT_LIMIT

PREFIX = "SP4N_GATEWAY_"
CONFIG_VARIABLE = "SP4N_GATEWAY_CONFIG"

Duration = Annotated[float, BeforeValidator(parse_duration)]
Lowered = BeforeValidator(lambda value: value.strip().lower() if isinstance(value, str) else value)


class Settings(MailSettings, FileStoreSettings, SignInSettings):
    """The settings of one process. Made by `load_settings`; durations are seconds."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", env_ignore_empty=True, extra="forbid", frozen=True
    )

    environment: Annotated[Literal["development", "production"], Lowered] = Field(
        "development", description="`production` refuses whatever is only good for trying out (see below)"
    )
    config_file: Path | None = Field(
        None,
        description="The YAML file with destinations, directory and routes; its `settings:` may hold these settings",
    )
    data_dir: Path = Field(
        Path("var"), description="Where attachments lie, and the ledger and keys of a trial. Shared by all processes"
    )
    database_url: str | None = Field(
        None,
        repr=False,
        description="The ledger: `postgresql://user:password@host/name` or `sqlite:///path`",
        json_schema_extra={"told": "SQLite, `ledger.sqlite` in `data_dir`"},
    )
    allow_sqlite: bool = Field(
        False, description="Production on SQLite is meant: one process, one disk, and backups that somebody thought of"
    )
    broker_url: str = Field(
        "memory://",
        repr=False,
        description="The doorbell: `amqp://user:password@host/vhost`, or `memory://` in one process",
    )
    queue_prefix: str = Field(
        "sp4n-gateway",
        pattern=r"^[a-z][a-z0-9._-]{0,62}$",
        description="What the queue's name begins with; two installations on one broker need two",
    )
    host: str = Field("127.0.0.1", min_length=1, description="The address to listen on; `0.0.0.0` for all")
    port: int = Field(8080, ge=0, le=65535, description="The port to listen on; 0 takes a free one")
    worker_metrics_port: int = Field(
        0,
        ge=0,
        le=65535,
        description="Where a process that only works shows `/metrics`, at `host`, to whoever can reach it; 0: nowhere",
    )
    public_url: str | None = Field(
        None,
        validate_default=True,
        description="Where channels and people reach the gateway, for links in answers",
    )
    contact: str | None = Field(
        None, max_length=255, description="Whom people and programs may ask about this installation, for Open311"
    )
    open311_jurisdiction: str | None = Field(
        None, max_length=255, description="Open311: the one `jurisdiction_id` that is served; unset, any is taken"
    )
    console: bool = Field(
        True, description="The operations console under `/console`; it opens to those whom `user add` has made"
    )
    keys_file: Path | None = Field(
        None,
        description="The key ring, readable by this user only",
        json_schema_extra={"told": "`keys.json` in `data_dir`, made when missing"},
    )
    log_level: Annotated[Literal["debug", "info", "warning", "error"], Lowered] = Field(
        "info", description="The least severity that is logged"
    )
    log_format: Annotated[Literal["json", "console"], Lowered] = Field(
        "json", description="`json` for machines, `console` for people"
    )
    max_body_bytes: int = Field(
        32 * 1024 * 1024, ge=1024, le=1024**3, description="The largest request body; one file of 20 MB in base64 fits"
    )
    public_posts_per_hour: int = Field(
        60, ge=1, description="The public form and the tracking page: how often one address may post in an hour"
    )
    min_free_bytes: int = Field(
        256 * 1024 * 1024,
        ge=0,
        description="With less free on the disk of `data_dir` intake answers 429; a ledger elsewhere is watched there",
    )
    min_free_percent: float = Field(2.0, ge=0, lt=100, description="The same as a share of that disk")
    max_backlog: int = Field(
        1_000_000, ge=0, description="With more handoffs waiting than this intake answers 429; 0 for no limit"
    )
    max_waiting: int = Field(
        20_000,
        ge=0,
        description="With more messages waiting for their commit intake answers 429; 0 for no limit",
    )
    file_max_bytes: int = Field(
        ATTACHMENT_LIMIT, ge=1024, le=ATTACHMENT_LIMIT, description="The largest attachment that is taken"
    )
    files_per_message: int = Field(30, ge=1, le=1000, description="So many attachments of one message are taken")
    file_types_refused: str = Field(
        ", ".join(PROGRAMS),
        description="Media types, as told from the content, that never travel; `video/*` is all of a kind",
        json_schema_extra={"told": "programs and HTML"},
    )
    image_max_pixels: int = Field(
        80_000_000,
        ge=10_000,
        le=85_000_000,
        description="The largest picture that is taken apart; others do not travel",
    )
    scanner: str | None = Field(
        None, description="The malware scanner: ClamAV's daemon at `tcp://host:3310` or `unix:///path`; unset, none"
    )
    scanner_down: Annotated[Literal["wait", "send"], Lowered] = Field(
        "wait", description="While the scanner does not answer, cases with files `wait`, or their files go unscanned"
    )
    gather_seconds: Duration = Field(
        20.0,
        ge=0,
        le=3600,
        description="How long a conversation's first hand-off waits for the photo or place that follows",
    )
    text_parts_within: Duration = Field(
        60.0, ge=0, le=3600, description="How long the parts of a long SMS wait for one that did not come"
    )
    conversation_window: Duration = Field(
        1800.0, ge=0, description="How long after its last message a conversation still adds to the same report"
    )
    quiet_hours: str = Field(
        "21:00-06:00",
        description="When reporters are told nothing that can wait, by their own clocks; a time twice: never",
    )
    notice_burst: Duration = Field(
        300.0, ge=0, le=86_400, description="How long news of a status waits for the next, which takes its place"
    )
    review_within: Duration = Field(
        86_400.0,
        ge=0,
        description="A report that screening set aside goes on by itself when nobody decided so long; 0 never",
    )
    keep_corrections: bool = Field(
        False,
        description="What officers decide in review is kept as examples to learn from, encrypted; see `review export`",
    )
    same_event_within: Duration = Field(
        604_800.0,
        ge=0,
        description="A report is linked to an earlier one of the same event up to so long after it; 0 never",
    )
    otel_endpoint: str | None = Field(
        None,
        pattern=r"^https?://",
        description="A collector's address for spans (OTLP); unset, none are made. Needs the extra `otel`",
    )
    otel_share: float = Field(0.05, ge=0, le=1, description="So much of the traces that begin here is recorded")
    verify_every: Duration = Field(
        86_400.0, ge=0, description="How often one worker verifies the journal by itself, in time; 0 never"
    )
    alert_backlog: Duration = Field(
        900.0, ge=60, description="An alert is raised where the oldest handoff has been due for so long"
    )
    alert_parked: int = Field(20, ge=1, description="And where so many were parked within an hour")
    alert_free_bytes: int = Field(1024**3, ge=0, description="And where less is free on a watched disk")
    alert_certificate_days: int = Field(14, ge=0, description="And so long before a client certificate runs out")
    lease: Duration = Field(6.0, ge=2, lt=10, description="A worker that is silent so long is taken for dead")
    sweep_interval: Duration = Field(1.0, gt=0, le=60, description="How often a worker looks for what is due")
    checkpoint_interval: Duration = Field(1.0, gt=0, le=3600, description="How often the journal is signed")
    grace: Duration = Field(
        20.0, ge=0, le=3600, description="How long a process may finish what is in hand when told to stop"
    )
    failpoint: str | None = Field(None, description="Crash tests only: the named place at which the process dies")

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("sqlite:///", "postgresql://")):
            raise ValueError("must begin with postgresql:// or sqlite:///")
        return value

    @field_validator("broker_url")
    @classmethod
    def _known_broker(cls, value: str) -> str:
        if not value.startswith(("memory://", "amqp://", "amqps://")):
            raise ValueError("must begin with amqp://, amqps:// or memory://")
        return value

    @field_validator("scanner")
    @classmethod
    def _known_scanner(cls, value: str | None) -> str | None:
        if value is not None:
            parts = urlsplit(value)
            if not ((parts.scheme == "tcp" and parts.hostname) or (parts.scheme == "unix" and parts.path)):
                raise ValueError("must be tcp://host:port or unix:///path")
        return value

    @field_validator("public_url")
    @classmethod
    def _whole_address(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is None and info.data.get("oidc_issuer"):
            raise ValueError("is needed where oidc_issuer is set: the provider sends people back there")
        if value is None:
            return None
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise ValueError("must be a whole address, such as https://lapor.example.go.id")
        return value.rstrip("/")

    @field_validator("quiet_hours")
    @classmethod
    def _two_times(cls, value: str) -> str:
        parse_quiet_hours(value)
        return value

    @field_validator("failpoint")
    @classmethod
    def _known_failpoint(cls, value: str | None) -> str | None:
        try:
            failpoint(value)
        except ValueError as error:
            raise ValueError("must be `name` or `name:count`") from error
        return value

    @property
    def is_production(self) -> bool:
        """Whether what is only good for trying out is refused."""
        return self.environment == "production"

    @property
    def ledger_url(self) -> str:
        """The ledger's address, with the default filled in."""
        return self.database_url or f"sqlite:///{self.data_dir.absolute() / 'ledger.sqlite'}"

    @property
    def is_embedded(self) -> bool:
        """Whether the ledger is a file of this process."""
        return self.ledger_url.startswith("sqlite:")

    @property
    def keys_path(self) -> Path:
        """The key ring's file, with the default filled in."""
        return self.keys_file or self.data_dir / "keys.json"

    @property
    def files_path(self) -> Path:
        """The folder of attachments."""
        return self.data_dir / "files"

    @property
    def same_event(self) -> timedelta:
        """How old an earlier report of the same event may be."""
        return timedelta(seconds=self.same_event_within)

    @property
    def alert_limits(self) -> Limits:
        """From where on operations is told."""
        return Limits(
            backlog=self.alert_backlog,
            parked=self.alert_parked,
            free=self.alert_free_bytes,
            certificate_days=self.alert_certificate_days,
            unverified=2 * self.verify_every,
        )

    @property
    def file_limits(self) -> FileLimits:
        """What attachments are taken and passed on."""
        refused = tuple(name for each in self.file_types_refused.split(",") if (name := each.strip().lower()))
        return FileLimits(self.file_max_bytes, self.files_per_message, refused, self.image_max_pixels)


def variable(field: str) -> str:
    """The environment variable of a setting."""
    return CONFIG_VARIABLE if field == "config_file" else f"{PREFIX}{field.upper()}"
