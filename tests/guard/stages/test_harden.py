import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.core.call import Answer, Call
from apiward.core.decision import Decision, Edit
from apiward.core.principal import ANONYMOUS, Principal, PrincipalKind
from apiward.guard.editing import apply_to_answer, apply_to_call
from apiward.guard.stages.harden import Frame, Harden, HardenSettings
from tests.guard.calls import answer, call, parts
from tests.guard.schemas import api, operation

JO = Principal(PrincipalKind.USER, "7")
ME = operation("GET /me", security=(("token",),))
SHELF = operation("GET /shelf", security=())
EVIL = "https://evil.test"
APP = "https://app.test"
LISTED = HardenSettings(allowed_origins=(APP, "https://*.pages.test"), allow_credentials=True)


def asked(origin: str = "", *, scheme: str = "https", principal: Principal = JO, method: str = "GET") -> Call:
    made = call(method, "/me", operation=ME, principal=principal, headers={"origin": origin} if origin else {})
    made.scheme = scheme
    return made


def done(
    made: Call, headers: dict[str, str] | list[tuple[bytes, bytes]], settings: HardenSettings | None = None
) -> tuple[Answer, Decision | None]:
    """Return the answer as edited, and the decision; a routine edit comes with none."""
    given_answer = answer(headers=headers) if isinstance(headers, dict) else Answer(200, headers)
    said = Harden(settings or HardenSettings(), parts(api=api(ME, SHELF))).on_answer_head(made, given_answer)
    edit = said.edit if isinstance(said, Decision) else said
    if edit is not None:
        apply_to_answer(given_answer, edit)
    return given_answer, said if isinstance(said, Decision) else None


def test_protective_headers_are_added() -> None:
    shown, decision = done(asked(), {"content-type": "application/json"})
    assert decision is None
    assert shown.header(b"x-content-type-options") == b"nosniff"
    assert shown.header(b"x-frame-options") == b"DENY"
    assert shown.header(b"referrer-policy") == b"no-referrer"
    assert shown.header(b"cache-control") == b"no-store"
    assert shown.header(b"strict-transport-security") == b"max-age=31536000"
    assert shown.header(b"permissions-policy") is None
    assert done(asked(), {"content-type": "text/html"})[0].header(b"permissions-policy")


def test_what_is_there_is_not_added_again() -> None:
    shown, _ = done(asked(), {})
    assert done(asked(), shown.headers)[1] is None


def test_with_a_list_nothing_is_said_where_nothing_changes() -> None:
    shown, _ = done(asked(), {}, LISTED)
    assert done(asked(), shown.headers, LISTED)[1] is None
    assert done(asked(EVIL), shown.headers, LISTED)[1] is None
    foreign = [*shown.headers, (b"access-control-allow-origin", b"*")]
    assert done(asked(EVIL), foreign, LISTED)[0].header(b"access-control-allow-origin") is None


def test_hsts_is_for_https_alone() -> None:
    assert done(asked(scheme="http"), {})[0].header(b"strict-transport-security") is None


def test_a_policy_of_the_apis_own_stays() -> None:
    shown, _ = done(asked(), {"content-security-policy": "default-src 'self'"})
    assert shown.header(b"content-security-policy") == b"default-src 'self'"
    assert shown.header(b"x-frame-options") == b"DENY"
    framed = {"content-security-policy": "frame-ancestors 'self'"}
    assert done(asked(), framed)[0].header(b"x-frame-options") is None


def test_settings_of_headers() -> None:
    shown, _ = done(asked(), {}, HardenSettings(frame=Frame.SAME_ORIGIN, hsts_s=60, hsts_subdomains=True, referrer=""))
    assert shown.header(b"x-frame-options") == b"SAMEORIGIN"
    assert shown.header(b"strict-transport-security") == b"max-age=60; includeSubDomains"
    assert shown.header(b"referrer-policy") is None
    assert done(asked(), {}, HardenSettings(frame=Frame.KEEP))[0].header(b"x-frame-options") is None


def test_private_answers_stay_out_of_caches() -> None:
    assert done(asked(), {"cache-control": "public, max-age=60"})[0].header(b"cache-control") == b"no-store"
    assert done(asked(), {"cache-control": "private, max-age=60"})[0].header(b"cache-control") == b"private, max-age=60"
    assert done(asked(principal=ANONYMOUS), {})[0].header(b"cache-control") is None
    shelf = call("GET", "/shelf", operation=SHELF, principal=JO)
    assert done(shelf, {"cache-control": "public, max-age=60"})[0].header(b"cache-control") == b"public, max-age=60"


