"""The one metaclass: takes declared parameters out of the arguments and builds in a fixed order.

``__init__(self)`` of a strategy or an indicator takes no arguments although the class is called
with its parameters, its data and its plot options; only a metaclass' ``__call__`` can split them
plainly.  Building has five steps (``doprenew donew dopreinit doinit dopostinit``); third-party
metaclasses override them, classes of ours override the three ``_hooks`` of `Constructed`.
"""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from ..errors import FromModuleImportError, ModuleImportError, UnknownParameterError
from .owner import construction
from .params import AutoInfoClass, nearest

_UNEXPECTED = re.compile(r"unexpected keyword argument '(\w+)'")

Arguments = tuple[tuple[Any, ...], dict[str, Any]]


class MetaBase(type):
    """Five construction steps, each of which may change class, object and arguments."""

    def doprenew(cls, *args: Any, **kwargs: Any) -> tuple[Any, tuple[Any, ...], dict[str, Any]]:
        """Choose the class to build."""
        return cls, args, kwargs

    def donew(cls, *args: Any, **kwargs: Any) -> tuple[Any, tuple[Any, ...], dict[str, Any]]:
        """Make the bare object and take the arguments that ``__init__`` does not see."""
        return cls.__new__(cls, *args, **kwargs), args, kwargs  # type: ignore[arg-type]

    def dopreinit(cls, obj: Any, *args: Any, **kwargs: Any) -> tuple[Any, tuple[Any, ...], dict[str, Any]]:
        """Prepare the object for ``__init__``."""
        return obj, args, kwargs

    def doinit(cls, obj: Any, *args: Any, **kwargs: Any) -> tuple[Any, tuple[Any, ...], dict[str, Any]]:
        """Run ``__init__``."""
        try:
            obj.__init__(*args, **kwargs)
        except AttributeError as error:
            hint(error)
            raise
        except TypeError as error:
            frames = error.__traceback__
            # a frame below this one: the call was in order, and something inside of it was not
            if not (args or kwargs) or frames is None or frames.tb_next is not None:
                raise
            text = _left_over(cls, str(error), args, kwargs)
            if not text:
                raise
            raise UnknownParameterError(text) from None
        return obj, args, kwargs

    def dopostinit(cls, obj: Any, *args: Any, **kwargs: Any) -> tuple[Any, tuple[Any, ...], dict[str, Any]]:
        """Finish the object after ``__init__``."""
        return obj, args, kwargs

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        target, args, kwargs = cls.doprenew(*args, **kwargs)
        stack = construction()
        depth = len(stack)
        try:
            obj, args, kwargs = target.donew(*args, **kwargs)
            if len(stack) == depth:
                stack.append(obj)
            obj, args, kwargs = target.dopreinit(obj, *args, **kwargs)
            obj, args, kwargs = target.doinit(obj, *args, **kwargs)
            obj, args, kwargs = target.dopostinit(obj, *args, **kwargs)
        finally:
            del stack[depth:]
        return obj


def hint(error: BaseException) -> None:
    """Let an `AttributeError` about an object that knows its names say what may have been meant."""
    if isinstance(error, AttributeError) and not getattr(error, "__notes__", None) and error.name:
        meant = getattr(type(error.obj), "_meant", None)
        if meant is not None and not error.name.startswith("_"):
            error.add_note(meant(error.obj, error.name))


def _inherited(bases: Iterable[type], name: str, default: Any) -> Any:
    for base in bases:
        found = getattr(base, name, None)
        if isinstance(found, type):
            return found
    return default


