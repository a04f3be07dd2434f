from apiward.access.people.hashing import PasswordHashes

FAST = PasswordHashes(memory_kib=8, passes=1)


def test_a_password_is_known_by_its_hash_alone_however_it_is_typed() -> None:
    kept = FAST.made("grün Kamel orbit")
    assert kept.startswith("$argon2id$")
    assert kept != FAST.made("grün Kamel orbit")
    assert FAST.is_right(kept, "gru\u0308n Kamel orbit")
    assert not FAST.is_right(kept, "grun Kamel orbit")


def test_nothing_kept_is_never_right() -> None:
    for kept in ("", "no hash", "$argon2id$v=19$m=8,t=1,p=1$broken"):
        assert not FAST.is_right(kept, "")


def test_hashes_of_other_values_are_old() -> None:
    kept = FAST.made("grün Kamel orbit")
    assert not FAST.is_old(kept)
    assert PasswordHashes().is_old(kept)
    assert PasswordHashes().is_right(kept, "grün Kamel orbit")
