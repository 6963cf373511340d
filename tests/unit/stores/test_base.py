"""Stores: one object a class, feeds and a broker bound to it, messages."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import backtrader as bt


def make() -> type:
    class OneStore(bt.Store):
        params = (("host", "local"),)

    return OneStore


def test_there_is_one_object_of_a_class() -> None:
    cls, other = make(), make()
    assert cls(host="a") is cls(host="b")
    assert cls().p.host == "a"
    assert other() is not cls()


def test_feeds_and_brokers_know_their_store() -> None:
    cls = make()
    cls.DataCls = cls.BrokerCls = SimpleNamespace
    store = cls()
    data, broker = store.getdata(a=1), cls.getbroker(b=2)
    assert (data._store, data.a) == (store, 1)
    assert (broker._store, broker.b) == (cls, 2)


def test_the_broker_is_told_of_feeds_that_start() -> None:
    told: list[Any] = []
    store = make()()
    store.start()
    data = SimpleNamespace(_env="engine")
    store.start(data=data)
    assert (store.datas, store._env, store.broker) == ([data], "engine", None)
    broker = SimpleNamespace(data_started=told.append)
    store.start(broker=broker)
    store.start(data=data)
    assert (store.broker, told) == (broker, [data])


def test_messages_are_handed_over_once() -> None:
    store = make()()
    store.start()
    store.put_notification("lost", 1, where="here")
    store.put_notification("back")
    assert store.get_notifications() == [("lost", (1,), {"where": "here"}), ("back", (), {})]
    assert store.get_notifications() == []
