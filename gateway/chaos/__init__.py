"""Faults by design: a scratch copy of an installation is killed, cut off and lied to, then everything is counted."""
