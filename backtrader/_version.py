"""The version, in the one place everything else reads it from."""

__all__ = ["__btversion__", "__version__"]

__version__ = "2.0.0.dev0"

#: Upstream's second form of it: the leading numbers, to compare.
__btversion__ = tuple(int(part) for part in __version__.split(".") if part.isdigit())
