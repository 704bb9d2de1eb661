"""Administrative regions, from the province down to the kelurahan: as texts and fields name them, with their codes."""

from gateway.regions.book import ancestors, region_name, region_parts
from gateway.regions.fields import located
from gateway.regions.naming import region_in

__all__ = ["ancestors", "located", "region_in", "region_name", "region_parts"]
