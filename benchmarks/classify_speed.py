"""How fast answers are classified: MB/s over 1 MB of realistic JSON, against json.loads in the same run.

Run: python benchmarks/classify_speed.py
"""

import json
import time
from collections.abc import Callable

from apiward.classify.fields import classify_json
from apiward.classify.masking import Masker

SIZE = 1_000_000
ROUNDS = 5


def record(number: int) -> dict[str, object]:
    """Return one made-up customer as a shop's API would answer it."""
    return {
        "id": number,
        "uuid": f"5f0c1c2e-3b1a-4d2f-9a3b-{number:012}",
        "firstName": "Ann",
        "lastName": f"Example{number}",
        "email": f"ann.example{number}@example.com",
        "phone": f"+49 151 {1000000 + number}",
        "active": number % 2 == 0,
        "createdAt": "2024-01-15T10:30:00Z",
        "address": {"street": f"{number} High Street", "city": "Springfield", "country": "DE", "postcode": "12345"},
        "orders": [
            {"order_id": number * 10 + i, "title": "Blue cotton shirt, long sleeves", "price": 19.99, "currency": "EUR",
             "status": "shipped", "image": f"https://cdn.example.com/img/{number}/{i}.webp", "tags": ["new", "summer"]}
            for i in range(3)
        ],
        "notes": "Prefers delivery in the afternoon. Rings twice. Please leave parcels with the neighbour.",
    }  # fmt: skip


def document() -> bytes:
    """Return about SIZE bytes of JSON."""
    one = len(json.dumps(record(1)))
    return json.dumps([record(number) for number in range(SIZE // one)]).encode()


def best_s(work: Callable[[], object]) -> float:
    """Return the shortest of ROUNDS runs, in seconds."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    """Measure and print."""
    body = document()
    value = json.loads(body)
    megabytes = len(body) / 1e6
    loads_s = best_s(lambda: json.loads(body))
    found = sum(len(classify_json(item)) for item in value)
    # One by one: a single call looks at no more than core.jsonvalue.MAX_WALK_NODES nodes.
    classify_s = best_s(lambda: [classify_json(item) for item in value])
    mask_s = best_s(lambda: Masker(["a-known-secret"]).mask_body(body))
    print(f"document            {megabytes:.2f} MB, {found} pieces found")
    print(f"json.loads          {megabytes / loads_s:8.1f} MB/s")
    print(f"classify_json       {megabytes / classify_s:8.1f} MB/s   {classify_s / loads_s:.1f} times json.loads")
    mask_ratio = mask_s / loads_s
    print(f"Masker.mask_body    {megabytes / mask_s:8.1f} MB/s   {mask_ratio:.1f} times json.loads (keeps 4,000 bytes)")


if __name__ == "__main__":
    main()
