"""A ministry that cannot open a port: its cases lie ready until it fetches them."""
