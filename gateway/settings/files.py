"""The settings of an object store for attachments."""

from __future__ import annotations

from urllib.parse import urlsplit

from pydantic import Field, ValidationInfo, field_validator
from pydantic_settings import BaseSettings


class FileStoreSettings(BaseSettings):
    """Where attachments lie; in the folder `files` of `data_dir` unless `files_store` is set."""

    files_store: str | None = Field(
        None,
        description="Attachments lie in a store that speaks S3: `s3://bucket` or `s3://bucket/prefix`; unset, in "
        "`data_dir`. Needs the extra `s3`",
    )
    files_store_endpoint: str | None = Field(
        None, description="That store's address, such as `https://objek.example.go.id`; unset, Amazon's own"
    )
    files_store_region: str = Field(
        "us-east-1", pattern=r"^[A-Za-z0-9-]{1,64}$", description="The region that requests are signed for"
    )
    files_store_key_id: str | None = Field(None, description="The account there: its access key's id")
    files_store_secret: str | None = Field(
        None, validate_default=True, repr=False, description="And the access key's secret"
    )

    @field_validator("files_store")
    @classmethod
    def _bucket_and_prefix(cls, value: str | None) -> str | None:
        if value is not None:
            parts = urlsplit(value)
            if parts.scheme != "s3" or not parts.netloc or parts.username or parts.query or parts.fragment:
                raise ValueError("must be s3://bucket or s3://bucket/prefix; the account has settings of its own")
        return value

    @field_validator("files_store_endpoint")
    @classmethod
    def _endpoint_address(cls, value: str | None) -> str | None:
        if value is not None:
            parts = urlsplit(value)
            if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.username:
                raise ValueError("must be an address, such as https://objek.example.go.id")
        return value.rstrip("/") if value else value

    @field_validator("files_store_secret")
    @classmethod
    def _whole_account(cls, value: str | None, info: ValidationInfo) -> str | None:
        if info.data.get("files_store") and not (value and info.data.get("files_store_key_id")):
            raise ValueError("and files_store_key_id are both needed where files_store is set")
        return value
