"""What the design says must be fast, measured beside its peers."""
