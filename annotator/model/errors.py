"""The one exception a person may see."""


class AnnotatorError(Exception):
    """Something a person can act on: one plain sentence saying what, where and what to do."""
