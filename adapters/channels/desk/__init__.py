"""The walk-in desk."""
