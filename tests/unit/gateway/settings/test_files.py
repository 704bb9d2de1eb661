"""The settings of an object store for attachments."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from gateway.attachments import bucket_of
from gateway.object_store import Bucket
from gateway.settings import Settings

ACCOUNT = {"files_store_key_id": "AKIA1", "files_store_secret": "rahasia"}


def test_files_lie_in_the_folder_unless_a_bucket_is_named(tmp_path: Path) -> None:
    assert bucket_of(Settings(data_dir=tmp_path)) is None


@pytest.mark.parametrize(
    ("store", "bucket", "prefix"),
    [("s3://lampiran", "lampiran", None), ("s3://lampiran/kota/bandung/", "lampiran", "kota/bandung")],
)
def test_a_bucket_and_a_prefix(store: str, bucket: str, prefix: str | None) -> None:
    made = Settings(files_store=store, files_store_endpoint="https://objek.example.go.id/", **ACCOUNT)  # type: ignore[arg-type]
    assert bucket_of(made) == Bucket(bucket, prefix, "AKIA1", "rahasia", "https://objek.example.go.id", "us-east-1")


@pytest.mark.parametrize("store", ["lampiran", "s3://", "https://lampiran", "s3://AKIA1:rahasia@lampiran", "s3://a?b"])
def test_what_names_no_bucket_is_refused(store: str) -> None:
    with pytest.raises(ValidationError, match="must be s3://bucket"):
        Settings(files_store=store, **ACCOUNT)  # type: ignore[arg-type]


@pytest.mark.parametrize("endpoint", ["objek.example.go.id", "s3://objek", "https://a:b@objek.example", "https://a?b"])
def test_what_is_no_address_is_refused(endpoint: str) -> None:
    with pytest.raises(ValidationError, match="must be an address"):
        Settings(files_store_endpoint=endpoint)


@pytest.mark.parametrize("missing", sorted(ACCOUNT))
def test_a_bucket_needs_a_whole_account(missing: str) -> None:
    given = {name: value for name, value in ACCOUNT.items() if name != missing}
    with pytest.raises(ValidationError, match="both needed"):
        Settings(files_store="s3://lampiran", **given)  # type: ignore[arg-type]


def test_the_secret_is_never_shown() -> None:
    assert "rahasia" not in repr(Settings(files_store="s3://lampiran", **ACCOUNT))  # type: ignore[arg-type]