def test_cookies_get_what_they_lack() -> None:
    headers = [(b"set-cookie", b"sid=1; Path=/"), (b"set-cookie", b"theme=dark; Secure; SameSite=Lax")]
    shown, decision = done(asked(), headers)
    assert decision is not None
    assert decision.rule == "harden.cookie"
    assert [value for name, value in shown.headers if name == b"set-cookie"] == [
        b"sid=1; Path=/; Secure; HttpOnly; SameSite=Lax",
        b"theme=dark; Secure; SameSite=Lax",
    ]
    assert done(asked(), headers, HardenSettings(cookies=False))[0].header(b"set-cookie") == b"sid=1; Path=/"


@pytest.mark.parametrize("allowed", [EVIL, "*", "null"])
def test_trust_in_anybody_is_taken_back(allowed: str) -> None:
    headers = {"access-control-allow-origin": allowed, "access-control-allow-credentials": "true"}
    shown, decision = done(asked("null" if allowed == "null" else EVIL), headers)
    assert decision is not None
    assert decision.rule == "harden.origin"
    assert shown.header(b"access-control-allow-origin") is None
    assert shown.header(b"access-control-allow-credentials") is None


def test_harmless_trust_stays() -> None:
    assert done(asked(EVIL), {"access-control-allow-origin": "*"})[0].header(b"access-control-allow-origin") == b"*"
    own = {"access-control-allow-origin": "https://www.shop.test", "access-control-allow-credentials": "true"}
    assert done(asked("https://www.shop.test"), own)[0].header(b"access-control-allow-origin")


def test_a_list_takes_the_place_of_the_apis_own_trust() -> None:
    headers = {"access-control-allow-origin": EVIL, "access-control-allow-credentials": "true", "vary": "accept"}
    shown, _ = done(asked(EVIL), headers, LISTED)
    assert shown.header(b"access-control-allow-origin") is None
    assert shown.header(b"vary") == b"accept, Origin"
    shown, _ = done(asked(APP), headers, LISTED)
    assert shown.header(b"access-control-allow-origin") == APP.encode()
    assert shown.header(b"access-control-allow-credentials") == b"true"
    shown, _ = done(asked(), headers, LISTED)
    assert shown.header(b"access-control-allow-origin") is None
    assert shown.header(b"vary") == b"accept, Origin"


def test_preflights_are_answered_from_the_list() -> None:
    stage = Harden(LISTED, parts())
    asking = {"origin": APP, "access-control-request-method": "DELETE"}
    decision = stage.on_head(call("OPTIONS", "/me", headers=asking))
    assert isinstance(decision, Decision)
    assert decision.edit is not None
    assert decision.edit.status == 204
    assert dict(decision.edit.added)[b"access-control-allow-origin"] == APP.encode()
    decision = stage.on_head(call("OPTIONS", "/me", headers={**asking, "origin": EVIL}))
    assert isinstance(decision, Decision)
    assert decision.edit is not None
    assert b"access-control-allow-origin" not in dict(decision.edit.added)


def test_other_requests_are_not_answered() -> None:
    stage = Harden(LISTED, parts())
    assert stage.on_head(call("OPTIONS", "/me", headers={"origin": APP})) is None
    assert stage.on_head(call("GET", "/me", headers={"origin": APP})) is None
    asking = {"origin": APP, "access-control-request-method": "DELETE"}
    assert Harden(HardenSettings(), parts()).on_head(call("OPTIONS", "/me", headers=asking)) is None


def test_wrong_settings_are_said() -> None:
    with pytest.raises(ValueError, match="same_site"):
        HardenSettings(same_site="lax")
    with pytest.raises(ValueError, match="allowed_origins"):
        Harden(HardenSettings(allowed_origins=("*",)), parts())


_NAMES = st.sampled_from(
    [b"set-cookie", b"vary", b"cache-control", b"access-control-allow-origin", b"content-security-policy", b"x"]
)


@given(st.lists(st.tuples(_NAMES, st.binary(max_size=30)), max_size=6), st.text(max_size=20), st.booleans())
def test_no_headers_raise(headers: list[tuple[bytes, bytes]], origin: str, is_listed: bool) -> None:  # noqa: FBT001
    done(asked(origin), headers, LISTED if is_listed else None)


