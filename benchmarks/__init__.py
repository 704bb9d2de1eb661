"""How fast the gateway is on this machine: real processes, real sockets, every report counted at the destination."""
