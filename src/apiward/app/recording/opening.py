"""Opens the store of a guard for a command, and tells what is wrong with it in words that help."""

import contextlib
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from sqlalchemy import Engine
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from apiward.app.guarding.place import Place
from apiward.app.guarding.rules_in_use import rules_in_use
from apiward.app.guarding.upkeep import SPOOL, store_url
from apiward.config.errors import AdvisedError
from apiward.config.guarding import GuardConfig
from apiward.stores.events.database import bring_up_to_date, file_of, open_database
from apiward.stores.events.draining import Drain, Turn
from apiward.stores.events.keeping import NewerStoreError, StoreAwayError
from apiward.stores.events.segments import SUFFIX
from apiward.stores.events.storing import SqlEvents
from apiward.stores.private import give_to_owner

FIRST_S: Final = 3.0
"""So long is waited for the store of a guard that runs and has none yet."""
_STEP_S: Final = 0.05


class StoreError(AdvisedError):
    """The store cannot be used for what was asked."""


@dataclass(frozen=True, slots=True)
class Store:
    """The store of one guard, which may be running."""

    folder: Path
    base: Path
    config: GuardConfig
    engine: Engine

    @classmethod
    @contextlib.contextmanager
    def opened(cls, place: Place, config: GuardConfig, *, is_new: bool = False) -> Iterator[Self]:
        """Give the store, brought up to date; raises AdvisedError where it cannot be used, or where there is none.

        What waits in the spool is stored first, where no guard runs that does it. With `is_new`, a store that is
        not there or damaged is no error: it is about to be put in place.
        """
        with told("be opened"):
            engine = open_database(store_url(place.data, config))
        try:
            path = file_of(engine)
            if not is_new:
                _catch_up(place.data, engine)
                _await_first(place.data, path)
            if path is not None and not path.exists() and not is_new:
                raise StoreError(
                    f"There is no store yet: {path} does not exist.",
                    "A guard makes it with its first request.",
                    "Start one with apiward guard, or name its settings with --config or its folder with --data.",
                )
            if not is_new or path is None:
                with told("be opened"):
                    bring_up_to_date(engine)
            yield cls(place.data, place.base, config, engine)
        finally:
            engine.dispose()

    @property
    def name(self) -> str:
        """What people call it: its file, or its address without a password."""
        return str(file_of(self.engine) or self.engine.url.render_as_string(hide_password=True))


def _catch_up(folder: Path, engine: Engine) -> None:
    """Store what waits. Where that fails, it waits on: what was asked for may work all the same."""
    spool = folder / SPOOL
    if not spool.exists():
        return
    with contextlib.suppress(StoreAwayError, OSError), Turn(spool) as turn:
        if turn.is_ours() and any(spool.glob(f"*{SUFFIX}")):
            _give_away(folder, engine)
            Drain(spool, SqlEvents(engine, time.time)).run()


def _await_first(folder: Path, path: Path | None) -> None:
    """Wait a moment for a guard that runs here: it makes its store a second after its first request."""
    ends_s = time.monotonic() + FIRST_S
    while path is not None and not path.exists() and rules_in_use(folder) and time.monotonic() < ends_s:
        time.sleep(_STEP_S)


def _give_away(folder: Path, engine: Engine) -> None:
    """Let a new database belong to whom the folder belongs: root may look before the guard has run as somebody else."""
    path = file_of(engine)
    if os.geteuid() == 0 and path is not None and not path.exists():
        bring_up_to_date(engine)
        give_to_owner(path, folder)


@contextlib.contextmanager
def told(what: str) -> Iterator[None]:
    """Turn what the database or the disk says into words: the store cannot `what`."""
    try:
        yield
    except DBAPIError as error:
        # Of the driver's error alone: that of SQLAlchemy holds the values.
        why = str(error.orig).partition("\n")[0][:200]
        raise StoreError(f"The store cannot {what}.", f"{why}.", _advice(why)) from error
    except (ArgumentError, NoSuchModuleError) as error:
        why = "Its address is no sqlite:/// and no postgresql+psycopg:// address."
        raise StoreError(f"The store cannot {what}.", why, "See database in [guard.events].") from error
    except ModuleNotFoundError as error:
        advice = "Install it: pip install 'apiward[postgresql]'"
        raise StoreError(f"The store cannot {what}.", f"{error.name} is not installed.", advice) from error
    except NewerStoreError as error:
        advice = "Run this with the apiward that made it, or a newer one."
        raise StoreError(f"The store cannot {what}.", f"{str(error).capitalize()}.", advice) from error
    except OSError as error:
        why = f"{error.strerror or error}."
        raise StoreError(f"The store cannot {what}.", why, "Run this as who runs the guard.") from error


def _advice(why: str) -> str:
    if "locked" in why:
        return "Another program holds it for long. Try again; if that does not help, see which one."
    if "malformed" in why or "not a database" in why:
        return "Put a backup in its place: apiward store restore FILE"
    return "Check that the database runs, and that this user may write it."
