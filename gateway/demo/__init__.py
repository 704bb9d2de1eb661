"""The demonstration: simulated destinations, two channels and their sample reports around a real gateway."""
