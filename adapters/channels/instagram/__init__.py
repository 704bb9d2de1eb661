"""Instagram comments and mentions."""
