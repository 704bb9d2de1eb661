"""Open311 GeoReport v2: service requests posted by apps and other cities' systems."""
