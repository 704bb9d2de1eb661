"""Mailgun routes."""
