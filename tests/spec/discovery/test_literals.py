from hypothesis import given
from hypothesis import strategies as st

from apiward.core.jsonvalue import walk
from apiward.spec.discovery.literals import MAX_DEPTH, MAX_NAMES, object_at


def test_names_and_kinds_are_read() -> None:
    text = "x={a:1,b:-2.5,c:true,d:'t',\"e f\":[],g:[1,2],h:{i:x(1,{z:2})},...rest,[k]:3,j,l:()=>{return 1}}"
    shape = {"a": 1, "b": 1.5, "c": True, "d": "", "e f": [], "g": [1], "h": {"i": ""}, "j": "", "l": ""}
    assert object_at(text, 2) == shape


def test_what_is_no_object_is_empty() -> None:
    assert object_at("x", 0) == object_at("", 0) == object_at("{}", 0) == object_at("[1]", 0) == {}


def test_depth_and_names_are_bounded() -> None:
    assert max(len(pointer) for pointer, _ in walk(object_at("{a:" * 50, 0))) <= MAX_DEPTH + 1
    assert len(object_at("{" + ",".join(f"a{n}:1" for n in range(500)) + "}", 0)) <= MAX_NAMES


@given(st.text(alphabet="{}[]()\"'`,:;ab1.! \n", max_size=300))
def test_any_text_ends(text: str) -> None:
    assert isinstance(object_at(text, 0), dict)
