"""A keyboard-first terminal tool that turns scraped news articles into training data."""

__version__ = "0.1.0"
