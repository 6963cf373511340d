"""What Binance's error numbers mean for an order, market by market, with the reason for each line.

Facts: the venue's published lists, and what its answers looked like when they were provoked.  Where
the two markets use one number for different things the line names the market.
"""

from __future__ import annotations

from ..outcomes import Outcome, OutcomeTable, Rule

__all__ = ["SPOT", "TABLE", "USDM"]

SPOT = "spot"
USDM = "usdm"

_R, _U, _A = Outcome.REJECTED, Outcome.UNKNOWN, Outcome.AUTH

_GENERAL = [
    Rule("-1000", _U, "an error of its own, of no known kind"),
    Rule("-1001", _U, "lost the way to its own back end"),
    Rule("-1002", _A, "the key may not do this"),
    Rule("-1003", Outcome.RATE, "too much weight, or banned for it"),
    Rule("-1004", _U, "busy; does not say what became of the request", market=SPOT),
    Rule("-1005", _A, "the address of this machine is not on the key's list", market=USDM),
    Rule("-1006", _U, "says itself that the execution status is unknown"),
    Rule("-1007", _U, "says itself that the send status is unknown"),
    Rule("-1008", Outcome.THROTTLED, "overloaded: turned away at the door"),
    Rule("-1010", _R, "the matching engine said no"),
    Rule("-1011", _A, "the address of this machine may not use this", market=USDM),
    Rule("-1013", _R, "a filter: price, lot size, notional, market closed"),
    Rule("-1014", _R, "a combination of parameters it does not take"),
    Rule("-1015", Outcome.THROTTLED, "too many orders in the window: this one was not taken"),
    Rule("-1016", _U, "shutting down; does not say what became of the request"),
    Rule("-1020", _R, "an operation it does not have"),
    Rule("-1021", Outcome.CLOCK, "time stamp outside the window: never looked at"),
    Rule("-1022", _A, "signature is wrong: the secret does not belong to the key"),
    Rule("-1034", Outcome.RATE, "too many connections"),
    Rule("-1099", _A, "not found, not authenticated or not authorised"),
    Rule("-1109", _A, "no such account", market=USDM),
    Rule("-1125", Outcome.GONE, "the listen key does not exist (any more)"),
    Rule("-1199..-1100", _R, "something about a parameter: refused before it was looked at"),
]

_ORDERS = [
    Rule("-2010", _R, "a new order refused: funds, post-only, closed market, …"),
    Rule("-2010", Outcome.DUPLICATE, "an order with this client id is open", text="Duplicate order sent"),
    Rule("-2010", _A, "the account is blocked", text="This action is disabled on this account"),
    Rule("-2010", _A, "the account may not trade", text="may not place or cancel orders"),
    Rule("-2010", _A, "the key may not trade over this interface", text="trading is not enabled"),
    Rule("-2011", Outcome.GONE, "no such order is open: filled, cancelled, or never there"),
    Rule("-2011", _R, "it is open and stays so", text="not canceled due to cancel restrictions"),
    Rule("-2011", _A, "the account is blocked", text="This action is disabled on this account"),
    Rule("-2011", _A, "the account may not trade", text="may not place or cancel orders"),
    Rule("-2012", _U, "not all were cancelled; it does not say which", market=USDM),
    Rule("-2013", Outcome.GONE, "no such order"),
    Rule("-2008", _A, "no such key"),
    Rule("-2014", _A, "the key does not look like a key"),
    Rule("-2015", _A, "key, address or permission; also a key that is blocked for a while"),
    Rule("-2016", _R, "no trading at this time"),
    Rule("-2017", _A, "the keys of this account are locked", market=USDM),
    Rule("-2018", _R, "the balance does not suffice", market=USDM),
    Rule("-2019", _R, "the margin does not suffice", market=USDM),
    Rule("-2020", _R, "cannot be filled", market=USDM),
    Rule("-2021", Outcome.SPLIT, "of cancel and replace one was done, one not", market=SPOT),
    Rule("-2021", _R, "it would trigger at once", market=USDM),
    Rule("-2022", Outcome.SPLIT, "of cancel and replace nothing was done, or not for certain", market=SPOT),
    Rule("-2022", _R, "reduce-only, and there is nothing to reduce", market=USDM),
    Rule("-2023", _R, "the account is being liquidated", market=USDM),
    Rule("-2024", _R, "the position is smaller than that", market=USDM),
    Rule("-2025", _R, "too many open orders", market=USDM),
    Rule("-2026", Outcome.GONE, "so old that it was put away", market=SPOT),
    Rule("-2026", _R, "this type cannot be reduce-only", market=USDM),
    Rule("-2027", _R, "above the largest position at this leverage", market=USDM),
    Rule("-2028", _R, "leverage too low for the margin there is", market=USDM),
    Rule("-2038", _R, "the amendment was refused; the order stands", market=SPOT),
    Rule("-2039", _R, "client id and order id are of different orders", market=SPOT),
]

