"""LAPOR!'s older XML interface: one complaint in one document."""
