"""SendGrid Inbound Parse."""
