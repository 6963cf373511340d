"""What decides which combination is tried next.

A sampler is made by its name with `make_sampler`; `register_sampler` adds one of your own.
"""

from __future__ import annotations

from .base import WAIT, Sampler, SamplerError
from .registry import make_sampler, register_sampler, sampler_names

__all__ = [
    "WAIT",
    "Sampler",
    "SamplerError",
    "make_sampler",
    "register_sampler",
    "sampler_names",
]
