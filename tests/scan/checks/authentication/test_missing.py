from apiward.core.verdict import Confidence, Outcome
from apiward.scan.checks.authentication.missing import CHECK
from tests.scan.checks.authentication.cases import case, twins
from tests.scan.checks.judged import sure_of
from tests.scan.checks.objects.shapes import published, shelf

AT = "GET /orders"
TRIGGERS = (
    case("read without log-in", "GET /prices", weak="any-header", token="opaque"),
    case("make without log-in", "POST /orders", weak="make"),
    case("make without log-in, refusals with 200", "POST /orders", weak="make", shows_no_with_ok=True),
)
SILENT = (
    case("a page for browsers", "GET /prices", Outcome.UNSURE, weak="page"),
    case("all refused", AT, Outcome.HOLDS),
    case("all refused with status 200", AT, Outcome.HOLDS, shows_no_with_ok=True),
    case("cookies", "GET /prices", Outcome.HOLDS, cookie=True),
    case("described as public", "GET /orders", Outcome.HOLDS, weak="public"),
    case("an empty shell for strangers", AT, weak="shell"),
    case("strangers are thanked and nothing is done", "POST /orders", Outcome.UNSURE, weak="do-nothing"),
)


test_fires_on_the_weak_twin, test_is_silent_on_the_sound_twin = twins(CHECK, TRIGGERS, SILENT)


def test_what_is_open_on_purpose_against_its_description_is_not_proved() -> None:
    found = sure_of(published(), CHECK)
    assert found["GET /articles/{article_id}"] is found["GET /articles"] is Confidence.LIKELY


def test_what_a_list_shows_its_owner_alone_is_proved() -> None:
    assert sure_of(shelf(weak=["anonymous"]), CHECK)["GET /notes/{note_id}"] is Confidence.PROVED
