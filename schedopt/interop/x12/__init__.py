"""X12 5010 health-care transactions: read, judged, balanced and written. See ``docs/x12.md``."""
