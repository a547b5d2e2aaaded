"""What makes annotated articles a data set that others can trust: here, splits without leakage."""
