"""SP4N-LAPOR!, the national complaint system: a hand-off of three calls, looked up where it can be."""
