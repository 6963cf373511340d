"""Classes of vendors: they can be named, derived from and looked at; using them says what to do instead."""

from __future__ import annotations

import importlib
import inspect
import subprocess
import sys

import pytest

import backtrader as bt
from backtrader.compat import names
from backtrader.errors import BacktraderError
from backtrader.vendors.gone import signature_of

CLASSES = [
    (package, name, module) for package, all_ in names.VENDORS.items() for name, module in all_.items()
]
VENDOR_OF = {"IB": "Interactive Brokers", "Oa": "Oanda", "VC": "Visual Chart"}


@pytest.mark.parametrize(("package", "name", "module"), CLASSES)
def test_a_class_is_found_under_every_name(package: str, name: str, module: str) -> None:
    cls = getattr(getattr(bt, package), name)
    assert cls.__name__ == name
    old = importlib.import_module(f"backtrader.{package}.{module}")
    assert getattr(old, name) is cls
    assert old.__name__.startswith("backtrader.vendors.")


@pytest.mark.parametrize(("package", "name", "module"), CLASSES)
def test_making_one_says_what_to_use_instead(package: str, name: str, module: str) -> None:
    cls = getattr(getattr(bt, package), name)
    words = rf"^{name} connects to {VENDOR_OF[name[:2]]}, which is not possible: .*real_trade.*bt\.Store"
    with pytest.raises(BacktraderError, match=words):
        cls()
    with pytest.raises(BacktraderError, match=words):  # a singleton has not been made by the first try
        cls()


@pytest.mark.parametrize("name", ["IBStore", "OandaStore", "VCStore"])
def test_a_store_knows_its_feed_and_its_broker(name: str) -> None:
    store = getattr(bt.stores, name)
    vendor = name.removesuffix("Store")
    assert store.DataCls is getattr(bt.feeds, f"{vendor}Data")
    assert store.BrokerCls is getattr(bt.brokers, f"{vendor}Broker")
    for make in (store.getdata, store.getbroker):
        with pytest.raises(BacktraderError, match=VENDOR_OF[name[:2]]):
            make(dataname="EUR")


def test_parameters_and_constants_can_be_read() -> None:
    assert bt.feeds.IBData.params.sectype == "STK"
    assert bt.feeds.IBData.params.qcheck == 0.5
    assert bt.stores.IBStore.params.port == 7496
    assert bt.feeds.OandaData.params.backfill_from is None
    assert bt.brokers.OandaBroker.params.use_positions is True
    assert bt.brokers.IBBroker.FILLED == "Filled"
    assert (bt.TimeFrame.Seconds, 5) == bt.feeds.IBData.RTBAR_MINSIZE


def test_code_that_derives_from_them_loads() -> None:
    class Mine(bt.feeds.OandaData):
        params = (("useask", True),)

        def _load(self) -> bool:
            return False

    assert issubclass(Mine, bt.DataBase)
    assert Mine.params.useask is True
    assert Mine.params.bidask is True


def test_methods_have_their_signatures_and_refuse() -> None:
    method = bt.stores.IBStore.makecontract
    assert list(inspect.signature(method).parameters)[1:4] == ["symbol", "sectype", "exch"]
    assert inspect.signature(bt.brokers.VCBroker.buy).parameters["tradeid"].default == 0
    with pytest.raises(BacktraderError, match=r"IBStore\.makecontract\(\) connects to Interactive Brokers"):
        method(None, "EUR")


def test_errors_can_be_caught() -> None:
    oanda = importlib.import_module("backtrader.stores.oandastore")
    with pytest.raises(oanda.OandaRequestError):
        raise oanda.OandaRequestError("no")
    assert str(oanda.OandaTimeFrameError("5 days")) == "5 days"
    assert str(oanda.OandaStreamError()) == ""
    assert issubclass(oanda.OandaNetworkError, BacktraderError)


@pytest.mark.parametrize("package", ["feeds", "stores", "brokers"])
def test_costs_and_other_names(package: str) -> None:
    ib = importlib.import_module("backtrader.brokers.ibbroker")
    info = ib.IBCommInfo(mult=1.0)
    assert (info.getvaluesize(-3, 2.0), info.getoperationcost(-3, 2.0)) == (6.0, 6.0)
    with pytest.raises(AttributeError, match=rf"module 'backtrader\.{package}' has no attribute 'Nothing'"):
        getattr(bt, package).Nothing


def test_nothing_of_it_is_loaded_by_importing_backtrader() -> None:
    code = "import sys, backtrader; print([m for m in sys.modules if 'vendors' in m])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_signatures_as_they_are_written() -> None:
    made = signature_of("self, a, b=None, c='x', *args, **kwargs")
    assert str(made) == "(self, a, b=None, c='x', *args, **kwargs)"
