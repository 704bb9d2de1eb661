"""The ledger: the database of everything that the gateway promised and did, and the only place with SQL."""

from gateway.ledger.engine import Ledger as Ledger
