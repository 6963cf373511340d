"""The ways a scenario is run: arguments of ``Cerebro.run`` and whether the strategy is wrapped."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Mode:
    """One way to run: keyword arguments for ``run`` and how much is watched.

    ``watch`` False leaves user classes alone, so that an engine which skips hooks that
    nobody overrides is seen doing so; only what is readable after the run is compared.
    """

    name: str
    run: dict[str, Any] = field(default_factory=dict)
    watch: bool = True


_MODES = [
    Mode("default"),
    Mode("quiet", watch=False),
    Mode("runonce=False", {"runonce": False}),
    Mode("preload=False", {"preload": False}),
    Mode("exactbars=1", {"exactbars": 1}),
    Mode("exactbars=-1", {"exactbars": -1}),
    Mode("exactbars=-2", {"exactbars": -2}),
]
MODES: dict[str, Mode] = {mode.name: mode for mode in _MODES}
# Names a scenario may use for several modes at once.
GROUPS: dict[str, tuple[str, ...]] = {
    "batch": ("default", "quiet"),
    "bounded": ("exactbars=1", "exactbars=-1", "exactbars=-2"),
    "stepped": ("runonce=False", "preload=False", "exactbars=1", "exactbars=-1", "exactbars=-2"),
    "all": tuple(MODES),
}


def spread(table: dict[str, str]) -> dict[str, str]:
    """The same table with group names replaced by their modes."""
    return {mode: reason for name, reason in table.items() for mode in GROUPS.get(name, (name,))}
