from pathlib import Path

from apiward.app.page.links import (
    MOST,
    Tickets,
    form_token,
    is_form_token,
    links_of,
    note_address,
    page_address,
    public_address,
    sessions_of,
)


def test_a_ticket_is_used_once_and_kept_as_a_hash_that_others_cannot_read(tmp_path: Path) -> None:
    links = links_of(tmp_path, lambda: 1_000.0)
    ticket = links.make()
    (kept,) = (tmp_path / "page" / "links").iterdir()
    assert ticket not in kept.name + kept.read_text()
    assert (kept.stat().st_mode & 0o777, kept.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert not sessions_of(tmp_path, lambda: 1_000.0).is_good(ticket)
    assert [links.use(ticket), links.use(ticket)] == [True, False]
    assert not links.use("../../apiward.toml")


def test_a_ticket_ends_and_one_of_another_clock_does_not_last_longer(tmp_path: Path) -> None:
    now = [1_000.0]
    links = Tickets(tmp_path, "links", lasts_s=10, clock=lambda: now[0])
    ticket = links.make()
    for at_s, is_good in ((1_009.0, True), (1_010.0, False), (900.0, False)):
        now[0] = at_s
        assert links.is_good(ticket) is is_good
    assert not links.use(ticket)


def test_of_many_tickets_the_oldest_go(tmp_path: Path) -> None:
    now = [0.0]
    links = Tickets(tmp_path, "links", lasts_s=1_000, clock=lambda: now[0])
    made = []
    for _ in range(MOST + 5):
        now[0] += 1
        made.append(links.make())
    assert len(list((tmp_path / "page" / "links").iterdir())) <= MOST
    assert (links.is_good(made[-1]), links.is_good(made[0])) == (True, False)


def test_a_form_token_belongs_to_its_session() -> None:
    assert is_form_token("a", form_token("a"))
    assert not is_form_token("a", form_token("b"))
    assert not is_form_token("a", "é")


def test_where_the_page_is_stands_there_while_it_runs(tmp_path: Path) -> None:
    assert page_address(tmp_path) == ""
    note_address(tmp_path, "http://127.0.0.1:8181")
    assert page_address(tmp_path) == "http://127.0.0.1:8181"
    (tmp_path / "page" / "address").write_text("http://127.0.0.1:8181 999999999")  # one that ended without a goodbye
    assert page_address(tmp_path) == ""
    note_address(tmp_path, "")
    assert not (tmp_path / "page" / "address").exists()
    assert list((tmp_path / "page").iterdir()) == []


def test_others_are_told_another_address_and_old_notes_none(tmp_path: Path) -> None:
    note_address(tmp_path, "https://127.0.0.1:8443", "https://page.shop.example")
    assert page_address(tmp_path) == "https://127.0.0.1:8443"
    assert public_address(tmp_path) == "https://page.shop.example"
    note_address(tmp_path, "http://127.0.0.1:8181")
    assert public_address(tmp_path) == "http://127.0.0.1:8181"
    (tmp_path / "page" / "address").write_text("http://127.0.0.1:8181")
    assert (page_address(tmp_path), public_address(tmp_path)) == ("", "")


def test_all_tickets_are_counted_and_ended(tmp_path: Path) -> None:
    sessions = sessions_of(tmp_path, lambda: 1_000.0)
    assert sessions.count() == 0
    made = [sessions.make() for _ in range(3)]
    assert sessions.count() == 3
    sessions.end_all()
    assert (sessions.count(), any(map(sessions.is_good, made))) == (0, False)
