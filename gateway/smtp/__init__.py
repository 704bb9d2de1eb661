"""Taking mail in by SMTP (RFC 5321): a 250 after the message means that it is committed, as a 202 does elsewhere."""
