"""Ready strategies."""

from __future__ import annotations

from .sma_crossover import MA_CrossOver, SMA_CrossOver  # type: ignore[attr-defined]

__all__ = ["MA_CrossOver", "SMA_CrossOver"]
