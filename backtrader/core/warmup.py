"""Bars before the run proper: indicators see them, the strategy does not act on them.

A feed may say that its first bars are such (`AbstractDataBase._warmup`); walk-forward windows are made
that way.  What happens there is not counted in the metrics of the run either.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

__all__ = ["hold_back"]

_VERBS: dict[str, Any] = {"buy": None, "sell": None, "buy_bracket": [None] * 3, "sell_bracket": [None] * 3}


def hold_back(strategy: Any, bars: int, early_hooks: Iterable[str]) -> None:
    """Let the strategy begin after ``bars`` of its first feed, flat, whatever it does before.

    Its minimum period grows; ``early_hooks``, which are called before it, stay silent, and orders from
    elsewhere (timers) are not sent.
    """
    strategy._minperiods[0] = max(strategy._minperiods[0], bars + 1)
    feed, own = strategy.datas[0], strategy.__dict__
    for name in early_hooks:
        own[name] = _silent(feed, bars, getattr(strategy, name))
    for verb, answer in _VERBS.items():
        own[verb] = _refusing(strategy, verb, answer, bars)


def _silent(feed: Any, bars: int, hook: Callable[[], None]) -> Callable[[], None]:
    def called() -> None:
        if len(feed) > bars:
            hook()

    return called


def _refusing(strategy: Any, verb: str, answer: Any, bars: int) -> Callable[..., Any]:
    feed = strategy.datas[0]

    def called(*args: Any, **kwargs: Any) -> Any:
        if len(feed) <= bars:
            return answer
        strategy.__dict__.pop(verb, None)  # from now on it is asked directly
        return getattr(strategy, verb)(*args, **kwargs)

    return called
