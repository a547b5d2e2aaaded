"""A PostgreSQL of one's own, for a team without an administrator: its programs, its folder, its life."""
