from apiward.classify.kinds import Kind
from apiward.guard.answers.caring import Care, Policy, is_person

STRICT = Policy()
LISTED = {"is_declared": True, "is_in_list": True}
ALONE = {"is_declared": True, "is_in_list": False}
UNKNOWN = {"is_declared": False, "is_in_list": False}
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0MiJ9.c2lnbmF0dXJl"


def test_passwords_and_hashes_never_leave() -> None:
    for name in ("password", "passwordHash", "hashed_password", "private_key"):
        assert STRICT.promised(name, **ALONE) is Care.REMOVE
        assert Policy(gives=True).promised(name, **UNKNOWN) is Care.REMOVE


def test_names_that_only_speak_of_passwords_stay() -> None:
    for name in ("password_changed_at", "has_password", "token_type", "next_page_token", "title", "email"):
        assert STRICT.promised(name, **UNKNOWN) is Care.KEEP


def test_a_generated_password_is_shown_where_it_is_made() -> None:
    making = Policy(is_reading=False)
    assert making.promised("temporary_password", **ALONE) is Care.KEEP
    assert STRICT.promised("temporary_password", **ALONE) is Care.REMOVE


def test_tokens_leave_where_they_are_given_out() -> None:
    assert Policy(gives=True, is_reading=False).promised("access_token", **UNKNOWN) is Care.KEEP
    assert STRICT.promised("access_token", **LISTED) is Care.OF_PERSON
    assert STRICT.promised("share_token", **ALONE) is Care.KEEP


def test_a_password_that_only_the_api_can_have_made_is_shown() -> None:
    making = Policy(gives=True, is_reading=False, makes_password=True)
    assert making.promised("password", **ALONE) is Care.KEEP
    assert Policy(gives=True, is_reading=False).promised("password", **ALONE) is Care.REMOVE


def test_ids_and_addresses_of_secrets_are_none() -> None:
    assert STRICT.promised("credential_list_sid", **LISTED) is Care.KEEP
    assert (
        STRICT.shown("signing_keys", "/v1/accounts/7/keys/signing-keys.json", ("signing_keys",), Care.REMOVE)[0]
        is Care.KEEP
    )


def test_records_of_people() -> None:
    assert is_person(["id", "email"])
    assert is_person(["userName"])
    assert not is_person(["id", "url", "token", "name"])


def test_tokens_that_are_sent_by_mail_do_not_leave() -> None:
    assert STRICT.promised("reset_token", **ALONE) is Care.REMOVE
    assert STRICT.promised("otp_secret", **ALONE) is Care.REMOVE
    assert Policy(is_reading=False, sets_factor=True).promised("otp_secret", **ALONE) is Care.KEEP


def test_a_strangers_answer_holds_no_secret_of_the_business() -> None:
    assert Policy(is_anonymous=True).promised("stripe_secret", **UNKNOWN) is Care.REMOVE
    assert STRICT.promised("stripe_secret", **UNKNOWN) is Care.KEEP


def test_the_value_must_bear_out_the_name() -> None:
    assert STRICT.shown("password", "hunter2secret", ("password",), Care.REMOVE)[0] is Care.REMOVE
    for text in ("", "********", "The password must have 8 characters."):
        assert STRICT.shown("password", text, ("password",), Care.REMOVE)[0] is Care.KEEP
    assert STRICT.shown("password", "is too short, sorry", ("errors", "password"), Care.REMOVE)[0] is Care.KEEP


def test_a_pass_is_a_password_only_where_it_looks_like_one() -> None:
    assert STRICT.shown("pass", "gold", ("pass",), Care.REMOVE)[0] is Care.KEEP
    assert STRICT.shown("pass", "hunter22", ("pass",), Care.REMOVE)[0] is Care.REMOVE


def test_hashes_and_keys_give_themselves_away() -> None:
    hashed = "$2b$12$" + "a" * 53
    assert STRICT.shown("note", hashed, ("note",), Care.KEEP) == (Care.MASK, Kind.PASSWORD_HASH)
    key = "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc"
    assert STRICT.shown("note", key, ("note",), Care.KEEP)[0] is Care.MASK
    assert Policy(gives=True).shown("note", key, ("note",), Care.KEEP)[0] is Care.KEEP
    assert STRICT.shown("note", JWT, ("note",), Care.KEEP)[0] is Care.KEEP


def test_card_numbers_are_masked_and_look_alikes_are_not() -> None:
    card = "4111111111111111"
    assert STRICT.shown("card_number", card, ("card_number",), Care.MASK)[0] is Care.MASK
    assert STRICT.shown("number", card, ("payment", "number"), Care.KEEP)[0] is Care.MASK
    assert STRICT.shown("note", "4111 1111 1111 1111", ("note",), Care.KEEP)[0] is Care.MASK
    assert STRICT.shown("parcel", card, ("parcel",), Care.KEEP)[0] is Care.KEEP
    assert STRICT.shown("cvv", "123", ("cvv",), Care.MASK)[0] is Care.REMOVE


def test_personal_data_is_masked_where_asked() -> None:
    masking = Policy(masked=frozenset({Kind.EMAIL, Kind.PHONE}))
    assert masking.promised("email", **ALONE) is Care.MASK
    assert masking.shown("email", "jo@mail.example", ("email",), Care.MASK) == (Care.MASK, Kind.EMAIL)
    assert STRICT.shown("email", "jo@mail.example", ("email",), Care.KEEP)[0] is Care.KEEP
