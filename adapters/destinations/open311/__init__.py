"""A city's own system by Open311 GeoReport v2: one service request for each report."""
