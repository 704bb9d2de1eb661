"""Everything that talks to the outside in somebody else's format: channels in, destinations out."""
