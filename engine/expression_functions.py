"""The functions every expression may call, whatever the domain adds.

None of them can build anything larger than what it is given.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any


def _number(value: float, decimals: int = 0) -> float:
    """Round half to even; `decimals` is bounded since 10 ** decimals is worked out on the way."""
    if not -15 <= decimals <= 15:
        raise ValueError("decimals")
    return round(value, decimals) if decimals > 0 else int(round(value, decimals))


def _sum(values: Sequence[float]) -> float:
    if not all(isinstance(value, int | float) for value in values):
        raise TypeError("sum")
    return sum(values)


def _int(value: str | float) -> int:
    if isinstance(value, str) and len(value) > 18:
        raise ValueError("int")
    return int(value)


def _text(value: str | float | None) -> str:
    if isinstance(value, list | tuple | Mapping):
        raise TypeError("str")
    return str(value)


def _get(values: Mapping[str, Any], name: str, otherwise: Any = None) -> Any:
    """`values[name]`, or `otherwise` where there is none: for answers that are optional."""
    return values[name] if isinstance(values, Mapping) and name in values else otherwise


BUILTINS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "abs": abs,
        "all": all,
        "any": any,
        "bool": bool,
        "float": float,
        "get": _get,
        "int": _int,
        "len": len,
        "max": max,
        "min": min,
        "round": _number,
        "sorted": sorted,
        "str": _text,
        "sum": _sum,
    }
)
