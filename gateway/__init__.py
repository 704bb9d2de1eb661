"""sp4n-gateway: hands citizens' reports on to SP4N-LAPOR! and the ministries, and can prove it."""

__version__ = "0.1.0"
