"""apiward: the API security team that a small business cannot hire."""

__version__ = "0.1.0"

__all__ = ["__version__"]
