import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.core.exchange import Headers, Response
from apiward.spec.discovery.clues import Clue
from apiward.spec.discovery.reading import clues, is_source_map, links, told_bases


def answer(body: str | bytes, kind: str, headers: Headers = ()) -> Response:
    return Response(200, (("Content-Type", kind), *headers), body.encode() if isinstance(body, str) else body)


PAGE = """<a href="/about">x</a><script src='/app.js'></script><img src=/logo.png>
<form action="/api/search"><input name=q><input type=submit name=go></form>
<form method="POST" action="/api/join" enctype="multipart/form-data"><input name="email"><select name=plan>
</select></form>
<button hx-delete="/api/cart/7">x</button><script>fetch("/api/me")</script>"""


def test_a_page_tells_links_and_forms() -> None:
    told = ("/about", "/app.js", "/logo.png", "/api/search", "/api/join", "/api/cart/7")
    assert links(answer(PAGE, "text/html")) == told
    bare = (
        '<a href=/b?x=1&amp;y=2>x</a><form action=/c method=post><input name=d></form><script>e.src = "/e.js"</script>'
    )
    assert links(answer(bare, "text/html")) == ("/b?x=1&y=2", "/c", "/e.js")
    assert Clue("/c", "POST", body_type="application/x-www-form-urlencoded", body={"d": ""}) in clues(
        answer(bare, "text/html")
    )
    found = list(clues(answer(PAGE, "text/html")))
    assert Clue("/api/search", "GET", ("q",)) in found
    assert Clue("/api/join", "POST", body_type="multipart/form-data", body={"email": "", "plan": ""}) in found
    assert Clue("/api/cart/7", "DELETE") in found
    assert Clue("/api/me", "GET") in found


def test_robots_and_sitemaps_and_headers_are_read() -> None:
    robots = answer("User-agent: *\nDisallow: /staff/\nAllow: /a*\nSitemap: https://x.example/s.xml\n", "text/plain")
    assert links(robots) == ("https://x.example/s.xml", "/staff/", "/a")
    assert [clue.target for clue in clues(robots)] == ["/staff/", "/a"]
    sitemap = "<?xml version='1.0'?><urlset><url><loc> https://x.example/p </loc></url></urlset>"
    assert links(answer(sitemap, "application/xml")) == ("https://x.example/p",)
    with_links = (("Link", '</next>; rel="next", </api>; rel="x"'), ("SourceMap", "/app.js.map"))
    assert links(answer("{}", "application/json", with_links)) == ("/next", "/api", "/app.js.map")
    assert links(answer("x=1\n//# sourceMappingURL=app.js.map\n", "text/javascript")) == ("app.js.map",)


def test_source_maps_are_read_as_scripts() -> None:
    made = {"version": 3, "sources": ["a.ts", "b.ts"], "sourcesContent": ["api.put('/staff/x',{role})", None]}
    given_ = answer(json.dumps(made | {"mappings": "A"}), "application/json")
    assert is_source_map(given_)
    assert list(clues(given_)) == [Clue("/staff/x", "PUT", body_type="application/json", body={"role": ""})]
    with_base = made | {"sourcesContent": ["const baseURL = '/api/v3'"]}
    assert list(told_bases(answer(json.dumps(with_base), "application/json"))) == ["/api/v3"]
    assert list(told_bases(answer("{}", "application/json"))) == []


def test_references_of_json_are_read() -> None:
    value = {
        "self": "/orders/7",
        "next": "/orders?page=2&q=1",
        "pic": "/a.png",
        "n": 1,
        "text": "either/or",
        "d": "1/2",
    }
    found = list(clues(answer(json.dumps(value), "application/json")))
    assert found == [Clue("/orders/7"), Clue("/orders", query=("page", "q"))]


@pytest.mark.parametrize("kind", ["text/html", "application/json", "text/plain", "application/xml", "text/javascript"])
@given(
    body=st.one_of(st.binary(max_size=300), st.text(alphabet="<>formactinput=\"' /:{}[]", max_size=300).map(str.encode))
)
def test_any_answer_is_read_without_an_error(kind: str, body: bytes) -> None:
    list(clues(answer(body, kind)))
    list(told_bases(answer(body, kind)))
    assert len(links(answer(body, kind))) <= 400
