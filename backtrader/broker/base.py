"""What a strategy, an analyzer and the run loop may ask of any broker."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..utils.construct import ParamsBase
from .commission import CommInfoBase

__all__ = ["BrokerBase"]


class BrokerBase(ParamsBase):
    """The face of a broker, simulated or live.

    A subclass implements ``getcash getvalue getposition submit cancel buy sell`` and usually
    ``get_notification`` and ``next``.  ``awake`` and ``eager`` tell the loop whether ``next`` must
    run: a broker that does not know better is called on every step.
    """

    params: Any = (("commission", CommInfoBase(percabs=True)),)
    p: Any

    awake: bool = True
    eager: bool = True
    clock: Any = None
    ledger: Any = None
    risk: Any = None
    cerebro: Any = None
    takes_plain_orders = False  # whether `take_plain` may be called for bare market orders

    def __init__(self) -> None:
        super().__init__()
        self.comminfo: dict[Any, Any] = {}
        self.init()

    def init(self) -> None:
        """Prepare for a run; called when made and at every start."""
        if None not in self.comminfo:
            self.comminfo[None] = self.p.commission

    def start(self) -> None:
        """A run begins."""
        self.init()

    def stop(self) -> None:
        """A run is over."""

    def next(self) -> None:
        """One step of the run: the feeds stand on a new bar."""

    def get_notification(self) -> Any:
        """The next order to tell a strategy about, None if there is none."""
        return None

    # -- costs ---------------------------------------------------------------------------------
    def getcommissioninfo(self, data: Any) -> Any:
        """The commission scheme for ``data``: the one with its name, or the general one."""
        schemes = self.comminfo
        name = data._name
        return schemes[name] if name in schemes else schemes[None]

    def setcommission(
        self,
        commission: float = 0.0,
        margin: Any = None,
        mult: float = 1.0,
        commtype: Any = None,
        percabs: bool = True,
        stocklike: bool = False,
        interest: float = 0.0,
        interest_long: bool = False,
        leverage: float = 1.0,
        automargin: Any = False,
        name: str | None = None,
    ) -> None:
        """Charge by these numbers, for the feed called ``name`` or for all."""
        scheme = CommInfoBase(
            commission=commission, margin=margin, mult=mult, commtype=commtype, stocklike=stocklike,
            percabs=percabs, interest=interest, interest_long=interest_long, leverage=leverage,
            automargin=automargin,
        )  # fmt: skip
        self.addcommissioninfo(scheme, name=name)

    def addcommissioninfo(self, comminfo: Any, name: str | None = None) -> None:
        """Charge by this scheme, for the feed called ``name`` or for all."""
        self.comminfo[name] = comminfo

    # -- the account ---------------------------------------------------------------------------
    def getcash(self) -> Any:
        """The cash at hand."""
        raise NotImplementedError

    def get_cash(self) -> Any:
        """The cash at hand."""
        return self.getcash()

    def getvalue(self, datas: Any = None) -> Any:
        """The value of the account, or of the positions in ``datas``."""
        raise NotImplementedError

    def get_value(self, datas: Any = None) -> Any:
        """The value of the account, or of the positions in ``datas``."""
        return self.getvalue(datas)

    def getposition(self, data: Any) -> Any:
        """The position in ``data``."""
        raise NotImplementedError

    def get_fundshares(self) -> Any:
        """The number of shares of the account seen as a fund."""
        return 1.0

    def get_fundvalue(self) -> Any:
        """The value of one such share."""
        return self.getvalue()

    def set_fundmode(self, fundmode: bool, fundstartval: Any = None) -> None:
        """Report by fund share instead of by account; brokers without that ignore it."""

    def get_fundmode(self) -> bool:
        """Whether results are reported by fund share."""
        return False

    # compat: the properties do not look at overrides of the methods
    fundshares = property(get_fundshares)
    fundvalue = property(get_fundvalue)
    fundmode = property(lambda self: self.get_fundmode(), lambda self, fundmode: self.set_fundmode(fundmode))

    # -- orders --------------------------------------------------------------------------------
    def submit(self, order: Any) -> Any:
        """Take an order."""
        raise NotImplementedError

    def cancel(self, order: Any) -> Any:
        """Withdraw an order."""
        raise NotImplementedError

    def buy(
        self, owner: Any, data: Any, size: Any, price: Any = None, plimit: Any = None, exectype: Any = None,
        valid: Any = None, tradeid: Any = 0, oco: Any = None,
        trailamount: Any = None, trailpercent: Any = None, **kwargs: Any,
    ) -> Any:  # fmt: skip
        """Make an order to buy and take it."""
        raise NotImplementedError

    def sell(
        self, owner: Any, data: Any, size: Any, price: Any = None, plimit: Any = None, exectype: Any = None,
        valid: Any = None, tradeid: Any = 0, oco: Any = None,
        trailamount: Any = None, trailpercent: Any = None, **kwargs: Any,
    ) -> Any:  # fmt: skip
        """Make an order to sell and take it."""
        raise NotImplementedError

    def amend(self, order: Any, size: Any = None, price: Any = None) -> bool:
        """Change the size or price of a live order; False, with the reason in its info, if that cannot be."""
        order.addinfo(
            code="unsupported", reason=f"{type(self).__name__} cannot change an order: cancel it instead"
        )
        return False

    def submit_batch(self, requests: Iterable[Any]) -> list[Any]:
        """Send several orders: orders made already, or mappings of what ``buy`` takes plus ``side``."""
        return [self._submit_request(request) for request in requests]

    def _submit_request(self, request: Any) -> Any:
        if not isinstance(request, Mapping):
            return self.submit(request)
        words = dict(request)
        side = words.pop("side", "buy")
        if side not in ("buy", "sell"):
            raise ValueError(f"the side of an order is 'buy' or 'sell', not {side!r}")
        return (self.buy if side == "buy" else self.sell)(**words)

    def add_order_history(self, orders: Any, notify: bool = False) -> None:
        """Orders of the past to be executed as they were."""
        raise NotImplementedError

    def set_fund_history(self, fund: Any) -> None:
        """Fund values of the past to be reported as they were."""
        raise NotImplementedError
