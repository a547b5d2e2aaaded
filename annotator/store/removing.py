"""A project's part about articles that are taken out or replaced, and the past."""

from annotator.store.part import Part


class Removing(Part):
    """The part of `Project` about articles that are taken out or replaced, and the past."""
