"""How far a fill is worse than the price it was matched at.

`Slippage` answers one question, in two directions: at what price does it really fill?  None means
not in this bar.  ``room`` is the worst price the bar (or the limit of the order) leaves.
"""

from __future__ import annotations

from typing import Any

__all__ = ["NONE", "Slippage"]


class Slippage:
    """Slippage by a fraction of the price, or else by a fixed amount, within the bar unless ``out``.

    ``match`` fills at the edge of the bar what would slip out of it (otherwise it does not fill),
    ``limit`` does the same for limit orders whatever ``match`` says, and ``at_open`` says whether
    fills at an opening price slip at all.
    """

    __slots__ = ("perc", "fixed", "at_open", "limit", "match", "out")

    def __init__(
        self,
        perc: float = 0.0,
        fixed: float = 0.0,
        at_open: bool = True,
        limit: bool = True,
        match: bool = True,
        out: bool = False,
    ) -> None:
        self.perc = perc
        self.fixed = fixed
        self.at_open = at_open
        self.limit = limit
        self.match = match
        self.out = out

    @classmethod
    def from_params(cls, p: Any) -> Slippage:
        """The object that a broker's flags describe."""
        return cls(p.slip_perc, p.slip_fixed, p.slip_open, p.slip_limit, p.slip_match, p.slip_out)

    def up(self, price: float, room: float, limited: bool = False) -> float | None:
        """What a buyer pays who was matched at ``price``."""
        slipped = price * (1 + self.perc) if self.perc else price + self.fixed if self.fixed else price
        if slipped <= room or not (self.perc or self.fixed):
            return slipped
        return self._beyond(slipped, room, limited)

    def down(self, price: float, room: float, limited: bool = False) -> float | None:
        """What a seller gets who was matched at ``price``."""
        slipped = price * (1 - self.perc) if self.perc else price - self.fixed if self.fixed else price
        if slipped >= room or not (self.perc or self.fixed):
            return slipped
        return self._beyond(slipped, room, limited)

    def _beyond(self, slipped: float, room: float, limited: bool) -> float | None:
        if self.match or (limited and self.limit):
            return slipped if self.out else room
        return None


NONE = Slippage()
"""No slippage: every fill is at the price it was matched at."""
