"""A ministry's mailbox: a case as one well-made message by SMTP."""
