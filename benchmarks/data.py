"""Seeded bars, the same in every interpreter: the legacy random stream of numpy never changes."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

COLUMNS = ["open", "high", "low", "close", "volume", "openinterest"]


def bars(count: int, seed: int = 7) -> Any:
    """A DataFrame of one-minute bars: a walk between 50 and 150 in steps of about a fifth, two decimals."""
    import numpy as np
    import pandas as pd

    random = np.random.RandomState(seed)
    noise = random.standard_normal((4, count))
    walk = np.cumsum(noise[0] * 0.2)
    close = np.round(np.abs(np.mod(walk, 200.0) - 100.0) + 50.0, 2)
    table = np.empty((count, len(COLUMNS)))
    table[:, 3] = close
    table[0, 0] = close[0]
    table[1:, 0] = np.round(close[:-1] + noise[1, 1:] * 0.05, 2)
    top, bottom = np.maximum(table[:, 0], close), np.minimum(table[:, 0], close)
    table[:, 1] = np.round(top + np.abs(noise[2]) * 0.1, 2)
    table[:, 2] = np.round(bottom - np.abs(noise[3]) * 0.1, 2)
    table[:, 4] = random.randint(100, 10_000, count)
    table[:, 5] = 0.0
    index = pd.date_range("2015-01-05", periods=count, freq="min")
    return pd.DataFrame(table, index=index, columns=COLUMNS, copy=False)


def write_daily_csv(path: Path, count: int = 250, seed: int = 7) -> None:
    """Daily bars as a text file, without pandas: for the quick start."""
    import random

    rng = random.Random(seed)
    day, last = datetime.date(2023, 1, 2), 100.0
    rows = ["Date,Open,High,Low,Close,Volume,OpenInterest"]
    while len(rows) <= count:
        if day.weekday() < 5:
            opened = last + rng.gauss(0, 0.3)
            last = opened + rng.gauss(0, 1.2)
            high, low = max(opened, last) + abs(rng.gauss(0, 0.5)), min(opened, last) - abs(rng.gauss(0, 0.5))
            volume = rng.randint(1000, 9000)
            rows.append(f"{day},{opened:.2f},{high:.2f},{low:.2f},{last:.2f},{volume},0")
        day += datetime.timedelta(days=1)
    path.write_text("\n".join(rows) + "\n")
