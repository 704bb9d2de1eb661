"""The law's clocks: working days of Indonesia, what pauses them, and who the time is owed to."""

from gateway.clocks.calendar import Calendar as Calendar
from gateway.clocks.history import Asking as Asking
from gateway.clocks.history import History as History
from gateway.clocks.history import Outage as Outage
from gateway.clocks.history import Told as Told
from gateway.clocks.history import facts_of as facts_of
from gateway.clocks.reading import ClockKind as ClockKind
from gateway.clocks.reading import ClockState as ClockState
from gateway.clocks.reading import Facts as Facts
from gateway.clocks.reading import Reading as Reading
from gateway.clocks.reading import read_clocks as read_clocks
from gateway.clocks.spells import Party as Party
from gateway.clocks.spells import Spell as Spell
