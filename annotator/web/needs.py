"""What the browser takes beyond the rest: the extra `serve`."""

from importlib.util import find_spec

from annotator.model.errors import AnnotatorError


def need() -> None:
    """Raises AnnotatorError when the extra is not installed."""
    if any(find_spec(name) is None for name in ("aiohttp", "textual_serve")):
        raise AnnotatorError(
            "The browser takes more than the terminal; install the extra: "
            "pip install 'annotator-tui[serve]'."
        )