class MetaParams(MetaBase):
    """Declared parameters: merged at class creation, split from the arguments at construction."""

    def __new__(mcls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **kwargs: Any) -> Any:
        namespace = dict(namespace)
        inherited = _inherited(bases, "params", AutoInfoClass)
        others = [base.params for base in bases[1:] if hasattr(base, "params")]
        namespace["params"] = inherited._derive(name, namespace.get("params", ()), others)
        for key in ("packages", "frompackages"):
            more = tuple(namespace.get(key, ()))
            for base in bases:
                more = tuple(getattr(base, key, ())) + more
            namespace[key] = more
        return super().__new__(mcls, name, bases, namespace, **kwargs)

    def donew(cls, *args: Any, **kwargs: Any) -> tuple[Any, tuple[Any, ...], dict[str, Any]]:
        """Make the object with its parameters; what is left of the arguments goes to ``__init__``."""
        if cls.packages or cls.frompackages:  # type: ignore[attr-defined]
            _import_packages(cls)
        declared = cls.params._pairs  # type: ignore[attr-defined]
        given = {key: kwargs.pop(key) for key in list(kwargs) if key in declared} if kwargs else {}
        new: Any = cls.__new__
        obj = new(cls) if new is object.__new__ else new(cls, *args, **kwargs)  # type: ignore[arg-type]
        obj.params = obj.p = cls.params(**given)  # type: ignore[attr-defined]
        take: Callable[..., Arguments] | None = getattr(obj, "_take_arguments", None)
        if take is not None:
            construction().append(obj)
            args, kwargs = take(args, kwargs)
        return obj, args, kwargs

    def dopreinit(cls, obj: Any, *args: Any, **kwargs: Any) -> tuple[Any, tuple[Any, ...], dict[str, Any]]:
        """Let the class prepare its object."""
        hook = getattr(obj, "_before_init", None)
        if hook is not None:
            hook()
        return obj, args, kwargs

    def dopostinit(cls, obj: Any, *args: Any, **kwargs: Any) -> tuple[Any, tuple[Any, ...], dict[str, Any]]:
        """Let the class finish its object."""
        hook = getattr(obj, "_after_init", None)
        if hook is not None:
            hook()
        return obj, args, kwargs


class ParamsBase(metaclass=MetaParams):
    """Base of everything that only needs declared parameters."""

    params: Any
    p: Any
    if TYPE_CHECKING:
        __new__: Any  # the metaclass takes the arguments: no ``__init__`` tells what a call may look like


def with_metaclass(meta: Any, *bases: type) -> Any:
    """A temporary base that turns into ``meta(name, bases, namespace)`` in the class statement."""

    class Intermediate(type):
        def __new__(mcls, name: str, _: Any, namespace: dict[str, Any]) -> Any:
            return meta(name, bases, namespace)

    return type.__new__(Intermediate, "temporary_class", (), {})


def findbases(kls: type, topclass: type) -> list[type]:
    """All bases of ``kls`` below ``topclass``, the most basic first."""
    found: list[type] = []
    for base in kls.__bases__:
        if issubclass(base, topclass):
            found.extend(findbases(base, topclass))
            found.append(base)
    return found


def _left_over(cls: type, said: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
    """What an argument that nobody takes may have been meant to be; empty if that is not the matter."""
    declared: Any = getattr(cls, "params", AutoInfoClass)
    found = _UNEXPECTED.search(said)
    if found is None and not (args and "positional argument" in said) and "takes exactly one" not in said:
        return ""
    if found is not None or kwargs:
        name = found.group(1) if found else next(iter(kwargs))
        return f"{cls.__name__} has no parameter {name!r}; " + nearest(name, declared._getkeys())
    names = [key for key in declared._getkeys() if not key.startswith("_")]
    known = f", as in {names[0]}={args[0]!r}; known: {', '.join(names)}" if names else "; it has none"
    return f"{cls.__name__}: {args[0]!r} is given without a name; parameters are given by name{known}"


def _import_packages(cls: Any) -> None:
    """Put declared packages into the modules of the class and its bases, once."""
    if "_packages_imported" in cls.__dict__:
        return
    for item in cls.packages:
        name, alias = (item, item) if isinstance(item, str) else item
        try:
            module = importlib.import_module(name)
        except ImportError as error:
            raise ModuleImportError(f"{cls.__name__} needs the package {name!r}: {error}", name) from error
        _publish(
            cls, alias.partition(".")[0] if alias == name else alias, module if alias != name else None, name
        )
    for package, names in cls.frompackages:
        for item in [names] if isinstance(names, str) else names:
            name, alias = (item, item) if isinstance(item, str) else item
            try:
                module = importlib.import_module(package)
            except ImportError as error:
                raise ModuleImportError(
                    f"{cls.__name__} needs the package {package!r}: {error}", package
                ) from error
            if not hasattr(module, name):
                raise FromModuleImportError(f"{cls.__name__} needs {name!r} from {package!r}", package, name)
            _publish(cls, alias, getattr(module, name), package)
    cls._packages_imported = True


def _publish(cls: Any, alias: str, value: Any, module_name: str) -> None:
    if value is None:
        value = sys.modules[module_name.partition(".")[0]]
    for kls in cls.__mro__:
        module = sys.modules.get(kls.__module__)
        if module is not None and isinstance(kls, MetaParams):
            setattr(module, alias, value)
