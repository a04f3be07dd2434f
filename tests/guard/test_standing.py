from collections.abc import Callable
from dataclasses import replace
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from apiward.core.call import Answer, Call, RawHeaders
from apiward.core.decision import Decision, Edit, Mode
from apiward.core.principal import ANONYMOUS, Principal, PrincipalKind
from apiward.guard.editing import apply_routine
from apiward.guard.hearing import Spoke, heard_of_answer
from apiward.guard.phases import Phases, Steps
from apiward.guard.policy import Policy
from apiward.guard.stage import Judgement, Stage, StageName
from apiward.guard.stages.conceal import Conceal, ConcealSettings
from apiward.guard.stages.harden import Harden, HardenSettings
from apiward.guard.stages.minimise import Minimise, MinimiseSettings
from apiward.guard.standing import MOST, heard_of_head
from tests.guard.calls import call, parts

MODES: Final = tuple(Mode.ENFORCE for _ in StageName)
KNOWN: Final = Principal(PrincipalKind.USER, "7")
_ANSWER: Final = [(b"server", b"x"), (b"content-type", b"application/json"), (b"date", b"now"), (b"etag", b"1")]


class Says:
    """Says of every answer what it is told to, and counts how often it is asked."""

    name = StageName.HARDEN

    def __init__(self, said: Judgement, *, repeats: bool = True) -> None:
        self.said = said
        self.repeats = repeats
        self.asked = 0

    def on_answer_head(self, call: Call, answer: Answer) -> Judgement:
        self.asked += 1
        return self.said

    def repeats_head(self, answer: Answer) -> bool:
        return self.repeats


def _steps(*stages: Stage) -> Steps:
    return Phases(stages, Policy()).steps(MODES, None)


def _headers(
    steps: Steps, made: Call, headers: RawHeaders, fresh: tuple[Edit, ...] = ()
) -> tuple[Spoke | None, RawHeaders]:
    answer, routine = Answer(200, headers), list(fresh)
    spoke = heard_of_head(made, steps, answer, routine)
    if routine:
        apply_routine(answer, routine)
    return spoke, list(answer.headers)


def _long_way(
    steps: Steps, made: Call, headers: RawHeaders, fresh: tuple[Edit, ...]
) -> tuple[Spoke | None, RawHeaders]:
    answer, routine = Answer(200, list(headers)), list(fresh)
    spoke = heard_of_answer(made, steps.answer_last, answer, routine)
    if routine:
        apply_routine(answer, routine)
    return spoke, list(answer.headers)


def test_a_head_that_came_before_is_not_looked_at_again() -> None:
    stage, block = Says(Edit(added=((b"x-a", b"1"),))), list(_ANSWER)
    steps = _steps(stage)
    answers = [_headers(steps, call(), block)[1] for _ in range(3)]
    assert answers == [[*_ANSWER, (b"x-a", b"1")]] * 3
    assert stage.asked == 1
    assert block == _ANSWER, "others have the same one"


def test_it_is_looked_at_where_somebody_speaks_or_more_than_the_head_counts() -> None:
    for stage in (Says(Decision("a.b")), Says(Edit(), repeats=False)):
        steps, block = _steps(stage), list(_ANSWER)
        spoke = [_headers(steps, call(), block)[0] for _ in range(2)]
        assert (spoke[0] is None) is (stage.said == Edit())
        assert stage.asked == 2


def test_another_caller_operation_scheme_or_website_is_another_case() -> None:
    stage, block = Says(None), list(_ANSWER)
    steps = _steps(stage)
    made = call()
    others = (
        made, replace(made, operation_key="GET /b"), replace(made, scheme="https"), replace(made, principal=KNOWN),
    )  # fmt: skip
    for number, other in enumerate(others, 1):
        for _ in range(2):
            _headers(steps, other, block)
        assert stage.asked == number
    _headers(steps, replace(made, principal=replace(KNOWN, id="8")), block)
    assert stage.asked == len(others), "one who is known is like any other who is"
    for _ in range(2):
        _headers(steps, call(headers={"origin": "https://a.example"}), block)
    assert stage.asked == len(others) + 2


def test_dates_and_lengths_make_no_other_case_but_status_type_and_names_do() -> None:
    stage = Says(None)
    steps = _steps(stage)
    for date in (b"now", b"later"):
        _headers(steps, call(), [(b"date", date), (b"content-type", b"text/html")])
    assert stage.asked == 1
    for headers in (
        [(b"content-type", b"text/html"), (b"date", b"now")],
        [(b"date", b"now"), (b"content-type", b"a/b")],
    ):
        _headers(steps, call(), headers)
    heard_of_head(call(), steps, Answer(404, [(b"date", b"now"), (b"content-type", b"text/html")]), [])
    assert stage.asked == 4


def test_what_is_remembered_is_bounded() -> None:
    steps = _steps(Says(None))
    for number in range(MOST + 10):
        _headers(steps, replace(call(), operation_key=f"GET /{number}"), list(_ANSWER))
    assert len(steps.standing) == 10


_names = st.sampled_from([b"server", b"content-type", b"x-a", b"x-frame-options", b"vary", b"ratelimit", b"set-cookie"])
_values = st.sampled_from([b"1", b"text/html", b"application/json", b"nosniff"])
_pairs = st.tuples(_names, _values)
_edits = st.builds(
    Edit, removed=st.frozensets(_names, max_size=2), added=st.lists(_pairs, max_size=2).map(tuple)
)  # fmt: skip
_cases = [(principal, scheme) for principal in (ANONYMOUS, KNOWN) for scheme in ("http", "https")]
_real: Final[dict[str, Callable[[], Stage]]] = {
    "conceal": lambda: Conceal(ConcealSettings(), parts()),
    "harden": lambda: Harden(HardenSettings(), parts()),
    "listed": lambda: Harden(HardenSettings(allowed_origins=("https://a.example",)), parts()),
    "minimise": lambda: Minimise(MinimiseSettings(), parts()),
}


@given(st.lists(_pairs, max_size=5), st.lists(_edits, max_size=2).map(tuple), st.lists(_edits, min_size=1, max_size=2))
def test_what_is_remembered_gives_what_the_long_way_gives(
    headers: RawHeaders, fresh: tuple[Edit, ...], said: list[Edit]
) -> None:
    steps, block = _steps(*map(Says, said)), list(headers)
    for _ in range(2):
        assert _headers(steps, call(), block, fresh) == _long_way(steps, call(), headers, fresh)


@given(
    st.lists(_pairs, max_size=5), st.lists(st.sampled_from([*_real]), min_size=1, unique=True), st.permutations(_cases)
)
def test_real_stages_repeat_what_they_say_of_a_head(
    headers: RawHeaders, names: list[str], cases: list[tuple[Principal, str]]
) -> None:
    stages = [_real[name]() for name in sorted(names)]
    fresh = (Edit(added=((b"ratelimit", b"r=1"),)),)
    steps = _steps(*stages)
    later = [(name, value if name == b"content-type" else b"2") for name, value in headers]
    for principal, scheme in cases:
        made = replace(call(), principal=principal, scheme=scheme)
        for one in (headers, later, headers):
            assert _headers(steps, made, list(one), fresh) == _long_way(steps, made, one, fresh)
