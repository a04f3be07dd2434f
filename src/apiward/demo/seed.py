"""What stands in the demo business's database on its first day, and after every reset."""

import json
import random
import uuid
from typing import Final

from apiward.demo.people import CLIENT, OTHER_CLIENT, OWNER, SEEDED, hash_password
from apiward.demo.storage import Storage

ARTICLES: Final = 240
THEMES: Final = ("Sleep", "Focus", "Career", "Courage", "Habits", "Rest", "Change", "Money", "Family", "Purpose")
KINDS: Final = ("first steps", "a short guide", "three questions", "what helps", "a story", "for busy weeks")
PRODUCTS: Final = (
    ("Clarity journal", "books", 1900, "Ninety guided pages for the morning."),
    ("Goal planner", "books", 2400, "One page for every week of the year."),
    ("Breathing course", "courses", 4900, "Six short lessons with audio."),
    ("Career course", "courses", 12900, "Ten lessons to find the next step."),
    ("Values cards", "cards", 1500, "Fifty cards for a quiet evening."),
    ("Question cards", "cards", 1400, "Questions for the end of the day."),
    ("Gift voucher", "vouchers", 8000, "One hour of coaching for a friend."),
    ("Five-hour package", "vouchers", 36000, "Five hours, to be used within a year."),
)
TESTIMONIALS: Final = (
    ("Mira", "mira.okafor@mail.example", "+44 20 7946 0211", "I changed my job and sleep again."),
    ("Jonas", "jonas.feld@post.example", "+49 30 23125 221", "Clear questions, no fuss."),
    ("Priya", "priya.nair@mail.example", "+91 22 5550 0133", "She helped me to say no."),
)


def fill(storage: Storage, rng: random.Random) -> None:
    """Empty the database and write the first day into it; `rng` decides ids and salts."""
    storage.wipe()
    storage.rows("BEGIN")
    ids = {person.email: _add_person(storage, rng, person.email) for person in SEEDED}
    _add_public(storage, ids[OWNER.email])
    for number, person in enumerate((CLIENT, OTHER_CLIENT), start=1):
        _add_records(storage, rng, ids[person.email], number)
    storage.rows("COMMIT")


def new_id(rng: random.Random) -> str:
    """Return a random UUID (version 4)."""
    return str(uuid.UUID(int=rng.getrandbits(128), version=4))


def _add_person(storage: Storage, rng: random.Random, email: str) -> str:
    person = next(p for p in SEEDED if p.email == email)
    person_id = new_id(rng)
    kept = hash_password(person.password, rng.randbytes(16))
    storage.insert(
        "people", id=person_id, email=email, name=person.name, phone=person.phone, role=person.role,
        password_hash=kept, verified=1,
    )  # fmt: skip
    return person_id


def _add_public(storage: Storage, coach: str) -> None:
    for number in range(ARTICLES):
        theme, kind = THEMES[number % len(THEMES)], KINDS[number % len(KINDS)]
        storage.insert(
            "articles", slug=f"{theme}-{kind}-{number + 1}".lower().replace(" ", "-"), author=coach,
            author_name=OWNER.name, title=f"{theme}: {kind}", text=f"{theme} in everyday life, part {number + 1}.",
        )  # fmt: skip
    for name, category, price, description in PRODUCTS:
        storage.insert("products", name=name, category=category, price_cents=price, description=description)
    for name, email, phone, text in TESTIMONIALS:
        storage.insert("testimonials", name=name, email=email, phone=phone, text=text)
    storage.insert("resources", title="Worksheet: a good week", link="/files/good-week.pdf")
    storage.insert("resources", title="Audio: ten calm minutes", link="/files/ten-minutes.mp3")
    storage.insert("coupons", code="SPRING10", percent=10)
    storage.insert("vouchers", code="WELCOME5", worth_cents=500)
    storage.insert("subscribers", email=TESTIMONIALS[0][1])


def _add_records(storage: Storage, rng: random.Random, owner: str, number: int) -> None:
    storage.insert("notes", owner=owner, title=f"Session {number}", text=f"Private thoughts, part {number}.")
    storage.insert("goals", slug=f"run-ten-kilometres-{number}", owner=owner, title="Run ten kilometres", done=0)
    booking = new_id(rng)
    storage.insert(
        "bookings", id=booking, owner=owner, starts_at=f"2027-03-0{number}T10:00:00Z", topic="Sleep and worry",
        state="confirmed", price_cents=9000,
    )  # fmt: skip
    storage.insert(
        "payments", owner=owner, booking_id=booking, amount_cents=9000, card_last4="4242", reference=f"INV-{number}"
    )
    storage.insert(
        "orders", owner=owner, items=json.dumps([{"product_id": number, "quantity": 1}]), total_cents=1900,
        paid=1, address=f"{number} Quay Street, Bristol", state="paid",
    )  # fmt: skip
