"""Looks at this computer: Python, room on the disk, certificates, parts that may be missing."""

import importlib.util
import platform
import shlex
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from cryptography import x509

from apiward.app.doctoring.model import FILE, Sight, State, sight
from apiward.app.guarding.place import Place
from apiward.catalogue.texts import load_texts
from apiward.config.guarding import GuardConfig
from apiward.config.names import FILE_NAME
from apiward.config.page import PageConfig
from apiward.stores.upkeep.room import free_bytes

EXTRAS: Final = {"weasyprint": "pdf", "psycopg": "postgresql", "apprise": "apprise"}
"""Packages that not everybody needs, and the extra that brings each."""
SOON_DAYS: Final = 14
MEGABYTE: Final = 1_000_000
MAX_PEM: Final = 1_048_576


def look_at_python() -> Sight:
    """Return which Python this is: an older one than we need could not have come so far."""
    return sight("python", "good", State.GOOD, version=platform.python_version())


def look_at_room(data: Path, least_mb: int, free: Callable[[Path], int] = free_bytes) -> Sight:
    """Return how much may still be written where the data is, or will be."""
    near = next((one for one in (data, *data.absolute().parents) if one.is_dir()), Path("/"))
    megabytes = free(near) // MEGABYTE
    is_enough = megabytes >= least_mb
    return sight("room", "good" if is_enough else "little", State.GOOD if is_enough else State.BROKEN, free=megabytes)


def look_at_parts(is_there: Callable[[str], bool] = lambda name: importlib.util.find_spec(name) is not None) -> Sight:
    """Return which parts are not installed."""
    missing = [name for name in EXTRAS if not is_there(name)]
    if not missing:
        return sight("parts", "good", State.GOOD)
    texts = load_texts(FILE)
    what = ", ".join(texts.said(f"part.{name}") for name in missing)
    return sight("parts", "missing", State.LATER, what=what, extra=EXTRAS[missing[0]])


def look_at_certificates(config: GuardConfig, page: PageConfig, place: Place, now_s: float) -> Iterator[Sight]:
    """Yield for how long the certificates of the guard and of the page count, where they have one."""
    yield from _certificate("certificate", config.tls.certificate_file, place, now_s)
    yield from _certificate("page-certificate", page.certificate_file, place, now_s)


def _certificate(part: str, name: str, place: Place, now_s: float) -> Iterator[Sight]:
    if not name:
        return
    try:
        with (place.base / name).open("rb") as file:
            ends = [one.not_valid_after_utc for one in x509.load_pem_x509_certificates(file.read(MAX_PEM))]
    except (OSError, ValueError) as error:
        why = (error.strerror if isinstance(error, OSError) else str(error)) or "it is no certificate"
        settings = shlex.quote(str(place.file or FILE_NAME))
        yield sight(part, "broken", State.BROKEN, file=name, why=f"{why}.", settings=settings)
        return
    days = (min(ends) - datetime.fromtimestamp(now_s, UTC)).days
    if days < 0:
        yield sight(part, "over", State.BROKEN, file=name, days=-days)
    elif days < SOON_DAYS:
        yield sight(part, "soon", State.MISSING, file=name, days=days)
    else:
        yield sight(part, "good", State.GOOD, file=name, days=days)
