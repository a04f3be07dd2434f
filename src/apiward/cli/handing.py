"""What scans know of objects goes to the guard of the same API: at its start, or after a scan to one that has run."""

from collections.abc import Iterable
from pathlib import Path

from apiward.app.guarding.log import log
from apiward.app.guarding.place import Place
from apiward.app.guarding.seeding import hand_over, has_run
from apiward.cli.speaking import say
from apiward.cli.state import State
from apiward.config.errors import AdvisedError
from apiward.config.guarding import GuardConfig, load_guard
from apiward.core.objects import KnownObject


def tell_guard(place: Place, config: GuardConfig, state: State, now_s: float) -> None:
    """Hand what scans left in the API to a guard that is about to start. It starts without, too."""
    try:
        count = hand_over(place, config, _left(_addresses(config), state, now_s), now_s)
    except OSError as error:
        log("What scans know of objects cannot be handed over.", level="warning", why=str(error.strerror))
        return
    if count:
        log("It is known whose the objects are that scans have made.", objects=count)


def tell_running_guard(config_path: str, state: State, now_s: float) -> None:
    """Hand what scans left to the guard whose settings name their API, where one has run; it may run now."""
    try:
        config = load_guard(Path(config_path)) if config_path else GuardConfig()
        place = Place.of(Path(config_path) if config_path else None, config)
        if not has_run(place):
            return
        count = hand_over(place, config, _left(_addresses(config), state, now_s), now_s)
    except (AdvisedError, OSError):
        return  # a scan is no place to complain of a guard: it is told at its next start
    if count:
        many = "1 object" if count == 1 else f"{count} objects"
        say(f"The guard knows now whose the {many} are that scans have made.")


def _addresses(config: GuardConfig) -> list[str]:
    """Return where the APIs behind a guard are."""
    further = [address for one in config.upstreams for address in one.servers]
    return [address for address in (config.upstream, *further) if address]


def _left(addresses: Iterable[str], state: State, now_s: float) -> dict[float, list[KnownObject]]:
    found: dict[float, list[KnownObject]] = {}
    for address in addresses:
        for at_s, objects in state.objects_at(address, now_s).items():
            found.setdefault(at_s, []).extend(objects)
    return found