_USDM = [
    Rule("-4046", Outcome.UNCHANGED, "the margin type is that already", market=USDM),
    Rule("-4056", _A, "a key of the wrong type", market=USDM),
    Rule("-4057", _A, "the public key is not valid", market=USDM),
    Rule("-4059", Outcome.UNCHANGED, "the position mode is that already", market=USDM),
    Rule("-4061", _R, "the account keeps positions in the other mode", market=USDM),
    Rule("-4087", _R, "only reduce-only orders are taken from this account", market=USDM),
    Rule("-4088", _A, "the account may not trade at present", market=USDM),
    Rule("-4116", Outcome.DUPLICATE, "an order with this client id is open", market=USDM),
    Rule("-4117", Outcome.GONE, "the stop is being triggered: no longer cancelled as such", market=USDM),
    Rule("-4118", _R, "reduce-only without the margin for it", market=USDM),
    Rule("-4120", _R, "conditional orders go to another endpoint", market=USDM),
    Rule("-4131", _R, "the best price there is lies outside the price filter", market=USDM),
    Rule("-4142", _R, "it would trigger at once", market=USDM),
    Rule("-4164", _R, "worth less than the least", market=USDM),
    Rule("-4183", _R, "price above the cap that goes with the stop price", market=USDM),
    Rule("-4192", _A, "the account is in a cooling-off period", market=USDM),
    Rule("-4400", _R, "only reduce-only orders are taken: a rule on automatic trading", market=USDM),
    Rule("-4401", _R, "only reduce-only orders are taken: a rule of the country", market=USDM),
    Rule("-4402", _A, "not available in this country", market=USDM),
    Rule("-4999..-4000", _R, "filters and settings: refused before the matching engine", market=USDM),
    Rule("-5021", _R, "fill-or-kill that could not be filled", market=USDM),
    Rule("-5022", _R, "post-only that would have taken", market=USDM),
    Rule("-5026", _R, "changed too often: the order stands as it is", market=USDM),
    Rule("-5027", Outcome.UNCHANGED, "price and quantity are that already", market=USDM),
    Rule("-5028", Outcome.CLOCK, "reached the matching engine too late for its window", market=USDM),
    Rule("-5099..-5000", _R, "the matching engine did not take it", market=USDM),
    Rule("-20121", _R, "no such symbol", market=USDM),
    Rule("-20124", Outcome.GONE, "no such conditional order, or it is over", market=USDM),
    Rule("-20130", _R, "something about a parameter", market=USDM),
    Rule("-20132", Outcome.DUPLICATE, "a conditional order with this client id is there", market=USDM),
    Rule("-20198", _R, "too many open conditional orders", market=USDM),
]

_HTTP = [
    Rule("http 403", Outcome.RATE, "the firewall in front of the venue"),
    Rule("http 418", Outcome.RATE, "banned for going on after 429"),
    Rule("http 429", Outcome.RATE, "too much weight"),
    Rule("http 451", _A, "the venue does not serve the country of this address"),
]

TABLE = OutcomeTable("binance", [*_GENERAL, *_ORDERS, *_USDM, *_HTTP])
