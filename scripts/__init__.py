"""What the Makefile calls: the environment, the check, the servers for the tests."""
