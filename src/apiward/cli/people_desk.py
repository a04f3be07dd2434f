"""What `apiward people` does: a link goes to stdout and nowhere else, all talk to stderr."""

import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from apiward.app.guarding.telling import who
from apiward.app.page.links import public_address
from apiward.app.page.listening import planned_place
from apiward.app.page.source import PageSource, opened_source
from apiward.app.people.desk import PeopleDesk
from apiward.app.people.parts import people_of
from apiward.cli.columns import in_columns
from apiward.cli.exits import ExitCode
from apiward.cli.speaking import say, write_out
from apiward.cli.state import state_of
from apiward.cli.store_places import place_of, usable
from apiward.core.person import Person, Role

SCHEMA: Final = "apiward.people/1"
_COLUMNS: Final = ("name", "role", "password", "second step", "sessions")


def add_person(given: Mapping[str, object]) -> int:
    """Add somebody; the link goes to stdout. Raises AdvisedError."""
    with _desk(given) as (desk, source):
        person, secret = desk.add(str(given["name"]), Role(str(given["role"])))
        _give(source, person, secret)
        say(f"{person.name} may log in as {person.role.value}, once a password is chosen with this link.")
    return ExitCode.HOLDS


def reset_person(given: Mapping[str, object]) -> int:
    """Give somebody a new link, which goes to stdout. Raises AdvisedError."""
    with _desk(given) as (desk, source):
        person, secret = desk.reset(str(given["name"]), with_step=bool(given.get("second_step")))
        _give(source, person, secret)
        kept = "" if not person.step else " The second step stays; --second-step takes it back, too."
        say(f"The password of {person.name} works no more, and all sessions have ended.{kept}")
    return ExitCode.HOLDS


def change_role(given: Mapping[str, object]) -> int:
    """Give somebody another role. Raises AdvisedError."""
    with _desk(given) as (desk, _):
        person = desk.set_role(str(given["name"]), Role(str(given["role"])))
    say(f"{person.name} is {person.role.value} now.")
    return ExitCode.HOLDS


def remove_person(given: Mapping[str, object]) -> int:
    """Remove somebody. Raises AdvisedError."""
    with _desk(given) as (desk, _):
        person = desk.remove(str(given["name"]))
    say(f"{person.name} may not log in any more, and all sessions have ended.")
    return ExitCode.HOLDS


def list_people(given: Mapping[str, object]) -> int:
    """List all. Raises AdvisedError."""
    with _desk(given) as (desk, _):
        found = desk.listed()
    if given.get("form") == "json":
        people = [_entry(person, sessions) for person, sessions in found]
        write_out(json.dumps({"schema": SCHEMA, "people": people}, indent=2) + "\n")
    elif found:
        write_out("".join(f"{line}\n" for line in in_columns(_COLUMNS, (_row(*one) for one in found))))
    else:
        say("Nobody can log in. Add somebody: apiward people add NAME")
    return ExitCode.HOLDS


@contextmanager
def _desk(given: Mapping[str, object]) -> Iterator[tuple[PeopleDesk, PageSource]]:
    place, config = place_of(given)
    with opened_source(place, config, state_of(os.environ), by=who(), clock=time.time) as source, usable():
        yield PeopleDesk(people_of(source)), source


def _give(source: PageSource, person: Person, secret: str) -> None:
    address = public_address(source.place.data) or _planned(source)
    write_out(f"{address}/welcome/{secret}\n")
    say(f"Give this link to {person.name} and to nobody else. It works once, for a day.")
    if not public_address(source.place.data):
        say("No page runs here now. Start it: apiward up")


def _planned(source: PageSource) -> str:
    """Return where the page will be, as the settings say it."""
    settings = source.settings().page
    return planned_place(settings.listen, settings, source.place.base).public


def _row(person: Person, sessions: int) -> tuple[str, ...]:
    password, step = ("yes" if there else "no" for there in (person.password, person.step))
    return (person.name, person.role.value, password, step, str(sessions))


def _entry(person: Person, sessions: int) -> dict[str, object]:
    return {
        "name": person.name,
        "role": person.role.value,
        "has_password": bool(person.password),
        "has_second_step": bool(person.step),
        "sessions": sessions,
    }
