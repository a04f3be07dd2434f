import pytest

from apiward.core.event import Event
from apiward.watch.detections.inventory.shadow_probing import ShadowProbing
from apiward.watch.settings import SeeingSettings
from tests.watch.seeing import event, read, told, unknown

_WORDS = ("alpha", "beta", "gamma", "delta", "epsilon", "zeta")

TRIGGERS = {
    "names of all kinds": [unknown(60.0 * number, f"/api/{word}") for number, word in enumerate(_WORDS)],
    "doors that are well known": [unknown(0.0, "/.env"), unknown(1.0, "/wp-login.php"), unknown(2.0, "/actuator/env")],
    "a stranger who tries many": [
        unknown(float(number), f"/api/{word}{more}", who="anonymous:")
        for number, word in enumerate(_WORDS)
        for more in range(5)
    ],
    "doors that are locked, one by one": [
        unknown(60.0 * number, f"/api/{word}", status=401) for number, word in enumerate(_WORDS)
    ],
    "refused by the guard": [
        unknown(60.0 * number, f"/api/{word}", refused=True, rules=("route.undescribed",))
        for number, word in enumerate(_WORDS)
    ],
}
SILENT = {
    "what browsers ask for": [
        unknown(float(number), path)
        for number, path in enumerate(
            ("/favicon.ico", "/robots.txt", "/apple-touch-icon.png", "/apple-touch-icon-precomposed.png",
             "/.well-known/security.txt", "/sitemap.xml", "/manifest.json")
        )
    ],
    "pictures that are gone": [unknown(float(number), f"/img/{word}.png") for number, word in enumerate(_WORDS)],
    "one old link": [unknown(60.0 * number, "/api/old") for number in range(50)],
    "things that are gone": [read(float(number), number, status=404) for number in range(50)],
    "what is tried at every public server": [
        unknown(float(number), path, who="anonymous:")
        for number, path in enumerate(("/wp-login.php", "/administrator/", "/admin.php"))
    ],
    "a crawler with old links": [
        unknown(600.0 * number, f"/blog/{word}", who="anonymous:") for number, word in enumerate(_WORDS * 2)
    ],
    "a crawler that follows links to what is locked": [
        unknown(float(number), f"/wiki/bin/edit/{word}/{more}", who="anonymous:", status=401)
        for number, word in enumerate(_WORDS)
        for more in range(9)
    ],
    "a new address each week": [unknown(604_800.0 * number, f"/api/{word}") for number, word in enumerate(_WORDS)],
    "what is there": [event(float(number), "GET", path=f"/api/{word}") for number, word in enumerate(_WORDS)],
}  # fmt: skip


@pytest.mark.parametrize("events", TRIGGERS.values(), ids=list(TRIGGERS))
def test_it_is_told(events: list[Event]) -> None:
    assert told(ShadowProbing, events)


@pytest.mark.parametrize("events", SILENT.values(), ids=list(SILENT))
def test_it_stays_silent(events: list[Event]) -> None:
    assert not told(ShadowProbing, events)


def test_the_owner_may_look_around() -> None:
    own = SeeingSettings(own_addresses=("198.18.0.7",))
    assert not told(ShadowProbing, TRIGGERS["doors that are well known"], own)
