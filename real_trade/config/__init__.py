"""Settings and secrets.  ``load`` reads them; pydantic is imported when it does."""

from typing import TYPE_CHECKING, Any

from .credentials import read_secrets, write_secrets
from .load import load
from .secret import Secret

if TYPE_CHECKING:
    from .schema import AccountSettings, GlobalConfig, LimitSettings, StorageSettings

__all__ = [
    "AccountSettings", "GlobalConfig", "LimitSettings", "Secret", "StorageSettings", "load", "read_secrets",
    "write_secrets",
]  # fmt: skip

_LAZY = ("AccountSettings", "GlobalConfig", "LimitSettings", "StorageSettings")


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        from . import schema

        return getattr(schema, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
