"""Keeps who may log in at the page, and their recovery codes. Raises StoreError, which is an OSError."""

from collections.abc import Collection, Iterable
from dataclasses import asdict, replace
from typing import Any, Final

from sqlalchemy import Engine, RowMapping, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from apiward.core.person import Person, Role
from apiward.stores.record.people_tables import PEOPLE, PEOPLE_CODES, PEOPLE_SESSIONS
from apiward.stores.watching.reaching import Reach

MOST: Final = 1_000


class TakenError(Exception):
    """Somebody has that name already."""


class PeopleStore:
    """Works on the people of one store."""

    def __init__(self, engine: Engine) -> None:
        self._reach = Reach(engine)

    def add(self, person: Person) -> None:
        """Keep somebody new. Raises TakenError."""
        with self._reach.writing() as connection:
            try:
                connection.execute(insert(PEOPLE), _row(person))
            except IntegrityError:
                raise TakenError(person.name) from None

    def change(self, person: Person, **values: object) -> Person:
        """Keep other values of somebody, and return them."""
        after = replace(person, **values)  # type: ignore[arg-type] # by name
        self._update(after, values, PEOPLE.c.id == person.id)
        return after

    def change_proved(self, person: Person, **values: object) -> Person | None:
        """Do so for who has proved the password; None where it, or the second step, is another one by now."""
        same = (PEOPLE.c.id == person.id, PEOPLE.c.password == person.password, PEOPLE.c.step == person.step)
        after = replace(person, **values)  # type: ignore[arg-type] # by name
        return after if self._update(after, values, *same) else None

    def take_step(self, person: Person, step: int) -> bool:
        """Note that a code of this time step was taken; return whether it is the first of it or of a later one."""
        newer = (PEOPLE.c.id == person.id, PEOPLE.c.step_at < step)
        with self._reach.writing() as connection:
            return connection.execute(update(PEOPLE).where(*newer).values(step_at=step)).rowcount == 1

    def take_link(self, person: Person, password: str) -> bool:
        """Keep a password that was chosen with a link, which is used up; return whether it was there to be used."""
        same = (PEOPLE.c.id == person.id, PEOPLE.c.link == person.link, PEOPLE.c.link != "")
        with self._reach.writing() as connection:
            values = {"password": password, "link": "", "link_until_s": 0.0}
            return connection.execute(update(PEOPLE).where(*same).values(**values)).rowcount == 1

    def remove(self, person: Person) -> None:
        """Remove somebody, with all sessions and codes."""
        with self._reach.writing() as connection:
            connection.execute(delete(PEOPLE_SESSIONS).where(PEOPLE_SESSIONS.c.person == person.id))
            connection.execute(delete(PEOPLE_CODES).where(PEOPLE_CODES.c.person == person.id))
            connection.execute(delete(PEOPLE).where(PEOPLE.c.id == person.id))

    def named(self, name: str) -> Person | None:
        """Return who has that name."""
        return self._one(PEOPLE.c.name == name)

    def of(self, id_: str) -> Person | None:
        """Return who has that id."""
        return self._one(PEOPLE.c.id == id_)

    def with_link(self, link: str) -> Person | None:
        """Return who has the link with that hash."""
        return self._one(PEOPLE.c.link == link) if link else None

    def listed(self) -> list[Person]:
        """Return all, by name."""
        with self._reach.reading() as connection:
            query = select(PEOPLE).order_by(PEOPLE.c.name).limit(MOST)
            return [_person(row) for row in connection.execute(query).mappings()]

    def count(self) -> int:
        """Return how many there are."""
        with self._reach.reading() as connection:
            return int(connection.execute(select(func.count()).select_from(PEOPLE)).scalar_one())

    def put_codes(self, person: Person, codes: Iterable[str]) -> None:
        """Keep the hashes of these recovery codes, and no others of that person."""
        rows = [{"id": code, "person": person.id} for code in codes]
        with self._reach.writing() as connection:
            connection.execute(delete(PEOPLE_CODES).where(PEOPLE_CODES.c.person == person.id))
            if rows:
                connection.execute(insert(PEOPLE_CODES), rows)

    def take_code(self, person: Person, code: str) -> bool:
        """Use a recovery code up, given its hash; return whether it was one. Of two who use it at once, one has it."""
        same = (PEOPLE_CODES.c.id == code, PEOPLE_CODES.c.person == person.id)
        with self._reach.writing() as connection:
            return connection.execute(delete(PEOPLE_CODES).where(*same)).rowcount == 1

    def codes_left(self, person: Person) -> int:
        """Return how many recovery codes somebody has left."""
        query = select(func.count()).select_from(PEOPLE_CODES).where(PEOPLE_CODES.c.person == person.id)
        with self._reach.reading() as connection:
            return int(connection.execute(query).scalar_one())

    def _update(self, after: Person, names: Collection[str], *conditions: Any) -> bool:  # noqa: ANN401 - of SQLAlchemy
        row = {name: value for name, value in _row(after).items() if name in names}
        with self._reach.writing() as connection:
            return connection.execute(update(PEOPLE).where(*conditions).values(**row)).rowcount == 1

    def _one(self, condition: Any) -> Person | None:  # noqa: ANN401 - a condition of SQLAlchemy
        with self._reach.reading() as connection:
            row = connection.execute(select(PEOPLE).where(condition)).mappings().first()
        return _person(row) if row is not None else None


def _row(person: Person) -> dict[str, Any]:
    return {**asdict(person), "role": person.role.value}


def _person(row: RowMapping) -> Person:
    values = {name: row[name] for name in Person.__slots__}
    return Person(**{**values, "role": Role(row["role"])})
