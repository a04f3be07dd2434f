import hashlib
from base64 import b32decode
from collections.abc import Callable
from pathlib import Path

import pytest

from apiward.access.people.hashing import PasswordHashes
from apiward.access.people.pace import FREE, FREE_OF_ADDRESS
from apiward.access.people.passwords import lack_of
from apiward.access.people.second_step import step_secret
from apiward.app.people import door
from apiward.app.people.desk import PeopleDesk
from apiward.app.people.door import Door, From, NotLetInError
from apiward.app.people.own import OwnDesk
from apiward.app.people.parts import PeopleParts
from apiward.app.people.parts import people_of as people_from
from apiward.config.errors import AdvisedError
from apiward.core.one_time_codes import STEP_S, code_at
from apiward.core.person import Person, Role
from tests.web.made import HASHES, Shop, people_of, shop

PASSWORD = "grün Kamel orbit teapot"
HOME, BOT = From("198.51.100.7"), From("203.0.113.5")


def made(one: Shop) -> tuple[PeopleParts, Person]:
    """Add somebody with a password and a second step."""
    parts = people_of(one)
    person, secret = PeopleDesk(parts).add("anna", Role.OWNER)
    OwnDesk(parts).choose(secret, PASSWORD, PASSWORD)
    parts.people.change(person, step="salt")
    (chosen,) = parts.people.listed()
    return parts, chosen


def code(one: Shop, parts: PeopleParts, person: Person) -> str:
    """Return what the app shows now."""
    return code_at(step_secret(parts.key, person.id, "salt"), int(one.now[0]) // STEP_S)


def test_a_browser_that_was_let_in_before_is_known_and_a_new_password_ends_that(tmp_path: Path) -> None:
    with shop(tmp_path) as one:
        parts, person = made(one)
        entrance = Door(parts)
        half = entrance.log_in("anna", PASSWORD, HOME)
        assert (half.is_whole, half.known) == (False, "")
        whole = entrance.second_step(half.session, code(one, parts, person), HOME)
        known = From(BOT.address, known=whole.known)
        for _ in range(FREE):
            with pytest.raises(NotLetInError, match="wrong"):
                entrance.log_in("anna", "a guess", BOT)
        with pytest.raises(NotLetInError, match="slow"):
            entrance.log_in("anna", PASSWORD, BOT)
        assert entrance.log_in("anna", PASSWORD, known).session  # from the same address
        for forged in ("", "99999999999.", f"{whole.known}0", f"9{whole.known}", "x" * 200):
            with pytest.raises(NotLetInError, match="slow"):
                entrance.log_in("anna", PASSWORD, From(BOT.address, known=forged))
        parts.people.change(person, password=HASHES.made("another"))
        with pytest.raises(NotLetInError, match="slow"):
            entrance.log_in("anna", "another", known)


def test_who_has_the_password_does_not_guess_the_code_from_many_addresses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "MOST_CODES", 6)
    with shop(tmp_path) as one:
        parts, person = made(one)
        entrance = Door(parts)
        first = entrance.second_step(entrance.log_in("anna", PASSWORD, HOME).session, code(one, parts, person), HOME)
        for number in range(6):
            bot = From(f"203.0.113.{number}")
            half = entrance.log_in("anna", PASSWORD, bot)
            with pytest.raises(NotLetInError, match="wrong"):
                entrance.second_step(half.session, "000000", bot)
        one.now[0] += STEP_S
        right = code(one, parts, person)
        bot = From("203.0.113.99")
        with pytest.raises(NotLetInError, match="wrong"):
            entrance.second_step(entrance.log_in("anna", PASSWORD, bot).session, right, bot)
        known = From(HOME.address, known=first.known)
        assert entrance.second_step(entrance.log_in("anna", PASSWORD, known).session, right, known).is_whole


def test_an_older_hash_is_made_anew_at_the_next_log_in(tmp_path: Path) -> None:
    with shop(tmp_path) as one:
        parts, person = made(one)
        parts.people.change(person, step="")
        before = parts.people.of(person.id)
        slower = PeopleParts(parts.engine, parts.folder, parts.clock, type(HASHES)(memory_kib=16, passes=1))
        Door(slower).log_in("anna", PASSWORD, HOME)
        after = parts.people.of(person.id)
        assert before is not None
        assert after is not None
        assert "m=16," in after.password != before.password
        assert Door(parts).log_in("anna", PASSWORD, HOME).is_whole


