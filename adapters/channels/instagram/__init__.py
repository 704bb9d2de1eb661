"""Instagram comments."""
