"""The one vocabulary of the gateway: pure data, no behaviour beyond checking itself."""
