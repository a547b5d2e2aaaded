"""Pure functions on text: what is safe to show, where units begin and end, how rows wrap."""
