"""The append-only record of a run: cash, holdings, fund shares and fills, with the step they belong to.

Nothing is written on a bar where nothing happens.  Cash, value, fund value and fund shares of every
step are worked out from the record when somebody asks, to the last bit as if they had been noted
bar by bar.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import nan
from typing import Any, NamedTuple

from . import accounting
from .position import Position

__all__ = ["Curves", "Fill", "Ledger"]

ClosesOf = Callable[[Any], Any]

_PIECE = 1 << 16
_ARRAY_FROM = 2000  # below this many steps a loop is faster than importing numpy


class Fill(NamedTuple):
    """One execution, and the rule of the book that gave its price."""

    ref: int
    step: int
    dt: float
    size: float
    price: float
    commission: float
    pnl: float
    rule: str


class Curves(NamedTuple):
    """One number for every step of the run."""

    cash: array[float]
    value: array[float]
    fundvalue: array[float]
    fundshares: array[float]


def _curves() -> Curves:
    return Curves(array("d"), array("d"), array("d"), array("d"))


def _nothing(*_: Any) -> None:
    """A line not written."""


class Ledger:
    """What happened to an account, by step.

    ``late`` holds, by step, the (cash, value, fundvalue, fundshares) that a strategy changed after
    the broker was done with the step: what observers see there, and analyzers do not.
    """

    def __init__(self, scheme_of: Callable[[Any], Any], shortcash: bool = True) -> None:
        self._scheme_of = scheme_of
        self._shortcash = shortcash
        self.closes_of: ClosesOf | None = None
        self.keep_values = False
        self.late: dict[int, tuple[float, float, float, float]] = {}
        self._fills: list[tuple[Any, ...]] = []  # in the short form of `fill_plain` some, see `_rows`
        self._post_steps = array("q")
        self._post_cash = array("d")
        self._post_shares = array("d")
        self._hold_steps = array("q")
        self._hold_datas: list[Any] = []
        self._hold_sizes: list[float] = []
        self._hold_prices: list[float] = []
        self._kept = _curves()
        self._kept_from = -1
        self._derived = _curves()
        self._place = (0, 0)
        self._book: dict[Any, Position] = {}
        self._frozen: dict[Any, Any] | None = None
        self._traded = self._paid = 0.0

    # -- writing -------------------------------------------------------------------------------
    def post(self, step: int, cash: float, shares: float) -> None:
        """From ``step`` on the account has this cash and these fund shares."""
        self._post_steps.append(step)
        self._post_cash.append(cash)
        self._post_shares.append(shares)

    def hold(self, step: int, data: Any, size: float, price: float) -> None:
        """From ``step`` on this much of ``data`` is held at this average price."""
        self._hold_steps.append(step)
        self._hold_datas.append(data)
        self._hold_sizes.append(size)
        self._hold_prices.append(price)

    def fill(
        self,
        ref: int,
        step: int,
        dt: float,
        size: float,
        price: float,
        commission: float,
        pnl: float,
        rule: str,
    ) -> None:
        """An order was executed."""
        self._fills.append((ref, step, dt, size, price, commission, pnl, rule))

    def fill_plain(self, ref: int, step: int, fill: tuple[Any, ...], rule: str) -> None:
        """The same with the numbers as the order keeps them, so that they are there once."""
        self._fills.append((ref, step, fill, rule))

    def _rows(self, number: int = 0) -> Iterator[tuple[int, int, float, float, float, float, float, str]]:
        for row in self._fills[number:] if number else self._fills:
            if len(row) == 4:
                ref, step, (when, size, price, _, _, released_fee, _, _, bound_fee, profit, *_), rule = row
                row = (ref, step, when, size, price, released_fee + bound_fee, profit, rule)
            yield row

    def keep(self, step: int, cash: float, value: float, fundvalue: float, shares: float) -> None:
        """Note a whole step, for runs whose closes are not kept; all later steps must be noted too."""
        kept = self._kept
        if self._kept_from < 0:
            self._kept_from = step
        for curve, number in zip(kept, (cash, value, fundvalue, shares), strict=True):
            missing = step - self._kept_from - len(curve)
            if missing < 0:
                curve[missing] = number
                continue
            if missing and curve:
                curve.extend(array("d", [curve[-1]]) * missing)
            curve.append(number)

    def freeze(self) -> None:
        """Keep the schemes for what is written so far, and keep whole steps from now on: they change."""
        self.keep_values = True
        if self._frozen is None:
            self._frozen = {data: self._scheme_of(data) for data in self._hold_datas}

    def close(self) -> None:
        """Write nothing from here on: for runs in bounded memory, which nobody derives anything from."""
        for name in ("post", "hold"):
            setattr(self, name, _nothing)
        self.fill = self._count  # type: ignore[method-assign]  # of fills only the sums stay
        self.fill_plain = self._count_plain  # type: ignore[method-assign]

    def _count(
        self, ref: int, step: int, dt: float, size: float, price: float, commission: float, pnl: float,
        rule: str,
    ) -> None:  # fmt: skip
        self._traded += abs(size) * price
        self._paid += commission

    def _count_plain(self, ref: int, step: int, fill: tuple[Any, ...], rule: str) -> None:
        self._traded += abs(fill[1]) * fill[2]
        self._paid += fill[5] + fill[8]

    def turnover(self) -> tuple[float, float]:
        """(money traded, commission paid) by all fills."""
        traded, paid = self._traded, self._paid
        for _, _, _, size, price, commission, _, _ in self._rows():
            traded += abs(size) * price
            paid += commission
        return traded, paid

    def exposed(self, n: int) -> int:
        """On how many of the first ``n`` steps something was held at the end of the step."""
        held: dict[Any, float] = {}
        since, count = -1, 0
        for step, data, size in zip(self._hold_steps, self._hold_datas, self._hold_sizes, strict=True):
            if size:
                held[data] = size
                since = step if since < 0 else since
            elif held.pop(data, 0.0) and not held:
                count += min(step, n) - since
                since = -1
        return count + (n - since if 0 <= since < n else 0)

    # -- reading -------------------------------------------------------------------------------
    def worth(self, data: Any, closes: Any, start: int, stop: int) -> list[float]:
        """What the position in ``data`` was worth at steps ``start`` to ``stop - 1``."""
        scheme, shortcash, position = self._scheme(data), self._shortcash, Position()
        entries = zip(self._hold_steps, self._hold_datas, self._hold_sizes, self._hold_prices, strict=True)
        ours = [(step, size, price) for step, held, size, price in entries if held is data]
        found: list[float] = []
        for step, size, price in [*ours, (stop, 0, 0.0)]:
            begin, end = start + len(found), min(step, stop)
            if begin < end:
                part = closes[begin:end]
                found.extend([accounting.position_value(scheme, position, c, shortcash) for c in part])
            position.size, position.price = size, price
        return found

    @property
    def fills(self) -> list[Fill]:
        """All executions, oldest first."""
        return [Fill(*entry) for entry in self._rows()]

    def fills_since(self, number: int) -> Iterator[Fill]:
        """Executions from the ``number``-th on."""
        return (Fill(*entry) for entry in self._rows(number))

    def series(self, n: int, closes_of: ClosesOf | None = None) -> Curves:
        """The curves of steps 0 to ``n - 1``; ``closes_of(data)`` gives that feed's close by step."""
        if closes_of is not None:
            self.closes_of = closes_of
        return Curves(*(curve[:n] for curve in self.series_upto(n - 1)))

    def series_upto(self, step: int) -> Curves:
        """The curves up to ``step`` at least; the arrays grow from call to call, so do not change them."""
        done = self._derived
        stop = step + 1 if self._kept_from < 0 else min(step + 1, self._kept_from)
        if stop > len(done.cash):
            self._extend(len(done.cash), stop)
        if self._kept_from < 0 or step < self._kept_from:
            return done
        for curve, kept in zip(done, self._kept, strict=True):
            curve.extend(kept[len(curve) - self._kept_from : step + 1 - self._kept_from])
        return done

    def _extend(self, start: int, stop: int) -> None:
        posts, holds = self._place
        if stop - start >= _ARRAY_FROM and self._all_plain():
            self._extend_by_arrays(start, stop)
            return
        done = self._derived
        post_steps, hold_steps = self._post_steps, self._hold_steps
        cash, shares = self._posted(posts)
        step = start
        while step < stop:
            while posts < len(post_steps) and post_steps[posts] <= step:
                cash, shares = self._post_cash[posts], self._post_shares[posts]
                posts += 1
            while holds < len(hold_steps) and hold_steps[holds] <= step:
                self._take(self._hold_datas[holds], self._hold_sizes[holds], self._hold_prices[holds])
                holds += 1
            until = min(
                stop,
                post_steps[posts] if posts < len(post_steps) else stop,
                hold_steps[holds] if holds < len(hold_steps) else stop,
            )
            values = self._values(cash, step, until)
            done.cash.extend(array("d", [cash]) * (until - step))
            done.value.extend(values)
            done.fundvalue.extend(value / shares if shares else nan for value in values)
            done.fundshares.extend(array("d", [shares]) * (until - step))
            step = until
        self._place = posts, holds

    def _posted(self, posts: int) -> tuple[float, float]:
        return (self._post_cash[posts - 1], self._post_shares[posts - 1]) if posts else (0.0, 1.0)

    def _take(self, data: Any, size: float, price: float) -> None:
        position = self._book.setdefault(data, Position())
        position.size, position.price = size, price

    def _values(self, cash: float, start: int, stop: int) -> list[float]:
        if not self._book:
            return [cash + 0.0] * (stop - start)
        held = [(self._scheme(data), position, self._closes(data)) for data, position in self._book.items()]
        mark, shortcash = accounting.mark, self._shortcash
        return [
            mark(
                cash, [(scheme, position, closes[step]) for scheme, position, closes in held], shortcash
            ).value
            for step in range(start, stop)
        ]

    def _all_plain(self) -> bool:
        datas = {id(data): data for data in self._hold_datas}
        return all(self._scheme(data).plain_value for data in datas.values())

    def _closes(self, data: Any) -> Any:
        assert self.closes_of is not None, "who asks for curves must say where the closes are"
        return self.closes_of(data)

    def _scheme(self, data: Any) -> Any:
        return self._scheme_of(data) if self._frozen is None else self._frozen.get(data)

    def _extend_by_arrays(self, start: int, stop: int) -> None:
        import numpy as np

        held = {data: (position.size, position.price) for data, position in self._book.items()}
        reached = _Reached(*self._place, held)
        for curve, numbers in zip(self._derived, self._piece(reached, start, stop), strict=True):
            curve.frombytes(np.ascontiguousarray(numbers, dtype=float).tobytes())
        for data, (size, price) in reached.held.items():
            self._take(data, size, price)
        self._place = reached.posts, reached.holds

    def in_pieces(self, n: int, closes_of: ClosesOf) -> Iterator[tuple[int, Any]]:
        """(first step, arrays of the curves from there on), piece by piece up to step ``n - 1``.

        Nothing of it is kept: what needs one look at a long run needs no memory for all of it. Only if
        `is_plain` says so.
        """
        self.closes_of = closes_of
        reached = _Reached(0, 0, {})
        for start in range(0, n, _PIECE):
            yield start, self._piece(reached, start, min(start + _PIECE, n))

    def is_plain(self, n: int) -> bool:
        """Whether the curves up to step ``n - 1`` follow from closes alone, with no money paid in or out."""
        shares = self._post_shares[: bisect_left(self._post_steps, n)]
        constant = not shares or shares.count(shares[0]) == len(shares)
        return constant and self._kept_from < 0 and self._all_plain()

    def _piece(self, reached: _Reached, start: int, stop: int) -> tuple[Any, Any, Any, Any]:
        """Cash, value, fund value and shares of ``[start, stop)``; moves ``reached`` on."""
        import numpy as np

        count = stop - start
        posts, holds = reached.posts, reached.holds
        first = self._posted(posts)
        last_post = bisect_left(self._post_steps, stop, posts)
        last_hold = bisect_left(self._hold_steps, stop, holds)

        def spread(before: float, steps: Any, numbers: Any) -> Any:
            # one number a step out of (step it begins at, number)
            edges = np.clip(np.asarray(steps, dtype=np.int64) - start, 0, count)
            return np.repeat(np.concatenate(([before], numbers)), np.diff(edges, prepend=0, append=count))

        post_steps = self._post_steps[posts:last_post]
        cash = spread(first[0], post_steps, self._post_cash[posts:last_post])
        shares = spread(first[1], post_steps, self._post_shares[posts:last_post])

        events: dict[Any, tuple[list[int], list[float], list[float]]] = {
            data: ([], [], []) for data in reached.held
        }
        before = dict(reached.held)
        for number in range(holds, last_hold):
            data, size, price = self._hold_datas[number], self._hold_sizes[number], self._hold_prices[number]
            steps, sizes, prices = events.setdefault(data, ([], [], []))
            steps.append(self._hold_steps[number])
            sizes.append(size)
            prices.append(price)
            reached.held[data] = size, price
        rows = []
        for data, (steps, sizes, prices) in events.items():
            size, price = before.get(data, (np.nan, np.nan))
            close = np.asarray(self._closes(data)[start:stop], dtype=float)
            rows.append((self._scheme(data), spread(size, steps, sizes), spread(price, steps, prices), close))

        with np.errstate(all="ignore"):
            value = accounting.value_curve(cash, rows, self._shortcash, np.where)
            fund = value / shares
        reached.posts, reached.holds = last_post, last_hold
        return cash, value, fund, shares


@dataclass
class _Reached:
    """How far the record has been gone through, and what is held there: (size, price) by feed."""

    posts: int
    holds: int
    held: dict[Any, tuple[float, float]]
