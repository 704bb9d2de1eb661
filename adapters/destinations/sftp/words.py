"""The words that pass between the adapter, who visits the server for it, and the table of answers."""

from __future__ import annotations

DROP, COLLECT = "SFTP PUT", "SFTP GET"
"""Methods of a call."""
ACK, NACK = "ack", "nack"
"""Names of the ministry's words, in a call's headers and in a reply."""
DONE, FOUND, PROBLEM = "done", "found", "problem"
"""Headers of a reply."""
PLACED, ABSENT = "placed", "absent"
"""What was done, and that nothing was found."""
