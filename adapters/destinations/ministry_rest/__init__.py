"""A ministry's own intake: one signed POST of a JSON case."""
