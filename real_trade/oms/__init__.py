"""The order management: an order is on disk before it is sent, and none is lost or sent twice."""

from .book import Book, Outcome
from .manager import OrderManager
from .orders import Alarm, LiveOrder
from .policy import Discrepant, Handling, Limits, Policy
from .reconcile import Reconciliation

__all__ = [
    "Alarm", "Book", "Discrepant", "Handling", "Limits", "LiveOrder", "OrderManager", "Outcome", "Policy",
    "Reconciliation",
]  # fmt: skip
