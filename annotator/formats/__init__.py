"""Articles and decisions as files: one module per format, one registry."""
