"""Batch import of tables."""