def _cookies_seen(shown: list[bytes], *, scheme: str = "https", cookies: bool = True) -> list[bytes]:
    """Return the cookies that the API gets."""
    made = asked(scheme=scheme)
    made.headers += [(b"cookie", one) for one in shown]
    made.header = dict(reversed(made.headers))
    settings = HardenSettings(host_cookies=("sid",), cookies=cookies)
    said = Harden(settings, parts(api=api(ME))).on_head(made)
    if isinstance(said, Edit):
        apply_to_call(made, said)
    return [value for name, value in made.headers if name == b"cookie"]


def test_cookies_that_are_kept_for_the_host_go_out_and_come_back() -> None:
    shown, _ = done(asked(), [(b"set-cookie", b"sid=1; Path=/")], HardenSettings(host_cookies=("sid",)))
    assert shown.header(b"set-cookie") == b"__Host-sid=1; Path=/; Secure; HttpOnly; SameSite=Lax"
    assert _cookies_seen([b"__Host-sid=1; theme=dark"]) == [b"sid=1; theme=dark"]
    assert _cookies_seen([b"theme=dark", b"__Host-sid=1"]) == [b"theme=dark; sid=1"]


def test_a_copy_that_another_host_may_have_set_does_not_come_through() -> None:
    assert _cookies_seen([b"sid=evil"]) == []
    assert _cookies_seen([b"sid=evil; theme=dark"]) == [b"theme=dark"]


def test_without_https_or_without_care_for_cookies_names_stay() -> None:
    assert _cookies_seen([b"sid=1"], scheme="http") == [b"sid=1"]
    assert _cookies_seen([b"sid=1"], cookies=False) == [b"sid=1"]
    assert _cookies_seen([b"theme=dark"]) == [b"theme=dark"]


@pytest.mark.parametrize("name", ["__Host-sid", "a=b", "", "a b"])
def test_names_that_cannot_be_kept_for_the_host_are_said(name: str) -> None:
    with pytest.raises(ValueError, match="host_cookies"):
        HardenSettings(host_cookies=(name,))


_HEADS = st.lists(
    st.sampled_from(
        [
            *((b"content-type", b"application/json"), (b"content-type", b"text/html"), (b"vary", b"Accept")),
            *((b"cache-control", b"public"), (b"cache-control", b"no-store"), (b"set-cookie", b"a=1")),
            (b"content-security-policy", b"default-src 'self'"),
            (b"content-security-policy", b"frame-ancestors 'self'"),
            *((b"x-content-type-options", b"nosniff"), (b"x-content-type-options", b"off")),
            *((b"referrer-policy", b"same-origin"), (b"x-frame-options", b"DENY")),
            *((b"access-control-allow-origin", b"*"), (b"access-control-allow-credentials", b"true")),
        ]
    ),
    max_size=5,
)
_ASKED = st.tuples(
    st.sampled_from(["", EVIL, APP]), st.sampled_from(["http", "https"]), st.sampled_from([JO, ANONYMOUS]), _HEADS
)


@pytest.mark.parametrize("settings", [HardenSettings(), LISTED])
@given(st.lists(_ASKED, max_size=8))
def test_what_was_answered_before_changes_nothing(
    settings: HardenSettings, given_ones: list[tuple[str, str, Principal, list[tuple[bytes, bytes]]]]
) -> None:
    stage = Harden(settings, parts(api=api(ME, SHELF)))
    for origin, scheme, principal, headers in given_ones:
        made = asked(origin, scheme=scheme, principal=principal)
        fresh = Harden(settings, parts(api=api(ME, SHELF)))
        assert stage.on_answer_head(made, Answer(200, headers)) == fresh.on_answer_head(made, Answer(200, headers))


def test_requests_are_asked_only_where_there_is_something_to_say() -> None:
    assert "on_head" in Harden(HardenSettings(), parts()).silent_phases(ME)
    assert "on_head" in Harden(LISTED, parts()).silent_phases(ME)
    assert "on_head" not in Harden(LISTED, parts()).silent_phases(None)
    assert "on_head" not in Harden(LISTED, parts()).silent_phases(operation("OPTIONS /me"))
    assert "on_head" not in Harden(HardenSettings(host_cookies=("sid",)), parts()).silent_phases(ME)
