"""Marsad reads Arabic news and says who, what, where and when."""

from marsad._core import __version__

__all__ = ["__version__"]
