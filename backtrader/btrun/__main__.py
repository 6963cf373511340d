"""``python -m backtrader.btrun``."""

from __future__ import annotations

from .btrun import btrun

if __name__ == "__main__":
    btrun()
