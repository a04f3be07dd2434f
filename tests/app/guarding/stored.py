"""What a guard has stored, read after its end."""

from apiward.app.guarding.place import Place
from apiward.app.recording.opening import Store
from apiward.config.guarding import GuardConfig
from apiward.core.event import Event
from apiward.stores.events.reading import EventReader


def stored_events(place: Place) -> list[Event]:
    """Return all events, what waits in the spool with them."""
    with Store.opened(place, GuardConfig()) as store:
        return [one.event for one in EventReader(store.engine).events(limit=10_000)]
