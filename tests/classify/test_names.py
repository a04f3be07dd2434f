import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.classify.kinds import Kind
from apiward.classify.names import kinds_of_name, words_of

MUST = {
    Kind.PASSWORD: "password passwd pwd userPassword user_pwd Password new-password user[password] contraseña "
    "motDePasse "
    "senha Passwort password_confirmation passwords pass passphrase",
    Kind.PASSWORD_HASH: "password_hash passwordHash pass_hash pwd_hash hashedPassword hashed_password password_digest "
    "encrypted_password",
    Kind.TOKEN: "token access_token accessToken refreshToken auth-token id_token sessionId session_token jwt "
    "password_reset_token reset_token X-Auth-Token tokens JSESSIONID authorization bearer",
    Kind.API_KEY: "api_key apiKey X-Api-Key apikey APIKEY access_key secretAccessKey masterKey",
    Kind.SECRET: "secret client_secret clientSecret mfa_secret totpSecret otp otpCode recovery_codes backupCodes "
    "reset_code verificationCode pin webhook_secret secrets seedPhrase",
    Kind.PRIVATE_KEY: "private_key privateKey sshPrivateKey SSHKey",
    Kind.PHONE: "phone phoneNumber mobile mobile_no telefono telefon handy tel cell_phone homePhone",
    Kind.EMAIL: "email emailAddress email_address e-mail mail correo user_email",
    Kind.NAME: "first_name firstName lastname surname full_name vorname nachname prénom apellidos cardholder_name",
    Kind.ADDRESS: "address street streetAddress shipping_address billingAddress zip postcode postalCode adresse straße "
    "plz direccion addressLine1 pincode",
    Kind.BIRTH_DATE: "dob birth_date birthDate dateOfBirth birthday geburtsdatum fecha_nacimiento",
    Kind.CARD_NUMBER: "card_number cardNumber cc_number credit_card creditCardNumber cvv cvc card_cvc pan",
    Kind.IBAN: "iban IBAN account_iban",
    Kind.PAN: "pan pan_number panCard",
    Kind.AADHAAR: "aadhaar aadhaarNumber aadhar_no",
    Kind.UPI: "upi upiId vpa",
    Kind.SSN: "ssn social_security_number nationalId cpf dni passport_number",
    Kind.HEALTH: "diagnosis medication medications allergies blood_type bloodGroup healthNotes medical_history "
    "symptoms",
    Kind.IP_ADDRESS: "ip ipAddress client_ip",
    Kind.GEO: "lat longitude geo coordinates",
    Kind.IDENTIFIER: "id user_id userId uuid username ID bookingUUID",
}  # fmt: skip
SILENT = (
    "token_type tokenType password_policy passwordLength next_page_token nextPageToken page_token csrf "
    "csrf_token xsrfToken "
    "secretary max_tokens promptTokens completion_tokens token_expires_in has_password is_secret passwordChangedAt "
    "phone_verified email_verified card_brand cardLast4 cardType macAddress wallet_address name product_name "
    "description "
    "title compass passenger keyboard public_key author latest longer platform relation compassion address_type pinned "
    "shipping zipper phonetic Größe 名前 tokenizer passwordless resetPasswordUrl apiKeyName"
).split()


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind, names in MUST.items() for name in names.split()])
def test_name_promises(kind: Kind, name: str) -> None:
    if name == "e-mail":
        assert "mail" in words_of(name)
    assert kind in kinds_of_name(name)


@pytest.mark.parametrize("name", ["", "_", *SILENT])
def test_name_promises_nothing(name: str) -> None:
    assert kinds_of_name(name) == frozenset()


def test_an_ip_address_is_no_postal_address() -> None:
    assert kinds_of_name("ip_address") == {Kind.IP_ADDRESS}
    assert kinds_of_name("email_address") == {Kind.EMAIL}


@pytest.mark.parametrize(("name", "words"), [
    ("userPasswordHash", ("user", "password", "hash")), ("HTTPServer", ("http", "server")), ("a-b_c.d", tuple("abcd")),
    ("straße", ("strasse",)), ("cvv2", ("cvv", "2")), ("", ()),
])  # fmt: skip
def test_words(name: str, words: tuple[str, ...]) -> None:
    assert words_of(name) == words


@given(st.text(max_size=300))
def test_any_name_is_taken(name: str) -> None:
    assert kinds_of_name(name) == kinds_of_name(name)
