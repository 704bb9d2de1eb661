"""The gateway's own JSON channel."""
