"""Connections to one vendor each, as upstream had them: the names are here, the connections are not.

Code that only names these classes loads; making an object of one says what to use instead.  Nothing
here is loaded by ``import backtrader``.
"""
