"""E-mail by the gateway's own SMTP listener."""
