"""The operations console: pages made on the server, usable without scripts, and eyes on every delivery."""
