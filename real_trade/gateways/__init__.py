"""Ways to venues, all through one port: `base.Gateway`."""

from .base import Gateway, RateUse
from .capability import Capability
from .make import make_gateway

__all__ = ["Capability", "Gateway", "RateUse", "make_gateway"]
