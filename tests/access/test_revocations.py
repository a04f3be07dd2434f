"""Revocations: by token, session or person, for as long as it matters, and bounded."""

import pytest

from apiward.access.revocations import RevocationList, mark, marks_of
from tests.access.making import NOW_S

SUB, JTI = mark("sub", "i", "ann"), mark("jti", "i", "7")


def test_marks() -> None:
    assert marks_of({"jti": "7", "sid": "s"}, "i", "ann") == ("jti|i|7", "sid|i|s", "sub|i|ann")
    assert marks_of({"jti": None}, "i", "ann") == ("sub|i|ann",)


def test_a_person_is_out_until_the_next_log_in() -> None:
    revoked = RevocationList()
    assert not revoked.is_revoked((SUB,), NOW_S, NOW_S)
    revoked.revoke(SUB, now_s=NOW_S, until_s=NOW_S + 100)
    assert revoked.is_revoked((SUB,), NOW_S, NOW_S + 1)
    assert not revoked.is_revoked((SUB,), NOW_S + 1, NOW_S + 1)
    assert not revoked.is_revoked((SUB,), NOW_S, NOW_S + 100)
    assert not revoked.is_revoked((mark("sub", "other", "ann"),), NOW_S, NOW_S + 1)


def test_a_token_is_out_whatever_it_says_of_its_time() -> None:
    revoked = RevocationList()
    revoked.revoke(JTI, now_s=NOW_S, until_s=NOW_S + 100)
    assert revoked.is_revoked((JTI,), NOW_S + 50, NOW_S + 60)
    revoked.restore(JTI)
    assert not revoked.is_revoked((JTI,), NOW_S, NOW_S)


def test_the_list_is_bounded_and_says_when_it_is_full() -> None:
    revoked = RevocationList(size=2)
    revoked.revoke("jti|i|1", now_s=NOW_S, until_s=NOW_S + 10)
    revoked.revoke("jti|i|2", now_s=NOW_S, until_s=NOW_S + 99)
    revoked.revoke("jti|i|2", now_s=NOW_S, until_s=NOW_S + 99)
    with pytest.raises(OverflowError):
        revoked.revoke("jti|i|3", now_s=NOW_S, until_s=NOW_S + 99)
    revoked.revoke("jti|i|3", now_s=NOW_S + 10, until_s=NOW_S + 99)
    assert set(revoked.entries) == {"jti|i|2", "jti|i|3"}
