"""What a description says of an operation, as text to be read: its name, its path, its words, its fields."""

from apiward.core.api import Operation, Place
from apiward.spec.meaning import naming


def spoken_name(operation: Operation) -> str:
    """Return path and operation id as one text of lower-case words joined by `-`; path words come first."""
    return "-".join(filter(None, (spoken(operation.path), own_name(operation))))


def spoken_path(operation: Operation) -> str:
    """Return the fixed part of the path as lower-case words joined by `-`."""
    return spoken(operation.path)


def spoken(path: str) -> str:
    """Return the fixed part of any path as lower-case words joined by `-`."""
    fixed = (part for part in naming.segments(path) if not naming.is_template(part))
    return "-".join(word for part in fixed for word in naming.words(part))


def own_name(operation: Operation) -> str:
    """Return the operation id as lower-case words joined by `-`, without the module that it may begin with."""
    return "-".join(naming.words((operation.operation_id or "").rpartition(".")[2]))


def prose(operation: Operation) -> str:
    """Return what the description says of the operation in words, in lower case."""
    return f"{operation.summary}. {operation.description} {' '.join(operation.tags)}".lower()[:2_000]


def field_names(operation: Operation) -> list[str]:
    """Return the names of all body fields and query parameters."""
    schema = operation.body_schema()
    names = [str(pointer[-1]) for pointer, _ in schema.fields() if pointer] if schema else []
    return names + [p.name for p in operation.parameters if p.place is Place.QUERY]
