from apiward.app.learners import digester, kinds_of


def test_identifiers_are_no_sensitive_data() -> None:
    assert kinds_of("email", "anna@mail.example") == {"email"}
    assert kinds_of("id", "0b9c1f38-3c5b-4f53-9c1b-0a6b6f2a7d11") == frozenset()


def test_digests_tell_nothing_without_the_key() -> None:
    assert digester(b"k" * 32)("a") == digester(b"k" * 32)("a") != digester(b"o" * 32)("a")
    assert 0 <= digester(b"k" * 32)("\ud800") < 2**48
