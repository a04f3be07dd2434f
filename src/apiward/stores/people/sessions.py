"""Keeps the sessions of people at the page, by their hash. Raises StoreError, which is an OSError."""

from dataclasses import asdict
from typing import Final

from sqlalchemy import Engine, RowMapping, delete, insert, select, update

from apiward.core.person import PageSession
from apiward.stores.record.people_tables import PEOPLE_SESSIONS
from apiward.stores.watching.reaching import Reach

MOST: Final = 50
"""Whole sessions of one person at the same time, and as many that wait for the second step; of more, the oldest go."""
_S: Final = PEOPLE_SESSIONS.c


class SessionStore:
    """Works on the sessions of one store."""

    def __init__(self, engine: Engine) -> None:
        self._reach = Reach(engine)

    def add(self, session: PageSession, *, idle_s: float) -> None:
        """Keep a new one. Those that have ended are removed, and the oldest ones of who has too many.

        Whole ones make room for whole ones only: who has the password alone ends no session of who has both.
        """
        now_s = session.made_s
        same = (_S.person == session.person, _S.is_whole == session.is_whole)
        mine = select(_S.seq).where(*same).order_by(_S.seq.desc())
        with self._reach.writing() as connection:
            connection.execute(delete(PEOPLE_SESSIONS).where((_S.until_s <= now_s) | (_S.seen_s <= now_s - idle_s)))
            older = [seq for (seq,) in connection.execute(mine.offset(MOST - 1))]
            if older:
                connection.execute(delete(PEOPLE_SESSIONS).where(_S.seq.in_(older)))
            connection.execute(insert(PEOPLE_SESSIONS), asdict(session))

    def get(self, id_: str) -> PageSession | None:
        """Return the session of that hash."""
        with self._reach.reading() as connection:
            row = connection.execute(select(PEOPLE_SESSIONS).where(_S.id == id_)).mappings().first()
        return _session(row) if row is not None else None

    def see(self, session: PageSession, now_s: float) -> None:
        """Note when it was last used."""
        with self._reach.writing() as connection:
            connection.execute(update(PEOPLE_SESSIONS).where(_S.id == session.id).values(seen_s=now_s))

    def of(self, person: str, now_s: float, *, idle_s: float) -> list[PageSession]:
        """Return the sessions of somebody that are whole and go on, the newest first."""
        goes_on = (_S.person == person, _S.is_whole, _S.until_s > now_s, _S.seen_s > now_s - idle_s)
        with self._reach.reading() as connection:
            query = select(PEOPLE_SESSIONS).where(*goes_on).order_by(_S.seq.desc()).limit(MOST)
            return [_session(row) for row in connection.execute(query).mappings()]

    def end(self, id_: str) -> bool:
        """End one; return whether there was one. Of two who end it at once, one has done it."""
        with self._reach.writing() as connection:
            return connection.execute(delete(PEOPLE_SESSIONS).where(_S.id == id_)).rowcount == 1

    def end_all(self, person: str, *, but: str = "") -> int:
        """End all of somebody, but perhaps one; return how many."""
        with self._reach.writing() as connection:
            mine = (_S.person == person, _S.id != but)
            return connection.execute(delete(PEOPLE_SESSIONS).where(*mine)).rowcount


def _session(row: RowMapping) -> PageSession:
    return PageSession(**{name: row[name] for name in PageSession.__slots__})
