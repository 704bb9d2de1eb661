"""The HTTP face: intake for channels, health for operations."""
