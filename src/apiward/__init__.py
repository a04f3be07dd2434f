"""apiward: the API security team that a small business cannot hire."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from apiward.app.guarding.embedding import Guard as Guard

__version__ = "0.1.0"

__all__ = ["__version__"]

if not TYPE_CHECKING:  # to a type checker, any name would be there

    def __getattr__(name: str) -> object:
        """Load the guard when it is asked for: the command line must not pay for it."""
        if name == "Guard":
            return import_module("apiward.app.guarding.embedding").Guard
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
