"""A real HTTP server that plays a destination: takes what it is sent into a book, and misbehaves when it is told to."""

from __future__ import annotations

from adapters.simulator.book import Book
from adapters.simulator.exchange import SeenRequest, SimulatedAnswer, SimulatedApp, SimulatedRequest
from adapters.simulator.faults import FaultRule, parse_fault
from adapters.simulator.server import Simulator

__all__ = [
    "Book",
    "FaultRule",
    "SeenRequest",
    "SimulatedAnswer",
    "SimulatedApp",
    "SimulatedRequest",
    "Simulator",
    "parse_fault",
]
