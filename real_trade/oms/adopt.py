"""What happens on the account and was not given by us: counted, watched, never touched."""

from __future__ import annotations

import logging

from ..errors import GatewayError, NotFound
from ..model import Fill, OrderReport, VenueStatus
from ..model.ids import is_ours
from .events import Adopted, Filled, Reported
from .orders import foreign_key
from .policy import Discrepant
from .recorder import Recorder
from .sender import Sender

__all__ = ["Adopter"]

logger = logging.getLogger(__name__)


class Adopter:
    """Brings reports and fills to the orders they belong to, and takes in orders nobody knew."""

    def __init__(self, sender: Sender, recorder: Recorder) -> None:
        self._sender, self._recorder = sender, recorder

    def report(self, report: OrderReport, source: str = "stream") -> None:
        """Count a report in, whosesoever order it is about."""
        found = self._recorder.find(report.symbol, client_id=report.client_id, venue_id=report.venue_id)
        if found is None:
            self.adopt(report)
        else:
            self._recorder.record(Reported(found.key, self._recorder.now(), report, source))

    def adopt(self, report: OrderReport) -> tuple[Discrepant, str]:
        """Take in an order that the journal does not have; what is wrong with that, in a sentence."""
        key = foreign_key(report.symbol, report.venue_id)
        kind = Discrepant.UNRECORDED_ORDER if is_ours(report.client_id) else Discrepant.FOREIGN_ORDER
        text = (
            f"{report.symbol} {report.venue_id} ({report.client_id or 'no client id'}): {report.side} "
            f"{report.quantity} at {report.price}, {report.status}, is not in the journal"
        )
        self._recorder.incident(kind, text, key=key, symbol=report.symbol)
        self._recorder.record(Adopted(key, self._recorder.now(), report))
        return kind, text

    def count(self, key: str, fill: Fill) -> None:
        """Count a fill in whose order is known."""
        self._recorder.record(Filled(key, self._recorder.now(), fill))

    async def fill(self, fill: Fill) -> bool:
        """Count a fill in; the venue is asked for its order if that is not known.

        False if it did not answer: then the fill is not counted, and has to come again.
        """
        found = self._recorder.find(fill.symbol, client_id=fill.client_id, venue_id=fill.venue_id)
        if found is not None:
            await self._recorder.commit(Filled(found.key, self._recorder.now(), fill))
            return True
        report = await self._order_of(fill)
        if report is None:
            return False
        # it may have become known while we asked
        found = self._recorder.find(report.symbol, client_id=report.client_id, venue_id=report.venue_id)
        now = self._recorder.now()
        if found is None:
            self.adopt(report)
            key = foreign_key(report.symbol, report.venue_id)
        else:
            key = found.key
            self._recorder.record(Reported(key, now, report, "asked"))
        await self._recorder.commit(Filled(key, now, fill))
        return True

    async def _order_of(self, fill: Fill) -> OrderReport | None:
        try:
            return await self._sender.call(
                self._sender.gateway.order(fill.symbol, client_id=fill.client_id, venue_id=fill.venue_id)
            )
        except NotFound:
            pass
        except GatewayError as error:
            logger.warning("cannot ask for the order of fill %s: %s", fill.trade_id, error)
            return None
        # All that is known of it is this fill.
        return OrderReport(
            fill.symbol, fill.client_id, fill.venue_id, VenueStatus.CANCELLED, fill.quantity, side=fill.side,
            price=fill.price, time_ns=fill.time_ns,
        )  # fmt: skip
