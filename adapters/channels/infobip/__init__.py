"""Infobip SMS."""
