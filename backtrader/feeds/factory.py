"""Objects that make feeds which share parameters."""

from __future__ import annotations

from typing import Any

from ..utils.construct import ParamsBase
from ..utils.owner import owning
from .base import DataBase, FeedOwner
from .csvbase import CSVDataBase


class FeedBase(ParamsBase, FeedOwner):
    """Makes feeds of ``DataCls`` with its own parameters as their defaults."""

    params: Any = DataBase.params._gettuple()

    DataCls: Any
    p: Any
    datas: list[Any]

    def __init__(self) -> None:
        self.datas = []

    def start(self) -> None:
        """Start all feeds made here."""
        for data in self.datas:
            data.start()

    def stop(self) -> None:
        """Stop all feeds made here."""
        for data in self.datas:
            data.stop()

    def getdata(self, dataname: Any, name: Any = None, **kwargs: Any) -> Any:
        """A feed for ``dataname``; keywords go before the parameters of this object."""
        with owning(self):
            data = self._getdata(**self._defaults(kwargs, dataname))
        data._name = name
        self.datas.append(data)
        return data

    def _defaults(self, kwargs: dict[str, Any], dataname: Any) -> dict[str, Any]:
        return {**self.p._getkwargs(), **kwargs, "dataname": dataname}

    def _getdata(self, dataname: Any, **kwargs: Any) -> Any:
        return self.DataCls(**self._defaults(kwargs, dataname))


class CSVFeedBase(FeedBase):
    """Makes feeds of files in the folder ``basepath`` (put before the name as it is)."""

    params: Any = (("basepath", ""), *CSVDataBase.params._gettuple())

    def _defaults(self, kwargs: dict[str, Any], dataname: Any) -> dict[str, Any]:
        values = super()._defaults(kwargs, dataname)
        values.pop("basepath", None)  # a parameter of ours, not of the feed's
        return values

    def _getdata(self, dataname: Any, **kwargs: Any) -> Any:
        return super()._getdata(self.p.basepath + dataname, **kwargs)
