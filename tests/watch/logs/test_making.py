import tracemalloc
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.core.event import Event
from apiward.core.principal import PrincipalKind
from apiward.watch.logs.making import EventMaker, Meaning
from apiward.watch.logs.model import Entry

_ENTRY = Entry(1.0, "192.0.2.7", "", "GET", "/orders/17?card=4111111111111111", 200)


def digest(text: str) -> str:
    return f"h{sum(map(ord, text)):x}{len(text)}"


def meaning(**more: object) -> Meaning:
    return Meaning("access.log", digest, lambda peer, forwarded: forwarded or peer, **more)  # type: ignore[arg-type]  # the fields of each test


def made(*entries: Entry, **more: object) -> Sequence[Event]:
    maker = EventMaker(meaning(**more))
    return [maker.event(entry, f"id{number}") for number, entry in enumerate(entries)]


def test_values_of_the_query_are_never_kept() -> None:
    (event,) = made(_ENTRY)
    assert (event.path, event.operation, event.method, event.status) == ("/orders/17", "GET /orders/{id}", "GET", 200)
    assert "4111" not in repr(event)


def test_where_it_came_from_which_object_and_with_what() -> None:
    one, same, other = made(
        _ENTRY._replace(agent="curl/8.5.0", marks=(("country", "DE"),)),
        _ENTRY._replace(target="/orders/17/items"),
        _ENTRY._replace(target="/orders/18"),
    )
    assert dict(one.marks) == {
        "source": "access.log", "agent": "curl", "country": "DE", "number": "17",
        "object": digest("object\0/orders/17"),
    }  # fmt: skip
    assert dict(same.marks)["object"] == dict(one.marks)["object"]
    assert dict(other.marks)["object"] != dict(one.marks)["object"]


def test_only_what_answered_well_is_an_operation() -> None:
    probed, good, again = made(
        _ENTRY._replace(target="/wp-login.php", status=404), _ENTRY, _ENTRY._replace(target="/orders/9", status=404)
    )
    assert (probed.operation, probed.path) == ("", "/wp-login.php")
    assert (good.operation, again.operation) == ("GET /orders/{id}", "GET /orders/{id}")


def test_a_description_says_what_an_operation_is() -> None:
    known = {("GET", "/orders/17"): ("GET /orders/{orderId}", ("17",))}
    one, other = made(_ENTRY, _ENTRY._replace(target="/x"), match=lambda *asked: known.get(asked, ("", ())))
    assert (one.operation, dict(one.marks)["number"]) == ("GET /orders/{orderId}", "17")
    assert (other.operation, other.path) == ("", "/x")


def test_a_log_may_name_two_operations_for_one_path() -> None:
    one, other, none = made(_ENTRY._replace(operation="readOrder"), _ENTRY._replace(operation="peekOrder"), _ENTRY)
    assert (one.operation, other.operation, none.operation) == ("readOrder", "peekOrder", "GET /orders/{id}")


def test_an_operation_that_the_log_names_is_taken() -> None:
    (event,) = made(_ENTRY._replace(target="/pets/{petId}", operation="GET /pets/{petId}", status=404))
    assert event.operation == "GET /pets/{petId}"
    assert "object" not in dict(event.marks), "a template is no object"


@pytest.mark.parametrize(
    ("entry", "principal"),
    [
        (_ENTRY, "anonymous:"),
        (_ENTRY._replace(user="anna"), "user:anna"),
        (_ENTRY._replace(user="anna", named="42"), "user:42"),
        (_ENTRY._replace(token="Bearer abc"), f"token:{digest('token' + chr(0) + 'abc')}"),
        (_ENTRY._replace(user="x" * 500), f"user:{digest('name' + chr(0) + 'x' * 500)}"),
    ],
)
def test_who_calls(entry: Entry, principal: str) -> None:
    assert made(entry)[0].principal == principal


