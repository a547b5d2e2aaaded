"""Both engines side by side: a project in a file, and on a PostgreSQL server."""
