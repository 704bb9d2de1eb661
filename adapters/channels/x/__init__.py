"""Mentions on X."""
