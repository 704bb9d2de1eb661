"""Twilio SMS and MMS."""
