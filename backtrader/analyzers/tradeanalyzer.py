"""Statistics of closed trades: profits, streaks and lengths; won and lost, long and short."""

from __future__ import annotations

import sys
from typing import Any

from ..utils.autodict import AutoOrderedDict
from .base import Analyzer

__all__ = ["TradeAnalyzer"]

_NEVER = sys.maxsize  # compat: the shortest length of no trades at all

# (pnl, net pnl, long, length in bars) of a closed trade
Closed = tuple[float, float, bool, int]


class TradeAnalyzer(Analyzer):
    """Counts and measures trades under ``total streak pnl won lost long short len``.

    Without a single trade there is only ``total.total``.  Closed trades are only noted down as they
    come; the statistics are brought up to date when somebody looks.
    """

    _noted: list[Closed]
    _opened = 0
    _watched = False
    _started = False
    _tally: Tally
    _rets: Any = None

    @property
    def rets(self) -> Any:
        """The statistics, current."""
        if self._started:
            self._watched = True  # whoever looks during the run may keep looking at the same dictionary
            self._fold()
        return self._rets

    @rets.setter
    def rets(self, value: Any) -> None:
        self._rets = value

    def create_analysis(self) -> None:
        """Begin without trades."""
        self._noted, self._tally = [], Tally()
        rets = self._rets = AutoOrderedDict()
        rets.total.total = 0

    def _start(self) -> None:
        self._started = True
        super()._start()

    def stop(self) -> None:
        """From now on an unknown name is an error."""
        super().stop()
        self._fold()
        self._started = False
        self._rets._close()

    def notify_trade(self, trade: Any) -> None:
        """Note a trade that opened or closed."""
        if trade.justopened:
            self._opened += 1
        elif trade.status == trade.Closed:
            self._noted.append((trade.pnl, trade.pnlcomm, trade.long, trade.barlen))
        else:
            return
        if self._watched:
            self._fold()

    def _fold(self) -> None:
        """Take what was noted into the statistics."""
        total = self._rets.total
        if self._opened:
            total.total += self._opened
            total.open += self._opened
            self._opened = 0
        noted = self._noted
        if noted:
            total.open -= len(noted)
            total.closed += len(noted)
            for trade in noted:
                self._tally.add(*trade)
            noted.clear()
            self._tally.write(self._rets)


class Tally:
    """Running numbers of closed trades."""

    def __init__(self) -> None:
        self.count = 0
        self.gross = self.net = 0.0
        self.streaks = {True: [0, 0], False: [0, 0]}
        self.lengths = Lengths()
        self.shortest = _NEVER
        self.groups = {(side, won): Group(won) for side in (None, True, False) for won in (True, False)}
        self.sides = {True: Side(), False: Side()}

    def add(self, gross: float, net: float, long: bool, barlen: int) -> None:
        """One more closed trade."""
        won = net >= 0.0
        if net - net != 0.0:
            # compat: no number, which spoils the sums of the other outcome as well
            for sides in (None, True, False):
                self.groups[sides, not won].pnl += net * 0.0
                if sides is not None and sides is not long:
                    self.groups[sides, won].pnl += net * 0.0
                    self.sides[sides].pnl += net * 0.0
        self.count += 1
        self.gross += gross
        self.net += net
        running, waiting = self.streaks[won], self.streaks[not won]
        running[0] += 1
        running[1] = max(running)
        waiting[0] = 0
        self.lengths.add(barlen)
        # compat: a trade that ended in its first bar is the shortest only until the next trade
        self.shortest = min(self.shortest or _NEVER, barlen)
        for group in (self.groups[None, won], self.groups[bool(long), won], self.sides[bool(long)]):
            group.add(net, barlen)

    def write(self, rets: Any) -> None:
        """Into the results, under upstream's names."""
        count = self.count
        for name, won in _OUTCOMES:
            streak = rets.streak[name]
            streak.current, streak.longest = self.streaks[won]
        for name, total in (("gross", self.gross), ("net", self.net)):
            rets.pnl[name].total, rets.pnl[name].average = total, total / count
        for name, won in _OUTCOMES:
            rets[name].total = self.groups[None, won].count
            self.groups[None, won].write_pnl(rets[name].pnl)
        for side, long in _SIDES:
            self._write_side(rets[side], long)
        self._write_lengths(rets.len)

    def _write_side(self, rets: Any, long: bool) -> None:
        rets.total = self.sides[long].count
        self.sides[long].write_pnl(rets.pnl)
        for name, won in _OUTCOMES:
            self.groups[long, won].write_pnl(rets.pnl[name])
        for name, won in _OUTCOMES:
            rets[name] = self.groups[long, won].count

    def _write_lengths(self, rets: Any) -> None:
        self.lengths.write(rets, self.count, shortest=True)
        rets.min = self.shortest
        for name, won in _OUTCOMES:
            group = self.groups[None, won]
            group.lengths.write(rets[name], group.count, shortest=group.lengths.any)
        for side, long in _SIDES:
            self.sides[long].lengths.write(rets[side], self.sides[long].count, shortest=True)
            for name, won in _OUTCOMES:
                group = self.groups[long, won]
                group.lengths.write(rets[side][name], group.count, shortest=True)


_OUTCOMES = (("won", True), ("lost", False))
_SIDES = (("long", True), ("short", False))


class Lengths:
    """How many bars trades lasted."""

    __slots__ = ("any", "longest", "shortest", "total")

    def __init__(self) -> None:
        self.total = self.longest = 0
        self.shortest = _NEVER
        self.any = False

    def add(self, barlen: int) -> None:
        """One more trade; one that ended in its first bar does not count as the shortest."""
        self.total += barlen
        self.longest = max(self.longest, barlen)
        if barlen:
            self.any = True
            self.shortest = min(self.shortest, barlen)

    def write(self, rets: Any, count: int, shortest: bool) -> None:
        """Into one part of the results; ``shortest`` may have to be left out."""
        rets.total, rets.average, rets.max = self.total, self.total / (count or 1.0), self.longest
        if shortest:
            rets.min = self.shortest


class Side:
    """Trades of one side: their number, profit and lengths."""

    __slots__ = ("count", "lengths", "pnl")

    def __init__(self) -> None:
        self.count = 0
        self.pnl = 0.0
        self.lengths = Lengths()

    def add(self, net: float, barlen: int) -> None:
        """One more trade."""
        self.count += 1
        self.pnl += net
        self.lengths.add(barlen)

    def write_pnl(self, rets: Any) -> None:
        """The profits into one part of the results."""
        rets.total, rets.average = self.pnl, self.pnl / (self.count or 1.0)


class Group(Side):
    """Trades of one outcome, maybe of one side too: also the best of the won, the worst of the lost."""

    __slots__ = ("extreme", "pick")

    def __init__(self, won: bool) -> None:
        super().__init__()
        self.pick: Any = max if won else min
        self.extreme = 0.0

    def add(self, net: float, barlen: int) -> None:
        """One more trade."""
        super().add(net, barlen)
        self.extreme = self.pick(self.extreme, net)

    def write_pnl(self, rets: Any) -> None:
        """The profits into one part of the results."""
        super().write_pnl(rets)
        rets.max = self.extreme
