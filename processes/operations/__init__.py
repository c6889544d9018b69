"""The named operations that diagrams call, gathered from the modules that declare them."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from types import MappingProxyType

from engine.host import Operation
from processes.operations.registry import Operations

__all__ = ["Operations", "all_operations"]


@cache
def all_operations() -> Mapping[str, Operation]:
    """Every operation by name; two of the same name is a mistake in the program."""
    found: dict[str, Operation] = {}
    for module in pkgutil.iter_modules(__path__):
        declared: Operations | None = getattr(
            import_module(f"{__name__}.{module.name}"), "operations", None
        )
        if declared is None:  # the one that says how they are declared
            continue
        if twice := found.keys() & declared.keys():
            raise ValueError(f"two operations {sorted(twice)}")
        found.update(declared)
    return MappingProxyType(found)
