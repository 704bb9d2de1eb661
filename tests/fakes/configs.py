"""Configuration texts for tests: a sound one, and what is told of a spoilt one."""

from __future__ import annotations

from textwrap import dedent, indent

import pytest

from gateway.config import Config, parse_config
from schemas.errors import Misconfigured
from tests.fakes.kinds import KINDS

SOUND = """\
destinations:
  sp4n:
    adapter: national
    url: https://sp4n.example/v1
    options: {institution_id: 7}
    secrets: {token: "env:TOKEN"}
  pu:
    adapter: plain
    url: https://pu.example
directory:
  Kementerian PU:
    aliases: [Kemen PU]
    institution: 0151
    destination: pu
    categories: [Pekerjaan umum dan penataan ruang]
routes:
  default: [sp4n]
"""

ENVIRON = {"TOKEN": "secret-of-the-environment"}


def parse(text: str, *, production: bool = False) -> Config:
    """The configuration of a text."""
    return parse_config(dedent(text), file="g.yaml", kinds=KINDS, production=production, environ=ENVIRON)


def problems(text: str, *, production: bool = False) -> list[str]:
    """What is told of a text that is not sound."""
    with pytest.raises(Misconfigured) as caught:
        parse(text, production=production)
    return caught.value.problems


def with_plain(fields: str) -> str:
    """A configuration with one destination `x` of the kind `plain`; its fields begin in line 5."""
    head = "routes: {default: [x]}\ndestinations:\n  x:\n    adapter: plain\n"
    return head + indent(dedent(fields), "    ")


def with_rules(rules: str) -> str:
    """The sound configuration with these rules, of which the first begins in line 19."""
    return SOUND + "  rules:\n" + indent(dedent(rules), "    ")
