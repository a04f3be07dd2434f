import secrets

from apiward.access.people.codes import NUMBER, code_hash, new_codes, plain


def test_codes_are_fresh_and_can_be_typed_in_any_spelling() -> None:
    codes = new_codes(secrets.token_bytes)
    assert len(set(codes)) == len(codes) == NUMBER
    one = codes[0]
    assert {plain(one), plain(one.upper()), plain(one.replace("-", " ")), plain(f" {one} ")} == {one.replace("-", "")}
    assert {plain(text) for text in ("", "123456", f"{one}x", "é" * 16)} == {""}


def test_a_hash_needs_the_key_and_is_of_one_person() -> None:
    one = new_codes(secrets.token_bytes)[0]
    made = code_hash(b"key", "anna", one)
    assert made == code_hash(b"key", "anna", one.upper())
    assert made not in {code_hash(b"other", "anna", one), code_hash(b"key", "ben", one)}
    assert one.replace("-", "") not in made
