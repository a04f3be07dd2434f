"""Which store a command works on, as its parameters say."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from apiward.app.guarding.place import Place
from apiward.app.recording.opening import Store
from apiward.cli.guarding import settings
from apiward.config.errors import AdvisedError
from apiward.config.guarding import GuardConfig


def place_of(given: Mapping[str, object]) -> tuple[Place, GuardConfig]:
    """Return the place of the guard that is meant, and its settings. Raises AdvisedError."""
    file, config = settings(given)
    place = Place.of(file, config)
    data = given.get("data")
    return (replace(place, data=Path(str(data))) if data else place), config


@contextmanager
def opened(given: Mapping[str, object]) -> Iterator[Store]:
    """Give the store that is meant. Raises AdvisedError."""
    place, config = place_of(given)
    with Store.opened(place, config) as store:
        yield store


@contextmanager
def usable() -> Iterator[None]:
    """Tell a store that fails in the middle of the work, in words that help. Raises AdvisedError."""
    try:
        yield
    except OSError as error:
        raise AdvisedError("The store cannot be used now.", f"{error}.", "Look whether the database runs.") from error


def texts(given: Mapping[str, object], name: str) -> tuple[str, ...]:
    """Return the values of an option that may be repeated."""
    found = given.get(name)
    return tuple(map(str, found)) if isinstance(found, tuple) else ()
