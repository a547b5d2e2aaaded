"""A project's part about copies of one project that become one again."""

from annotator.store.part import Part


class Uniting(Part):
    """The part of `Project` about copies of one project that become one again."""
