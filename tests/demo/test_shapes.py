"""The hard shapes of the demo, in the sound twin: what a scanner must cope with and not flag."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from apiward.demo.app import create_app
from apiward.demo.people import ASSISTANT, CLIENT, OTHER_CLIENT, OWNER
from apiward.demo.tokens import is_signed_by_file, pad64, read_token
from apiward.demo.weaknesses import WEAKNESSES
from apiward.demo.webhooks import HEADER, signature
from tests.demo.forging import naming_its_file
from tests.demo.visitor import Around, Visitor, directly, sent
from tests.guarded.demo_guard import behind_guard


@pytest.fixture(params=[directly, behind_guard], ids=["directly", "behind the guard"])
def around(request: pytest.FixtureRequest) -> Around:
    """What stands before the business: the same must hold behind the guard."""
    found: Around = request.param
    return found


@pytest.fixture
def sound(around: Around, tmp_path: Path) -> Iterator[Visitor]:
    visitor = Visitor((), tmp_path, around)
    yield visitor
    visitor.close()


@pytest.mark.parametrize(("method", "path"), [("GET", "/api/v2/demo/reset"), ("POST", "/api/v2/demo/reset-all")])
def test_reset_wipes_what_was_added_and_is_counted(sound: Visitor, method: str, path: str) -> None:
    token = sound.log_in()
    sound.call("POST", "/api/v2/goals", {"title": "Canary"}, token=token)
    assert sound.app.state.calls[f"{method} {path}"] == 0
    assert sound.call(method, path).status == 200
    assert sound.app.state.calls[f"{method} {path}"] == 1
    assert sound.call("GET", "/api/v2/me", token=token).status == 401
    assert "Canary" not in sound.call("GET", "/api/v2/goals", token=sound.log_in()).text


def test_articles_and_reviews_are_public_by_design(sound: Visitor) -> None:
    wanted = {"title": "Canary", "text": "For all"}
    slug = sound.call("POST", "/api/v2/articles", wanted, token=sound.log_in()).json["slug"]
    assert sound.call("GET", f"/api/v2/articles/{slug}").status == 200
    assert slug in sound.call("GET", "/api/v2/articles").text
    got = sound.call("PUT", f"/api/v2/articles/{slug}", {"text": "x"}, token=sound.log_in(OTHER_CLIENT))
    assert got.status == 403


def test_look_alikes_are_protected(sound: Visitor) -> None:
    mine, other = sound.both()
    booking = sound.call("GET", "/api/v2/bookings", token=mine).json["bookings"][0]["booking_id"]
    path = f"/api/v2/bookings/{booking}"
    for method, body in (("GET", None), ("PATCH", {"topic": "x"}), ("DELETE", None)):
        assert sound.call(method, path, body, token=other).status == 404
    assert sound.call("GET", path, token=mine).status == 200
    assert sound.call("GET", f"/api/v2/clients/{sound.me(mine)['id']}", token=other).status == 404
    goal = sound.call("GET", "/api/v2/goals", token=mine).json["goals"][0]["slug"]
    assert sound.call("PATCH", f"/api/v2/goals/{goal}", {"done": True}, token=other).status == 404


def test_refused_change_of_an_address_answers_200(sound: Visitor) -> None:
    order_id = sound.call("GET", "/shop/orders", token=sound.shop_log_in()).json["orders"][0]["id"]
    other = sound.shop_log_in(OTHER_CLIENT)
    got = sound.call("PUT", f"/shop/orders/{order_id}/address", {"address": "x"}, token=other)
    assert (got.status, got.json["status"]) == (200, "fail")


def test_three_roles(sound: Visitor) -> None:
    seen = {
        person.role: [
            sound.call("GET", f"/api/v2/admin/{name}", token=sound.log_in(person)).status
            for name in ("clients", "bookings", "reports")
        ]
        for person in (CLIENT, ASSISTANT, OWNER)
    }
    assert seen == {"client": [403, 403, 403], "assistant": [200, 200, 403], "owner": [200, 200, 200]}


def test_chain_over_three_roles_unlocks_the_figures(tmp_path: Path) -> None:
    visitor = Visitor({"profile-extra-fields", "function-role-promote"}, tmp_path)
    token = visitor.log_in()
    me = visitor.me(token)["id"]
    assert visitor.call("GET", "/api/v2/admin/reports", token=token).status == 403
    visitor.call("PATCH", "/api/v2/me", {"client": {"role": "assistant"}}, token=token)
    visitor.call("PUT", f"/api/v2/admin/clients/{me}/role", {"role": "owner"}, token=token)
    assert visitor.call("GET", "/api/v2/admin/reports", token=token).status == 200
    visitor.close()


def test_the_two_areas_do_not_take_one_anothers_tokens(sound: Visitor) -> None:
    bearer, token = sound.log_in().partition(" ")[2], sound.shop_log_in().partition(" ")[2]
    assert sound.call("GET", "/api/v2/me", token=f"Bearer {token}").status == 401
    assert sound.call("GET", "/shop/orders", token=f"Token {bearer}").status == 401


@pytest.mark.parametrize(
    "token", ["Bearer x", "Bearer a.b.c", "Bearer ..", "Basic abc", "Bearer WzFd.WzFd.x", "Bearer"]
)
def test_rubbish_tokens_are_refused(sound: Visitor, token: str) -> None:
    assert sound.call("GET", "/api/v2/me", token=token).status == 401


@pytest.mark.parametrize("body", [None, [], {"note": 1}, {"note": {"title": 5, "text": "x"}}, {"note": {}}])
def test_wrong_bodies_are_refused(sound: Visitor, body: object) -> None:
    assert sound.call("POST", "/api/v2/notes", body, token=sound.log_in()).status in {400, 422}


def test_a_token_that_names_a_file_opens_none(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"")
    assert is_signed_by_file(read_token(naming_its_file({}, f"{'../' * 12}dev/null")))
    assert not is_signed_by_file(read_token(naming_its_file({}, str(tmp_path / "key"))))


def test_wrong_orders_are_refused(sound: Visitor) -> None:
    token = sound.shop_log_in()
    for items in (5, [1], [{"product_id": "1"}], [{"product_id": 1, "quantity": 0}]):
        assert sound.call("POST", "/shop/orders", {"items": items, "address": "a"}, token=token).status == 422
    got = sound.call("POST", "/shop/orders", {"items": [{"product_id": 99}], "address": "a"}, token=token)
    assert (got.status, got.json["status"]) == (200, "fail")


@pytest.mark.parametrize("encoded", ["1", "%%%", "b3JkZXI6MQ==", "cGF5bWVudDp4", "w6k="])
def test_encoded_ids_that_name_nothing(sound: Visitor, encoded: str) -> None:
    assert sound.call("GET", f"/api/v2/payments/{encoded}/receipt", token=sound.log_in()).is_refused(404)


def test_preflight_and_unknown_paths(sound: Visitor) -> None:
    headers = {"Origin": "https://www.marlow-coaching.example", "Access-Control-Request-Method": "GET"}
    assert sound.call("OPTIONS", "/api/v2/me", headers=headers).status == 204
    assert sound.call("GET", "/api/v2/nothing").status == 404
    assert sound.call("HEAD", "/api/v2/coach").status == 200
    assert sound.call("DELETE", "/api/v2/coach").status == 405


def test_same_seed_same_ids_and_other_seed_other_ids(tmp_path: Path) -> None:
    ids = []
    for seed in (1, 1, 2):
        app = create_app((), data_dir=tmp_path, seed=seed)
        ids.append(app.state.desk.person(email=CLIENT.email).id)
        app.state.desk.storage.close()
    assert ids[0] == ids[1] != ids[2]


def test_unknown_weakness_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="object-red-note"):
        create_app({"object-red-note"}, data_dir=tmp_path)
    app = create_app((), data_dir=tmp_path)
    with pytest.raises(KeyError):
        app.state.desk.weak("object-red-note")
    app.state.desk.storage.close()


def test_all_weaknesses_leave_the_rightful_use_working(tmp_path: Path) -> None:
    visitor = Visitor(tuple(WEAKNESSES), tmp_path)
    wanted = {"client": {"email": "kim@mail.example", "name": "Kim", "password": "a-Fine-word-55"}}
    assert visitor.call("POST", "/api/v2/register", wanted).status == 202
    assert visitor.call("GET", "/shop/products?category=books").json["products"]
    assert visitor.call("POST", "/api/v2/contact", {"email": "kim@mail.example", "message": "Hi"}).status == 202
    assert visitor.call("GET", "/api/v2/articles/sleep-first-steps-1").status == 200
    visitor.close()


@pytest.mark.parametrize("limit", ["x", "-1", "1e3", "9" * 13, "\u0665"])
def test_wrong_page_sizes_are_refused(sound: Visitor, limit: str) -> None:
    assert sound.call("GET", f"/api/v2/articles?limit={limit}").is_refused(422)
    got = sound.call("GET", "/api/v2/articles?limit=5000")  # more than the description allows
    assert got.is_of_guard or got.text.count('"slug"') == 50


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/api/v2/articles/x'", None, 500),
        ("GET", "/api/v2/articles/nothing", None, 404),
        ("GET", "/shop/products/1'", None, 404),
        ("GET", "/api/v1/notes/99", None, 404),
        ("POST", "/api/v2/newsletter", {"email": "x'"}, 202),
        ("GET", "/api/v2/articles?limit=x", None, 500),
    ],
)
def test_weak_twins_fail_as_real_servers_do(tmp_path: Path, method: str, path: str, body: object, status: int) -> None:
    visitor = Visitor(tuple(WEAKNESSES), tmp_path)
    assert visitor.call(method, path, body).status == status
    visitor.close()


def test_refusals_of_the_shop_and_the_account(sound: Visitor) -> None:
    owner = sound.shop_log_in(OWNER)
    made = {"code": "SPRING10", "percent": 5}
    assert sound.call("POST", "/shop/coupons", made, token=owner).status == 409
    assert sound.call("POST", "/shop/coupons/check", {"code": "NONE"}).json["status"] == "fail"
    review = {"display_name": "A", "stars": 5, "text": "x"}
    assert sound.call("POST", "/shop/products/99/reviews", review, token=owner).status == 404
    token = sound.log_in()
    wrong = {"current_password": "no", "new_password": "another-Word-66"}
    assert sound.call("PUT", "/api/v2/me/password", wrong, token=token).status == 403
    short = {"current_password": CLIENT.password, "new_password": "short"}
    assert sound.call("PUT", "/api/v2/me/password", short, token=token).status == 422
    assert sound.log_in()
    assert sound.call("POST", "/api/v2/contact", {"email": "no address", "message": "x"}).status == 422
    nobody = {"client": {"email": "no address", "name": "N", "password": "a-Fine-word-55"}}
    assert sound.call("POST", "/api/v2/register", nobody).status == 422
    role = {"role": "king"}
    path = f"/api/v2/admin/clients/{sound.me(token)['id']}/role"
    assert sound.call("PUT", path, role, token=sound.log_in(OWNER)).status == 422
    assert sound.call("DELETE", "/api/v2/clients/none", token=sound.log_in(OWNER)).is_refused(404)


def test_changed_tokens_of_the_shop_are_refused(tmp_path: Path) -> None:
    for weak in ((), tuple(WEAKNESSES)):
        visitor = Visitor(weak, tmp_path)
        token = visitor.shop_log_in()
        head, body, signature = token.split(".")
        owner = visitor.app.state.desk.person(email=OWNER.email)
        claims = read_token(token.partition(" ")[2]).claims | {"sub": owner.id}
        for other in (pad64(json.dumps(claims).encode()), "WzFd"):
            assert visitor.call("GET", "/shop/orders", token=f"{head}.{other}.{signature}").status == 401
        assert visitor.call("GET", "/shop/orders", token=f"{head}.{body}.{signature}").status == 200
        visitor.close()


@pytest.mark.parametrize(("age_s", "state"), [(0, "paid"), (1_000, "placed"), (-1_000, "placed")])
def test_events_of_the_payment_provider_must_be_signed_and_fresh(sound: Visitor, age_s: float, state: str) -> None:
    token = sound.shop_log_in()
    order = {"items": [{"product_id": 1}], "address": "A"}
    order_id = sound.call("POST", "/shop/orders", order, token=token).json["order_id"]
    event = {"type": "payment.succeeded", "data": {"order_id": order_id}}
    signed = {HEADER: signature(sent(event), sound.now - age_s)}
    got = sound.call("POST", "/shop/webhooks/payments", event, headers=signed)
    assert got.status == (200 if state == "paid" else 400)
    assert sound.call("GET", f"/shop/orders/{order_id}", token=token).json["order"]["state"] == state
