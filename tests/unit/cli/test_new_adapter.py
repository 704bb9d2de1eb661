"""`new-adapter`: a folder from the template and one visible line, or nothing at all."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from gateway.cli.registering import registered
from schemas.errors import Invalid
from tests.unit.cli.world import Cli

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The two tables of adapters, as they are."""
    for kind in ("channels", "destinations"):
        folder = tmp_path / "adapters" / kind
        folder.mkdir(parents=True)
        (folder / "__init__.py").write_text((ROOT / "adapters" / kind / "__init__.py").read_text("utf-8"), "utf-8")
    return tmp_path


@pytest.mark.parametrize("kind", ["channel", "destination"])
def test_the_template_is_copied_under_its_name_and_registered(cli: Cli, checkout: Path, kind: str) -> None:
    done = cli("new-adapter", kind, "line_oa", "--into", str(checkout))
    assert done.exit_code == 0, done.output
    folder = checkout / "adapters" / f"{kind}s" / "line_oa"
    text = (folder / "adapter.py").read_text("utf-8")
    assert ("LineOa" in text, "AdapterName" in text, "adapter_name" in text) == (True, False, False)
    assert [path for path in folder.rglob("*") if path.suffix == ".tmpl"] == []
    table = (folder.parent / "__init__.py").read_text("utf-8")
    assert f"from adapters.{kind}s.line_oa.adapter import" in table
    assert '"line_oa": LINE_OA,' in table


@pytest.mark.parametrize("kind", ["channel", "destination"])
def test_the_table_stays_a_program_with_its_imports_in_order(kind: str) -> None:
    before = (ROOT / "adapters" / f"{kind}s" / "__init__.py").read_text("utf-8")
    after = registered(before, kind, "line_oa")
    ast.parse(after)
    imports = [line for line in after.splitlines() if line.startswith(f"from adapters.{kind}s.")]
    assert imports == sorted(imports)
    assert set(before.splitlines()) < set(after.splitlines())


def test_a_table_of_another_shape_is_left_alone() -> None:
    with pytest.raises(Invalid, match="by hand"):
        registered("CHANNELS = dict()\n", "channel", "line_oa")


@pytest.mark.parametrize("name", ["LineOA", "line-oa", "1line", "line__oa", "_line", ""])
def test_a_name_that_is_no_package_is_refused(cli: Cli, checkout: Path, name: str) -> None:
    before = sorted(checkout.rglob("*"))
    assert cli("new-adapter", "channel", "--into", str(checkout), "--", name).exit_code == 2
    assert sorted(checkout.rglob("*")) == before


def test_an_adapter_that_is_there_is_never_written_over(cli: Cli, checkout: Path) -> None:
    cli("new-adapter", "channel", "line_oa", "--into", str(checkout))
    adapter = checkout / "adapters/channels/line_oa/adapter.py"
    adapter.write_text("# berubah\n")
    assert cli("new-adapter", "channel", "line_oa", "--into", str(checkout)).exit_code == 2
    assert adapter.read_text() == "# berubah\n"


def test_outside_of_a_checkout_nothing_is_made(cli: Cli, tmp_path: Path) -> None:
    done = cli("new-adapter", "channel", "line_oa", "--into", str(tmp_path))
    assert (done.exit_code, "--into" in done.stderr, list(tmp_path.iterdir())) == (2, True, [])