def test_a_token_is_kept_as_a_hash_alone_and_tells_the_session() -> None:
    one, named = made(_ENTRY._replace(token="Bearer s3cr3t"), _ENTRY._replace(named="7", token="s3cr3t"))
    assert "s3cr3t" not in repr((one, named))
    assert dict(one.marks)["session"] == dict(named.marks)["session"]
    assert named.principal == "user:7"


def test_names_may_be_of_keys_and_may_be_hidden() -> None:
    assert made(_ENTRY._replace(user="shop"), kind=PrincipalKind.KEY)[0].principal == "key:shop"
    assert (
        made(_ENTRY._replace(user="anna"), hides_names=True)[0].principal == f"user:{digest('name' + chr(0) + 'anna')}"
    )


def test_the_true_address_counts() -> None:
    assert made(_ENTRY._replace(forwarded="198.51.100.9"))[0].client == "198.51.100.9"


@pytest.mark.parametrize(
    ("status", "outcome"), [(200, "passed"), (403, "passed"), (502, "failed"), (499, "gone"), (0, "passed")]
)
def test_how_it_ended(status: int, outcome: str) -> None:
    assert made(_ENTRY._replace(status=status))[0].outcome == outcome


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("https://shop.example:443/a%20b?x=1#y", "/a b"),
        ("https://shop.example", "/"),
        ("*", "*"),
        ("", "/"),
        ("/a%0d%0aHTTP", "/a\ufffd\ufffdHTTP"),
        ("/\x1b[31m\u202e", "/\ufffd[31m\ufffd"),
    ],
)
def test_paths_are_one_harmless_line(target: str, path: str) -> None:
    assert made(_ENTRY._replace(target=target, status=404))[0].path == path


@given(values=st.lists(st.text(max_size=50), min_size=6, max_size=6), status=st.integers(0, 999))
def test_no_entry_hurts(values: list[str], status: int) -> None:
    client, user, method, target, agent, token = values
    (event,) = made(Entry(1.0, client, user, method, target, status, agent=agent, token=token))
    assert isinstance(event, Event)
    assert "\n" not in event.path + event.client + event.principal


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apiward.watch.logs.making._MOST_KEPT", 10)
    maker = EventMaker(meaning())
    for number in range(100):
        maker.event(Entry(1.0, f"c{number}", f"u{number}", "GET", f"/{number}x", 404, agent=f"a{number}"), "id")
    assert max(len(maker._places), len(maker._agents), len(maker._clients), len(maker._callers)) <= 10


_HOSTILE = "a\x1b]0;x\x07\x9b31m\u202e\nb"


@pytest.mark.parametrize(
    "field", ["client", "user", "method", "target", "agent", "forwarded", "named", "token", "operation"]
)
def test_no_text_of_a_log_line_steers_a_terminal(field: str) -> None:
    hostile = _ENTRY._replace(marks=(("country", _HOSTILE),))._replace(**{field: _HOSTILE * 50})  # type: ignore[arg-type]  # texts, all of them
    (event,) = made(hostile)
    texts = [event.client, event.principal, event.method, event.path, event.operation, *dict(event.marks).values()]
    texts += [text for one in event.rulings for text in (one.decision.place, one.decision.saw)]
    assert all(text.isprintable() for text in texts), texts
    assert all(len(text) <= 2_048 for text in texts)


def test_the_name_of_a_parameter_that_attacks_steers_no_terminal() -> None:
    (event,) = made(_ENTRY._replace(target="/a?x%1b[31m\x9b=1' union select password from users--"))
    (ruling,) = event.rulings
    assert ruling.decision.rule == "inspect.sql"
    assert ruling.decision.place.isprintable()


@pytest.mark.long
def test_many_long_texts_do_not_fill_the_memory() -> None:
    maker = EventMaker(meaning())
    tracemalloc.start()
    try:
        for number in range(2_000):
            long = f"{number}{'x' * 8_000}"
            maker.event(_ENTRY._replace(target=f"/{long}", agent=long, user=long, token=long, forwarded=long), "id")
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < 30_000_000
