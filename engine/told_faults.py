"""What a database says of a failure, without the values that it quotes.

PostgreSQL tells the values of the row that was turned away, which may be somebody's personal
number: in lines of their own (DETAIL, CONTEXT), and for what it couldn't read in the first one.
Whatever is shown or logged of an error is its text, so that is where they are cut off.
"""

from __future__ import annotations

from typing import Any

# By the first two signs of SQLSTATE: those whose first line names tables, columns, constraints
# and the server's own troubles, and no values.
_QUIET = frozenset({"08", "23", "25", "28", "40", "42", "53", "55", "57", "58"})
_SYNTAX_ERROR = "42601"  # quotes what it stumbled on


def cut(error: Any) -> None:
    """Let the driver's error tell no values; what SQLite says holds none."""
    state = getattr(error, "sqlstate", None)
    if state:
        primary = error.diag.message_primary
        tells = primary and state[:2] in _QUIET and state != _SYNTAX_ERROR
        error.args = (primary if tells else f"SQLSTATE {state}",)


def cut_in_context(context: Any) -> None:
    """The same where SQLAlchemy has put the text in its own error already."""
    known = str(context.original_exception)
    cut(context.original_exception)
    wrapped = context.sqlalchemy_exception
    if wrapped is not None:
        told = str(context.original_exception)
        # It may have been told long before, and heard of only now.
        wrapped.statement = getattr(context.original_exception, "statement", wrapped.statement)
        wrapped.args = tuple(str(part).replace(known, told) for part in wrapped.args)
