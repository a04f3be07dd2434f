"""What is open to everybody, in amounts that nobody wants: pages copied, cards tried, coupons guessed and used up."""

from apiward.demo.traffic.asking import Session
from apiward.demo.traffic.attacks.attacking import Raid, insider, outsider
from apiward.demo.traffic.serving.making import written
from apiward.demo.traffic.settings import Attack
from apiward.demo.traffic.world import World

_CARDS = 60
_CODES = 80


def scrape(world: World, attack: Attack) -> Session:
    """Copy all that is for everybody, and, with an account, all that the tenant has."""
    raid: Raid = (yield from insider(world, attack)) if world.rng.random() < 0.5 else outsider(world, attack)
    actor = "" if raid.caller.user is not None else f"attacker:{int(world.rng.random() * 2**20)}"
    for kind in ("product", "article", *(("contact", "document") if not actor else ())):
        for page in range(1, 40):
            told = yield raid.ask(f"list-{kind}", extra=f"page={page}", after_s=0.4, actor=actor)
            if not told.shown:
                break
            for thing in told.shown:
                yield raid.ask(f"read-{kind}", thing.id, after_s=0.3 + world.rng.random() * 0.3, actor=actor)


def try_cards(world: World, attack: Attack) -> Session:
    """Try whether stolen cards still pay, with small orders."""
    raid = yield from insider(world, attack)
    made = yield raid.ask("create-order", value=written("order", world.rng, None, world.now_s))
    if made.thing is None:
        return
    for _ in range(_CARDS):
        number = f"{400_000 + int(world.rng.random() * 99_999)}{int(world.rng.random() * 10**10):010}"
        card = {"number": number, "expires": f"{1 + int(world.rng.random() * 12):02}/28", "cvc": "000"}
        yield raid.ask("pay", made.thing.id, {"card": {**card}}, after_s=2.0 + world.rng.random() * 6.0)


def try_coupons(world: World, attack: Attack) -> Session:
    """Guess codes, then use the good one again and again."""
    raid = yield from insider(world, attack)
    for _ in range(_CODES):
        word = ("SPRING", "SUMMER", "WELCOME", "VIP", "FRIENDS")[int(world.rng.random() * 5)]
        code = f"{word}{5 * int(world.rng.random() * 12)}"
        yield raid.ask("coupon", value={"code": code}, after_s=0.5 + world.rng.random() * 2.0)
    for _ in range(10):
        yield raid.ask("coupon", value={"code": "SPRING10"}, after_s=4.0)
        yield raid.ask("create-order", value=written("order", world.rng, None, world.now_s), after_s=2.0)
