"""Qontak WhatsApp."""
