import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.classify.kinds import Kind
from apiward.classify.values import MAX_TEXT, kinds_of_text, spans

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl"
# Put together here so that no tool takes this file for a leak.
KEYS = (
    "AKIA" + "IOSFODNN7EXAMPLE",
    "sk_" + "live_4eC39HqLyjWDarjtT1zdp7dc",
    "rk_" + "live_4eC39HqLyjWDarjtT1zdp7dc",
    "ghp_" + "a1B2" * 9,
    "github_" + "pat_" + "a1B2c3D4e5" * 3,
    "glpat-" + "a1B2c3D4e5F6g7H8i9J0",
    "xoxb-" + "123456789012-abcdefghij",
    "AIza" + "a1B2c3D" * 5,
    "SG." + "a1B2c3D4e5F6g7H8" + "." + "a1B2c3D4e5F6g7H8i9",
    "sk-" + "ant-" + "a1B2c3D4e5F6g7H8i9J0",
    "sk-" + "a1B2" * 9,
    "npm_" + "a1B2" * 9,
    "dop_v1_" + "0a1b2c3d" * 8,
    "shpat_" + "0a1b2c3d" * 4,
    "whsec_" + "a1B2" * 8,
)
MUST: dict[Kind, tuple[str, ...]] = {
    Kind.EMAIL: (
        "a@b.io", "alice@example.com", "Alice.Smith+news@mail.example.co.uk", "o'neil@example.ie", "x_y@z-z.de",
        "jörg@müller.de", "  bob@example.org ", "<carol@example.net>", "Mail me: dave@example.com.", "1@2.com",
        "mailto:erin@example.com", "a%40b.com", "UPPER@EXAMPLE.COM", "first.last@sub.domain.example.com", "t@x.museum",
    ),
    Kind.PHONE: (
        "+4915112345678", "+49 151 1234 5678", "+1 (415) 555-2671", "+1-415-555-2671", "(415) 555-2671",
        "415-555-2671", "415.555.2671", "+91 98765 43210", "98765 43210", "06 12 34 56 78", "06.12.34.56.78",
        "020 7946 0958", "030 1234567", "0151/23456789", "0044 20 7946 0958", "1-415-555-2671",
    ),
    Kind.CARD_NUMBER: (
        "4111111111111111", "4111 1111 1111 1111", "4111-1111-1111-1111", "5555555555554444", "5105105105105100",
        "2223003122003222", "2221000000000009", "378282246310005", "3782 822463 10005",
        "371449635398431", "6011111111111117", "6011000990139424", "3530111333300000", "3566002020360505",
        "30569309025904", "3056 930902 5904", "paid with 4242424242424242 today", "6500000000000002",
    ),
    Kind.IBAN: (
        "DE89370400440532013000", "DE89 3704 0044 0532 0130 00", "GB29NWBK60161331926819",
        "FR1420041010050500013M02606",
        "GB82 WEST 1234 5698 7654 32", "NL91ABNA0417164300", "ES9121000418450200051332", "BE68539007547034",
        "IT60X0542811101000000123456", "AT611904300234573201", "CH9300762011623852957", "NO9386011117947",
        "PL61109010140000071219812874", "to DE89 3704 0044 0532 0130 00 please", "SE4550000000058398257466",
    ),
    Kind.PAN: (
        "ABCPK1234L", "AAAPL1234C", "AABCU9603R", "ZZZHZ9999Z", "AAATA0001A", "AFZPK7190K", "pan: ABCPK1234L.",
    ),
    Kind.AADHAAR: ("2345 6789 0124", "234567890124", "2345-6789-0124", "no 2345 6789 0124,"),
    Kind.UPI: (
        "ravi@okaxis", "ravi.k@okhdfcbank", "98765@ybl", "shop-1@paytm", "x_y@ibl", "a1@upi", "pay ravi@oksbi now",
        "me@axl", "me@apl", "me@icici", "me@sbi", "me@kotak", "me@okicici", "me@ptsbi", "me@airtel",
    ),
    Kind.SSN: ("536-90-4399", "001-01-0001", "899-99-9999", "ssn 536-90-4399."),
    Kind.PASSWORD_HASH: (
        "$2b$12$" + "a1B2c3D4e5F6g7H8i9J0k." + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P",
        "$2y$10$" + "a" * 53,
        "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$aGFzaGhhc2g",
        "scrypt:32768:8:1$salt$0a1b2c3d4e5f60718293a4b5c6d7e8f9",
        "pbkdf2:sha256:260000$salt$0a1b2c3d4e5f60718293a4b5c6d7e8f9",
        "pbkdf2_sha256$600000$saltsalt$aGFzaGhhc2hoYXNoaGFzaA=",
        "$pbkdf2-sha256$29000$saltsalt$aGFzaGhhc2hoYXNo",
        "$P$B" + "a1B2c3D4e5" * 3,
        "$6$saltsalt$" + "a1B2" * 20,
        "$5$rounds=5000$salt$" + "a1B2" * 10,
        "$1$salt$" + "a1B2c3D4e5F6g7H8i9J0k1",
        "{SSHA}" + "a1B2c3D4" * 4,
        "$y$j9T$salt$" + "a1B2" * 10,
    ),
    Kind.TOKEN: (JWT, f"Bearer {JWT}", f"https://x.test/?t={JWT}", JWT.rsplit(".", 1)[0] + ".", "ya29." + "a1B2c3" * 5),
    Kind.API_KEY: KEYS,
    Kind.PRIVATE_KEY: (
        "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----",
        "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nMIIE",
        "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl",
        "-----BEGIN EC PRIVATE KEY-----",
    ),
    Kind.IP_ADDRESS: ("10.1.2.3", "192.168.0.254", "8.8.8.8", "2001:db8::1", "::1", "fe80:0:0:0:1:2:3:4"),
    Kind.IDENTIFIER: ("5f0c1c2e-3b1a-4d2f-9a3b-0c1d2e3f4a5b",),
}  # fmt: skip
MUST_NOT: dict[Kind, tuple[str, ...]] = {
    Kind.EMAIL: (
        "", "@", "a@b", "@alice", "image@2x.png", "pkg@1.2.3", "git@github.com:org/repo.git", "a b@ c.com", "a@.com",
        "https://user:pw@host.example.com/", "ravi@okaxis", "@user@social.example", "alice at example.com", "a@b.c",
        "logo@3x.webp",
    ),
    Kind.PHONE: (
        "1700000000000", "1700000000", "2024-01-15", "2024-01-15T10:30:00Z", "2024-01-15 10:30:00+0000", "12345678",
        "5551234567", "10.0.0.1", "192.168.100.200", "550e8400-e29b-41d4-a716-446655440000", "123-456", "0123-456789",
        "3.14159265358", "1,234,567.89", "01-02-2024", "ISBN 978-3-16-148410-0", "+05:30", "4111 1111 1111 1111",
        "v1.2.3-20240115", "000 0000 0000", "+00000000000",
    ),
    Kind.CARD_NUMBER: (
        "4111111111111112", "0000000000000000", "1111111111111111", "4444444444444444", "1234567812345678",
        "1700000000000000", "20240115103000", "4111111111111111111", "411111111111", "x4111111111111111",
        "0.4111111111111111", "9999999999999995", "7992739871300000", "4111 11111111 1111", "550e8400-e29b-41d4-a716",
        "5901234123457", "+4111111111111111",
    ),
    Kind.IBAN: (
        "DE89370400440532013001", "DE00370400440532013000", "XX89370400440532013000", "DE8937040044053201300",
        "DE893704004405320130000", "GB29NWBK60161331926818", "ORDER1234567890123456", "FR14", "AB12CD34EF56GH78",
        "2024011510300012345678", "de", "SKU-DE89-0001", "", "NO9386011117948", "BE00000000000000",
    ),
    Kind.PAN: (
        "ABCDK1234L", "ABCPK1234", "ABCP1234LL", "abcpk1234l", "ABCPK0000L", "XABCPK1234L", "ABCPK1234LX", "ABCPK12345",
        "SKU-ABCPK1234L", "1BCPK1234L", "ABCZK1234L", "ABCDE12345", "HELLOWORLD", "", "ABCPK-1234-L",
    ),
    Kind.AADHAAR: (
        "2345 6789 0125", "234567890125", "1345 6789 0124", "0345 6789 0124", "2222 2222 2222", "2345 6789",
        "2345678901240", "2345.6789.0124", "2024 0115 1030", "order 234567890124", "12345 6789 0124", "2345-6789 0124",
        "", "abcd efgh ijkl", "2345 6789 0124 5",
    ),
    Kind.UPI: (
        "ravi@example.com", "ravi@okaxis.com", "ravi", "@okaxis", "ravi@unknownbank", "a@b", "ravi@ybl.in", "x@y",
        "user@upiserver", "me@sbix", "", "pkg@latest", "org/pkg@next", "me@paytm.com", "a@axl-b",
    ),
    Kind.SSN: (
        "000-12-3456", "666-12-3456", "900-12-3456", "536-00-4399", "536-90-0000", "078-05-1120", "536904399",
        "536-904-399", "5536-90-4399", "536-90-43990", "219-09-9999", "2024-01-1500", "a536-90-4399", "53-690-4399", "",
    ),
    Kind.PASSWORD_HASH: (
        "d41d8cd98f00b204e9800998ecf8427e", "da39a3ee5e6b4b0d3255bfef95601890afd80709", "$2b$", "$9.99", "$HOME/bin",
        "$1", "cost $2a lot", "$ref", "#/components/schemas/User",
        "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
        "$argon2", "scrypt", "pbkdf2", "$P$short", "${template}",
    ),
    Kind.TOKEN: (
        "eyJ", "a.b.c", "1.2.3", "Bearer", "Bearer of good news", "bearer authentication is required", "eyJhbGci",
        "www.example.com", "e30.e30.", "token", "session", "next", "", "keyJhbGciOiJIUzI1NiJ9", "Bearer token",
    ),
    Kind.API_KEY: (
        "AKIA", "pk_live_4eC39HqLyjWDarjtT1zdp7dc", "ghp_short", "sk-short", "xoxb",
        "risk-free-investment-advice-today",
        "task-list-for-the-coming-week-and-more", "SG.1", "AIza", "key-value", "npm_config_registry", "hf_hub",
        "550e8400-e29b-41d4-a716-446655440000", "disk_live_view", "",
    ),
    Kind.PRIVATE_KEY: ("-----BEGIN PUBLIC KEY-----", "-----BEGIN CERTIFICATE-----", "PRIVATE KEY", "private key", ""),
    Kind.IP_ADDRESS: ("1.2.3", "256.1.1.1", "1.2.3.4.5", "10:30:00", "a::b::c::g", "12:34", "v1.2.3.4", "", "::x"),
    Kind.IDENTIFIER: ("5f0c1c2e3b1a", "hello", "", "5f0c1c2e-3b1a-4d2f-9a3b-0c1d2e3f4a5"),
}  # fmt: skip


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in MUST.items() for text in texts])
def test_value_is_recognised(kind: Kind, text: str) -> None:
    assert kind in kinds_of_text(text)


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in MUST_NOT.items() for text in texts])
def test_look_alike_is_not(kind: Kind, text: str) -> None:
    assert kind not in kinds_of_text(text)


@given(st.text(alphabet=st.sampled_from("a1@.-+ :/$eyJ0DE\n(ü%4"), max_size=200))
def test_spans_are_in_order_apart_and_inside(text: str) -> None:
    end = 0
    for span in spans(text):
        assert end <= span.start < span.end <= len(text)
        end = span.end


def test_what_stands_beyond_the_limit_is_not_judged() -> None:
    assert spans("x" * MAX_TEXT + " a@b.io") == []
    assert spans("x" * (MAX_TEXT - 10) + " a@b.io") != []
