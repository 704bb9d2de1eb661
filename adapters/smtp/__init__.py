"""Handing messages to a mail relay by SMTP: the one place that does, for ministries' mailboxes and for answers."""
