"""Proposals for labels: probable mentions and the likeness of names, from texts alone."""
