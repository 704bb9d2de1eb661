"""Fonnte WhatsApp."""
