"""What people see of their own way in, and owners of everybody's."""

from dataclasses import dataclass

from apiward.app.page.showing import moment, shown
from apiward.app.people.own import OwnDesk
from apiward.app.people.parts import PeopleParts, hash_of
from apiward.core.person import Person, Role


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A session in the list. `id` names it in forms; it opens nothing."""

    id: str
    browser: str
    address: str
    since: str
    seen: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Somebody in the list of people."""

    name: str
    role: str
    sessions: int
    has_password: bool
    has_step: bool


@dataclass(frozen=True, slots=True)
class OwnPage:
    """The page. `name` is empty for who came with a link; `links` are sessions that began with one, for owners."""

    name: str
    role: str
    has_step: bool
    codes_left: int
    sessions: tuple[SessionLine, ...]
    links: int
    people: tuple[PersonLine, ...]


def own_page(
    parts: PeopleParts, desk: OwnDesk, person: Person | None, session: str, *, role: Role, links: int
) -> OwnPage:
    """Return the page of who has this session. Raises OSError."""
    is_owner = role is Role.OWNER
    sessions: tuple[SessionLine, ...] = ()
    if person is not None:
        own = hash_of(session)
        sessions = tuple(
            SessionLine(
                one.id, shown(one.browser), shown(one.client), moment(one.made_s), moment(one.seen_s), one.id == own
            )
            for one in parts.open_sessions(person)
        )
    return OwnPage(
        person.name if person is not None else "",
        role.value,
        person is not None and bool(person.step),
        desk.codes_left(person) if person is not None else 0,
        sessions,
        links if is_owner else 0,
        tuple(_line(parts, one) for one in parts.people.listed()) if is_owner else (),
    )


def _line(parts: PeopleParts, one: Person) -> PersonLine:
    number = len(parts.open_sessions(one))
    return PersonLine(one.name, one.role.value, number, bool(one.password), bool(one.step))
