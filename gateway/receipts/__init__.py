"""Status from destinations: asked for, told, or sent by mail; kept once, in one ledger, whatever way it came."""
