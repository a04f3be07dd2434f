import asyncio
from pathlib import Path

from apiward.demo.app import create_app
from apiward.demo.day import normal_day, strangers_day
from apiward.net.asgi import asgi_sender
from tests.guarded.demo_guard import Heard
from tests.guarded.patched_demo import guard_with, scan_and_patch

ORIGIN = "http://demo.test"


def _refused(folder: Path, weak: tuple[str, ...] = ()) -> tuple[int, list[str]]:
    app = create_app(weak, data_dir=folder)
    rules = scan_and_patch(weak, seed=5).plan.rules if weak else ()

    async def day() -> list[tuple[str, bool]]:
        served = guard_with(app, folder, rules, clock=app.state.desk.clock, heard=Heard()) if rules else app
        async with asgi_sender(served, clock=app.state.desk.clock) as sender:
            return [(one.what, one.went_well) for one in await normal_day(ORIGIN, sender.send)]

    errands = asyncio.run(day())
    app.state.desk.storage.close()
    return len(errands), [what for what, went_well in errands if not went_well]


def test_everything_works_on_a_normal_day(tmp_path: Path) -> None:
    assert _refused(tmp_path) == (65, [])


def test_a_call_that_is_refused_shows(tmp_path: Path) -> None:
    app = create_app((), data_dir=tmp_path)

    async def day() -> list[bool]:
        async with asgi_sender(app, clock=app.state.desk.clock) as sender:
            return [one.went_well for one in await normal_day(f"{ORIGIN}/elsewhere", sender.send)]

    assert not any(asyncio.run(day()))
    app.state.desk.storage.close()


def test_a_strangers_tries_get_through_at_the_weak_business_alone(tmp_path: Path) -> None:
    def tried(weak: tuple[str, ...]) -> dict[str, int]:
        folder = tmp_path / f"with {len(weak)}"
        folder.mkdir()
        app = create_app(weak, data_dir=folder)

        async def day() -> dict[str, int]:
            async with asgi_sender(app, clock=app.state.desk.clock) as sender:
                found = await strangers_day(ORIGIN, sender.send)
            return {one.what.partition("?")[0]: one.exchange.status or 0 for one in found}

        statuses = asyncio.run(day())
        app.state.desk.storage.close()
        return statuses

    missing, refused, found = 404, 401, 200
    assert tried(()) == {"GET /backup.zip": missing, "GET /shop/products": found, "GET /api/v2/admin/clients": refused}
    assert tried(("function-anonymous-clients",))["GET /api/v2/admin/clients"] == found
