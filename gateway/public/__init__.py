"""The pages that people outside see: the public form, the walk-in desk, tracking."""
