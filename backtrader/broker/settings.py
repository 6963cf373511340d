"""The switches of the simulated broker, each a parameter with a setter of its own."""

from __future__ import annotations

from typing import Any

from .base import BrokerBase

__all__ = ["BrokerSettings"]


class BrokerSettings(BrokerBase):
    """What can be set on a `BackBroker`; see `../docs` for what each switch does to a fill."""

    params = (
        ("cash", 10000.0),
        ("checksubmit", True),
        ("eosbar", False),
        ("filler", None),
        ("slip_perc", 0.0),
        ("slip_fixed", 0.0),
        ("slip_open", False),
        ("slip_match", True),
        ("slip_limit", True),
        ("slip_out", False),
        ("coc", False),
        ("coo", False),
        ("int2pnl", True),
        ("shortcash", True),
        ("fundstartval", 100.0),
        ("fundmode", False),
    )

    def set_fundmode(self, fundmode: bool, fundstartval: Any = None) -> None:
        """Report by fund share; ``fundstartval`` is the first value of a share."""
        self.p.fundmode = fundmode
        if fundstartval is not None:
            self.set_fundstartval(fundstartval)

    def get_fundmode(self) -> Any:
        """Whether results are reported by fund share."""
        return self.p.fundmode

    fundmode = property(lambda self: self.get_fundmode(), lambda self, fundmode: self.set_fundmode(fundmode))

    def set_fundstartval(self, fundstartval: float) -> None:
        """The value of a fund share at the start."""
        self.p.fundstartval = fundstartval

    def set_int2pnl(self, int2pnl: bool) -> None:
        """Whether interest is charged to the trade that closes the position."""
        self.p.int2pnl = int2pnl

    def set_coc(self, coc: bool) -> None:
        """Cheat on close: market orders fill at the close of the bar they are made in."""
        self.p.coc = coc
        self._rules_changed()

    def set_coo(self, coo: bool) -> None:
        """Cheat on open: orders made before the bar is matched fill at its open."""
        self.p.coo = coo
        self._rules_changed()

    def set_shortcash(self, shortcash: bool) -> None:
        """Whether a short sale adds its proceeds to the cash."""
        self._before_change()
        self.p.shortcash = shortcash

    def set_slippage_perc(
        self,
        perc: float,
        slip_open: bool = True,
        slip_limit: bool = True,
        slip_match: bool = True,
        slip_out: bool = False,
    ) -> None:
        """Slip by a fraction of the price."""
        self._set_slippage(perc, 0.0, slip_open, slip_limit, slip_match, slip_out)

    def set_slippage_fixed(
        self,
        fixed: float,
        slip_open: bool = True,
        slip_limit: bool = True,
        slip_match: bool = True,
        slip_out: bool = False,
    ) -> None:
        """Slip by an amount."""
        self._set_slippage(0.0, fixed, slip_open, slip_limit, slip_match, slip_out)

    def _set_slippage(
        self, perc: float, fixed: float, slip_open: bool, slip_limit: bool, slip_match: bool, slip_out: bool
    ) -> None:
        p = self.p
        p.slip_perc = perc
        p.slip_fixed = fixed
        p.slip_open = slip_open
        p.slip_limit = slip_limit
        p.slip_match = slip_match
        p.slip_out = slip_out
        self._rules_changed()

    def set_filler(self, filler: Any) -> None:
        """The callable that says how much of an order a bar can take."""
        self.p.filler = filler
        self._rules_changed()

    def set_checksubmit(self, checksubmit: bool) -> None:
        """Whether orders are checked against the cash before they are accepted."""
        self.p.checksubmit = checksubmit
        self._rules_changed()

    def set_eosbar(self, eosbar: bool) -> None:
        """Kept for its name: upstream reads it nowhere."""
        self.p.eosbar = eosbar

    seteosbar = set_eosbar

    def addcommissioninfo(self, comminfo: Any, name: str | None = None) -> None:
        """Charge by this scheme, for the feed called ``name`` or for all."""
        self._before_change()
        super().addcommissioninfo(comminfo, name)

    def _before_change(self) -> None:
        """Called before a setting changes that past values depend on."""

    def _rules_changed(self) -> None:
        """Called after a setting changed that says how orders are filled."""
