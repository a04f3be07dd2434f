"""Links are looked for by the rules of the catalogue alone."""

from apiward.catalogue.entries import MEETINGS
from apiward.catalogue.loading import load_catalogue
from apiward.scan.linking.finding_links import SEEN, TRIED
from tests.scan.harness import scan_app
from tests.scan.linking.saying import shows
from tests.scan.small_api import Call, Json, SmallApi


def test_every_meeting_has_its_way_to_be_seen() -> None:
    assert {*SEEN, *TRIED} == set(MEETINGS)
    for story in load_catalogue().stories.values():
        assert story.meets in (SEEN if story.then else TRIED), story.id


def test_findings_that_do_not_touch_are_no_story() -> None:
    api = SmallApi()

    def nothing(_: Call) -> Json:
        return {"text": "nothing of anybody"}

    codes = sorted({code for story in load_catalogue().stories.values() for code in (*story.first, *story.then)})
    for code in codes:
        api.route("GET", f"/{code.lower()}", nothing, secured=False)
    app, description = api.pair()
    checks = [shows(code, f"GET /{code.lower()}") for code in codes]
    report = scan_app(app, description, checks, uses_roles=True).report
    assert len(report.findings) == len(codes)
    assert report.links == ()
