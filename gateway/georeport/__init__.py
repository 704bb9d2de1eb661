"""Open311 GeoReport v2 as values: the services, what clients may ask, what everybody may see, and both formats."""
