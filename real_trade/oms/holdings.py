"""What the account holds: the last look at it, and what the fills since then made of that."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext

from ..model import Balance, Fill, Instrument, Position, Side
from ..storage import Journal, Snapshot
from .orders import EXACT

__all__ = ["Difference", "Holdings"]

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the venue holds something else than expected; ``what`` is a symbol or an asset."""

    what: str
    expected: Decimal
    found: Decimal


class Holdings:
    """A base, the fills since, and the last that was heard of balances and positions."""

    def __init__(self, instruments: Mapping[str, Instrument], tolerance: Decimal) -> None:
        self._instruments, self._tolerance = instruments, tolerance
        self.balances: dict[str, Balance] = {}
        self.positions: dict[tuple[str, str], Position] = {}
        self._base: Snapshot | None = None
        self._net: dict[str, Decimal] = {}
        self._moved: dict[str, Decimal] = {}
        self._count = 0
        #: Grows with each fill: whoever compares can tell whether one came in between.
        self.version = 0

    @property
    def spot(self) -> bool:
        """Whether balances follow from fills alone."""
        return all(one.kind == "spot" for one in self._instruments.values())

    def use(self, instruments: Mapping[str, Instrument]) -> None:
        """Learn what can be traded."""
        self._instruments = instruments

    def load(self, journal: Journal) -> int:
        """Take up the last base from the journal; when its fills were scanned last, 0 for never."""
        last = journal.read.account_events(("reconciled",), limit=1)
        if not last:
            return 0
        data = json.loads(last[0].data)
        self._base = journal.read.snapshot(data["at"])
        self._hold(self._base)
        for row in journal.read.fills(after_seq=last[0].seq):
            self._count_in(
                row["symbol"], Side(row["side"]), row["quantity"], row["price"], row["fee"], row["fee_asset"]
            )
        return int(data["scanned"])

    def rebase(self, snapshot: Snapshot) -> None:
        """From now on this is what was held, and no fill has come since."""
        self._base = snapshot
        self._hold(snapshot)
        self._net.clear()
        self._moved.clear()
        self._count = 0

    def filled(self, fill: Fill) -> None:
        """Count a fill in."""
        self._count_in(fill.symbol, fill.side, fill.quantity, fill.price, fill.fee, fill.fee_asset)

    def heard(self, one: Balance | Position) -> None:
        """What the stream says is held now."""
        if isinstance(one, Balance):
            self.balances[one.asset] = one
        else:
            self.positions[one.symbol, one.side] = one

    def position(self, symbol: str) -> Decimal:
        """The position by our own count."""
        with localcontext(EXACT):
            return _sum(self._base.positions if self._base else (), symbol) + self._net.get(symbol, _ZERO)

    def differences(self, snapshot: Snapshot) -> list[Difference]:
        """Where a look at the venue shows something else than the base and the fills since."""
        with localcontext(EXACT):
            return self._differences(snapshot)

    def _differences(self, snapshot: Snapshot) -> list[Difference]:
        if self._base is None:
            return []
        found = []
        if self.spot:
            before = {one.asset: one.total for one in self._base.balances}
            now = {one.asset: one.total for one in snapshot.balances}
            slack = self._tolerance * (self._count + 1)
            for asset in sorted({*before, *now, *self._moved}):
                expected = before.get(asset, _ZERO) + self._moved.get(asset, _ZERO)
                if abs(now.get(asset, _ZERO) - expected) > slack:
                    found.append(Difference(asset, expected, now.get(asset, _ZERO)))
            return found
        symbols = {one.symbol for one in (*self._base.positions, *snapshot.positions)} | set(self._net)
        for symbol in sorted(symbols):
            expected, actual = self.position(symbol), _sum(snapshot.positions, symbol)
            if expected != actual:
                found.append(Difference(symbol, expected, actual))
        return found

    def symbols(self) -> set[str]:
        """Symbols of positions."""
        held = {symbol for (symbol, _), one in self.positions.items() if one.quantity}
        return held | set(self._net)

    def _hold(self, snapshot: Snapshot) -> None:
        self.balances = {one.asset: one for one in snapshot.balances}
        self.positions = {(one.symbol, one.side): one for one in snapshot.positions}

    def _count_in(
        self, symbol: str, side: Side, quantity: Decimal, price: Decimal, fee: Decimal, fee_asset: str
    ) -> None:
        self.version += 1
        self._count += 1
        with localcontext(EXACT):
            self._book(symbol, side, quantity, price, fee, fee_asset)

    def _book(
        self, symbol: str, side: Side, quantity: Decimal, price: Decimal, fee: Decimal, fee_asset: str
    ) -> None:
        self._net[symbol] = self._net.get(symbol, _ZERO) + side.sign * quantity
        instrument = self._instruments.get(symbol)
        if instrument is None or instrument.kind != "spot":
            return
        self._move(instrument.base, side.sign * quantity)
        self._move(instrument.quote, -side.sign * quantity * price)
        if fee_asset:
            self._move(fee_asset, -fee)

    def _move(self, asset: str, amount: Decimal) -> None:
        self._moved[asset] = self._moved.get(asset, _ZERO) + amount


def _sum(positions: Iterable[Position], symbol: str) -> Decimal:
    return sum((one.quantity for one in positions if one.symbol == symbol), _ZERO)