def test_a_session_of_the_future_is_none(tmp_path: Path) -> None:
    with shop(tmp_path) as one:
        parts, person = made(one)
        parts.people.change(person, step="")
        entrance = Door(parts)
        session = entrance.log_in("anna", PASSWORD, HOME).session
        assert entrance.found(session) is not None
        one.now[0] -= 10  # the clock was set back
        assert entrance.found(session) is None
        assert entrance.found("") is None
        assert not entrance.waits(session)


class Meanwhile(PasswordHashes):
    """Judges a password, and somebody does something else before the answer is used."""

    def __init__(self, deed: Callable[[], object], *, passes: int = 1) -> None:
        super().__init__(memory_kib=8, passes=passes)
        self._deed = deed

    def is_right(self, kept: str, password: str) -> bool:
        """Return whether it is the password."""
        found = super().is_right(kept, password)
        self._deed()
        return found


@pytest.mark.parametrize("passes", [1, 2])  # with two, the hash is an old one that would be made anew
def test_a_password_that_is_taken_back_while_it_is_judged_opens_nothing(tmp_path: Path, passes: int) -> None:
    with shop(tmp_path) as one:
        parts, person = made(one)
        parts.people.change(person, step="")
        judged = Meanwhile(lambda: PeopleDesk(parts).reset("anna", with_step=False), passes=passes)
        late = PeopleParts(parts.engine, parts.folder, parts.clock, judged)
        with pytest.raises(NotLetInError, match="over"):
            Door(late).log_in("anna", PASSWORD, HOME)
        after = parts.people.of(person.id)
        assert after is not None
        assert (after.password, parts.open_sessions(after)) == ("", [])


def test_a_password_that_is_taken_back_meanwhile_changes_nothing(tmp_path: Path) -> None:
    fresh = "sieben Regen marble otter"
    with shop(tmp_path) as one:
        parts, person = made(one)
        judged = Meanwhile(lambda: PeopleDesk(parts).reset("anna", with_step=True))
        desk = OwnDesk(PeopleParts(parts.engine, parts.folder, parts.clock, judged))
        with pytest.raises(AdvisedError, match="meanwhile"):
            desk.change_password(person, "session", PASSWORD, fresh, fresh)
        OwnDesk(parts).choose(PeopleDesk(parts).reset("anna", with_step=True)[1], PASSWORD, PASSWORD)
        again = parts.people.of(person.id)
        assert again is not None
        shown = code_at(b32decode(desk.offer(again, "session").secret.replace(" ", "")), int(one.now[0]) // STEP_S)
        with pytest.raises(AdvisedError, match="meanwhile"):
            desk.set_up(again, "session", PASSWORD, shown)
        after = parts.people.of(person.id)
        assert after is not None
        assert (after.password, after.step, parts.people.codes_left(after)) == ("", "", 0)


def test_wrong_passwords_of_others_keep_nobody_from_a_change(tmp_path: Path) -> None:
    with shop(tmp_path) as one:
        parts, person = made(one)
        desk = OwnDesk(parts)
        for number in range(FREE_OF_ADDRESS):
            other, _ = PeopleDesk(parts).add(f"viewer{number}", Role.VIEWER)
            with pytest.raises(AdvisedError, match="is wrong"):
                desk.renew_codes(other, "a guess")
        assert desk.renew_codes(person, PASSWORD)


def test_a_copy_of_the_store_holds_nothing_that_opens(tmp_path: Path) -> None:
    with shop(tmp_path) as one:
        parts, person = made(one)
        half = Door(parts).log_in("anna", PASSWORD, HOME)
        codes = OwnDesk(parts).renew_codes(person, PASSWORD)
        one.source.engine.dispose()
        kept = b"".join(path.read_bytes() for path in parts.folder.glob("events.sqlite*"))
        plain = (PASSWORD, half.session, *(code.replace("-", "") for code in codes))
        for text in (*map(str.encode, plain), step_secret(parts.key, person.id, "salt")):
            assert text not in kept
        assert (parts.folder / "people.key").stat().st_mode & 0o777 == 0o600


def test_what_the_guards_file_of_stolen_passwords_holds_is_not_taken(tmp_path: Path) -> None:
    with shop(tmp_path) as one:
        hashes = sorted(hashlib.sha1(text.encode()).hexdigest().upper() for text in (PASSWORD, "another", "a third"))
        (tmp_path / "stolen.txt").write_text("\n".join(hashes) + "\n")
        settings = tmp_path / "apiward.toml"
        for name, is_taken in (("none.txt", True), ("stolen.txt", False)):
            settings.write_text(f'[guard.conduct]\nbreached_file = "{name}"\n')
            parts = people_from(one.source)
            assert (lack_of(PASSWORD, parts.words, parts.stolen) is None) is is_taken
