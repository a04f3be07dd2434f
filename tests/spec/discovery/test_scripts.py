import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.core.jsonvalue import NOT_JSON, Json
from apiward.spec.discovery.clues import Clue
from apiward.spec.discovery.scripts import FORM, JSON, bases, script_clues


def only(text: str) -> Clue:
    (found,) = script_clues(text)
    return found


@pytest.mark.parametrize(
    ("text", "method", "target"),
    [
        ('n.get("/me")', "GET", "/me"),
        ("api.get(`/notes/${e}`)", "GET", "/notes/{}"),
        ("api.get<Note[]>('/notes')", "GET", "/notes"),
        ('n.delete("/notes/"+e)', "DELETE", "/notes/{}"),
        ('n.put("/clients/"+e.id+"/contact",{phone:t})', "PUT", "/clients/{}/contact"),
        ('n.get("/goals/".concat(e))', "GET", "/goals/{}"),
        ('n.get("/goals/".concat(e.id,"/steps/").concat(t))', "GET", "/goals/{}/steps/{}"),
        ('fetch("/shop/cart")', "GET", "/shop/cart"),
        ('fetch("/shop/cart",{method:"PUT",body:JSON.stringify({items:e})})', "PUT", "/shop/cart"),
        ('fetch("/shop/cart",{body:JSON.stringify({items:e})})', "POST", "/shop/cart"),
        ("$.ajax({url:'/orders/7',type:'DELETE'})", "DELETE", "/orders/7"),
        ('axios({method:"patch",url:"/orders/"+o,data:{state:"open"}})', "PATCH", "/orders/{}"),
        ('x.open("POST","/pay")', "POST", "/pay"),
        ("Shop.request('PUT','/api/cart/'+id, key)", "PUT", "/api/cart/{}"),
        ('const a="/api/v1/users"', "", "/api/v1/users"),
        ('{path:"/orders/:id/items"}', "", "/orders/{}/items"),
        ('fetch("https://shop.example/api/x")', "GET", "https://shop.example/api/x"),
    ],
)
def test_calls_are_read(text: str, method: str, target: str) -> None:
    found = only(text)
    assert (found.method, found.target) == (method, target)


@pytest.mark.parametrize(
    ("text", "kind", "body"),
    [
        ('n.post("/a",{title:e,text:"x"})', JSON, {"title": "", "text": ""}),
        ('n.post("/a",{note:{title:e,tags:[{name:t}]},done:!0,n:2})', JSON,
         {"note": {"title": "", "tags": [{"name": ""}]}, "done": True, "n": 1}),
        ('n.post("/a",{title,text})', JSON, {"title": "", "text": ""}),
        ('n.post("/a",new URLSearchParams({grant_type:"password",username:e}))', FORM,
         {"grant_type": "", "username": ""}),
        ('n.post("/a",e)', "", NOT_JSON),
        ('call("POST","/a",this.key,{title:e})', JSON, {"title": ""}),
        ('fetch("/a",{method:"POST",headers:h(),body:JSON.stringify({...r,"two words":f(a,b),c:`x,${y}`})})', JSON,
         {"two words": "", "c": ""}),
    ],
)  # fmt: skip
def test_what_is_sent_is_read(text: str, kind: str, body: Json) -> None:
    found = only(text)
    assert (found.method, found.body_type, found.body) == ("POST", kind, body)


def test_query_names_are_read() -> None:
    assert only('fetch("/products?category="+e+"&page="+p)').query == ("category", "page")
    assert only('n.get("/products",{params:{sort:e,page:1}})').query == ("sort", "page")


def test_an_address_that_only_the_program_knows_stands_before_it() -> None:
    assert only("fetch(`${API}/notes/${id}`)") == Clue("/notes/{}", "GET", is_based=True)
    assert only('n.get(BASE+"/notes")').is_based
    assert list(bases("axios.create({baseURL:\"/api/v2\"});const API_URL='/v1'")) == ["/api/v2", "/v1"]


@pytest.mark.parametrize(
    "text",
    [
        '"use strict"',
        "'a b/c d'",
        'x="12/31"',
        "/regex/.test(y)",
        "`${a}-${b}`",
        '"text/html"',
        "// it's / a comment",
        "",
    ],
)
def test_other_texts_tell_nothing(text: str) -> None:
    assert list(script_clues(text)) == []


@given(st.text(alphabet="\"'`/${}().,:;+ abfetchpostget\\\n[]=?", max_size=400))
def test_any_text_is_read_without_an_error(text: str) -> None:
    for clue in script_clues(text):
        assert "/" in clue.target
        assert len(clue.target) < 4_000


@pytest.mark.parametrize(
    "piece", ['"/a', "`/${", 'fetch("/a",{', 'n.post("/a",{a:', "'/'+a+", '"/a".concat(b,', "{[(", '"']
)
def test_hostile_scripts_take_linear_time(piece: str) -> None:
    begun = time.process_time()
    list(script_clues(piece * 300))
    first = time.process_time() - begun
    begun = time.process_time()
    list(script_clues(piece * 1_200))
    # linear is four times as much; the square would be sixteen times
    assert time.process_time() - begun < 11 * first + 0.2
