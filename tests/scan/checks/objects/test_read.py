"""OBJ01 against small APIs: whose objects may a stranger read."""

import pytest

from apiward.scan.checks.objects.read import CHECK
from tests.scan.checks.judged import broken_at, looked_at
from tests.scan.checks.objects.shapes import below_parents, orders, people, remote_calls, served, shelf
from tests.scan.small_api import Case

TRIGGERS: tuple[Case, ...] = (
    *((f"{ids} ids", shelf(ids=ids, weak=["read"])) for ids in ("integer", "uuid", "slug", "base64")),
    *((f"made with {a} answer", shelf(answer=a, weak=["read"])) for a in ("id", "wrapped", "nothing", "location")),
    *((f"no list, {a} answer", shelf(lists="", answer=a, weak=["read"])) for a in ("record", "wrapped", "location")),
    ("title listed to all, text is not", shelf(lists="all", brief=("id", "title"), weak=["read"])),
    ("failures with 200", served(weak=True, fails_with_200=True)),
    ("everything inside data", served(weak=True, nest="data")),
    ("form log-in", served(weak=True, uses_form=True)),
    ("another prefix", served(weak=True, prefix="Token ")),
    ("log-in by e-mail, nothing shows who is logged in", served(weak=True, log_in_by="email", shows_me=False)),
    ("objects without text", orders(weak=True)),
    ("objects without text, id in Location", orders(weak=True, answer="location")),
    ("identifier in the query", remote_calls("slashes", weak=True)),
    ("verbs in names", remote_calls("camel", weak=True)),
    ("verbs in paths, id only in the list", remote_calls("verbs", weak=True)),
    ("read by POST", remote_calls("slashes", weak=True, reads_by_post=True)),
    ("below parents", below_parents(weak=True)),
    ("accounts by id", people(weak=True)),
    ("accounts by name", people(weak=True, by="username")),
    ("accounts, names are listed", people(weak=True, shows="names")),
    ("customers by id", people(weak=True, noun="customers")),
)
SILENT: tuple[Case, ...] = (
    *((f"{ids} ids", shelf(ids=ids)) for ids in ("integer", "uuid", "slug", "base64")),
    ("no list", shelf(lists="")),
    ("listed to all", shelf(lists="all", weak=["read"])),
    ("open to everybody", shelf(lists="all", weak=["read", "anonymous"], secured=False)),
    ("open to everybody, no list", shelf(lists="", weak=["anonymous"], secured=False)),
    ("failures with 200", served(weak=False, fails_with_200=True)),
    ("failures with 200, nested", served(weak=False, fails_with_200=True, nest="result")),
    ("objects without text", orders(weak=False)),
    ("objects without text, listed to all", orders(weak=True, lists="all")),
    ("identifier in the query", remote_calls("slashes", weak=False)),
    ("verbs in paths", remote_calls("verbs", weak=False)),
    ("read by POST", remote_calls("slashes", weak=False, reads_by_post=True)),
    ("below parents", below_parents(weak=False)),
    ("accounts by id", people(weak=False)),
    ("accounts by name, public by design", people(weak=False, by="username", shows="public")),
)


@pytest.mark.parametrize("case", TRIGGERS, ids=lambda case: case[0])
def test_finds_what_strangers_may_read(case: Case) -> None:
    assert broken_at(case[1], CHECK)


@pytest.mark.parametrize("case", SILENT, ids=lambda case: case[0])
def test_is_silent_where_strangers_are_kept_out_or_all_are_let_in(case: Case) -> None:
    assert not broken_at(case[1], CHECK)
    assert looked_at(case[1], CHECK)
