"""Every test of this room may have a house."""

from server_kit import house, show_house

__all__ = ["house", "show_house"]
