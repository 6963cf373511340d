"""Ways to venues, all through one port: `base.Gateway`."""

from .base import Gateway, RateUse

__all__ = ["Gateway", "RateUse"]
