from tests.app.patching.made import described, exchange, finding, operation, rules_of

SECURE: list[dict[str, list[str]]] = [{"login": []}]
API = described(
    {
        "/api/me": {"get": operation(security=SECURE)},
        "/api/notes/{id}": {"get": operation(path=("id",), security=SECURE)},
        "/api/staff/reports": {"get": operation(security=SECURE)},
        "/shop/account": {"get": operation(security=[{"shop": []}])},
        "/shop/login": {"post": operation(body={"type": "object"})},
        "/open": {"get": operation()},
    },
    ("login", "shop"),
)
ME = exchange("GET", "/api/me", {"id": 1})


def test_only_log_ins_that_were_given_out_count_where_the_same_log_in_does() -> None:
    assert rules_of(API, finding("AUT04", "GET /api/me", ME)) == [
        {"operation": "* /api/**", "kind": "credential-issued"}
    ]
    assert rules_of(API, finding("AUT05", "GET /shop/account", ME))[0]["operation"] == "* /shop/**"
    assert rules_of(API, finding("AUT12", "GET /open", ME))[0]["operation"] == "* /**"


def test_a_log_in_without_an_end_is_for_the_developer() -> None:
    made = exchange("POST", "/shop/login", {"token": "…"})
    assert "only your developer" in rules_of(API, finding("AUT06", "POST /shop/login", made))
    assert rules_of(API, finding("AUT06", "GET /api/me", ME))[0]["kind"] == "credential-issued"


def test_a_log_in_is_asked_for() -> None:
    kinds = [rule["kind"] for rule in rules_of(API, finding("AUT01", "GET /api/me", ME))]
    assert kinds == ["require-principal", "credential-issued"]


def test_a_record_open_to_all_gets_an_owner_too() -> None:
    made = rules_of(API, finding("OBJ05", "GET /api/notes/{id}", exchange("GET", "/api/notes/3", {"id": 3})))
    assert [rule.get("kind", rule.get("id", "")) for rule in made] == [
        "require-principal",
        "credential-issued",
        "note",
    ]


def test_staff_must_be_named() -> None:
    found = finding("FUN02", "GET /api/staff/reports", ME)
    assert "--staff" in rules_of(API, found)
    assert rules_of(API, found, ("user:lina",))[0] == {
        "operation": "GET /api/staff/reports",
        "kind": "require-role",
        "principals": ("user:lina",),
    }


def test_what_anybody_reached_of_the_staffs_needs_a_log_in_and_staff_where_named() -> None:
    found = finding("FUN01", "GET /api/staff/reports", ME)
    assert [rule["kind"] for rule in rules_of(API, found)] == ["require-principal", "credential-issued"]
    assert rules_of(API, found, ("user:lina",))[-1]["kind"] == "require-role"


def test_what_nobody_described_is_switched_off() -> None:
    assert rules_of(API, finding("OBJ05", "GET /hidden", ME)) == [{"operation": "GET /hidden", "kind": "method-off"}]


def test_sessions_end_with_a_change_of_password() -> None:
    assert [rule["kind"] for rule in rules_of(API, finding("AUT13", "GET /api/me", ME))] == [
        "ends-sessions",
        "credential-issued",
    ]
