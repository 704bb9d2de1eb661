"""Importing tables: each row through the door that every channel's messages come in by."""
