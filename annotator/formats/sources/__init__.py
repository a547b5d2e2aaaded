"""Articles in: one module per kind of file, and one that knows which is for which."""
