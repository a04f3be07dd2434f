"""The demo business's database: tables, and a connection that cannot be kept busy for long."""

import sqlite3
import time
from pathlib import Path
from typing import Final

FILE_NAME: Final = "coaching.sqlite3"
# One statement may hold the demo for so long at most (injected SQL may be slow on purpose).
STATEMENT_LIMIT_S: Final = 6.0
VALUE_LIMIT_BYTES: Final = 256 * 1024 * 1024

TABLES: Final = """
CREATE TABLE people (id TEXT PRIMARY KEY, email TEXT UNIQUE NOT NULL, name TEXT NOT NULL, phone TEXT NOT NULL,
  role TEXT NOT NULL, password_hash TEXT NOT NULL, credit_cents INTEGER NOT NULL DEFAULT 0,
  verified INTEGER NOT NULL DEFAULT 0, token_version INTEGER NOT NULL DEFAULT 1,
  factor_secret TEXT NOT NULL DEFAULT '', factor_on INTEGER NOT NULL DEFAULT 0);
CREATE TABLE notes (id INTEGER PRIMARY KEY, owner TEXT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL);
CREATE TABLE goals (slug TEXT PRIMARY KEY, owner TEXT NOT NULL, title TEXT NOT NULL, done INTEGER NOT NULL);
CREATE TABLE steps (id INTEGER PRIMARY KEY, goal TEXT NOT NULL, text TEXT NOT NULL);
CREATE TABLE bookings (id TEXT PRIMARY KEY, owner TEXT NOT NULL, starts_at TEXT NOT NULL, topic TEXT NOT NULL,
  state TEXT NOT NULL, price_cents INTEGER NOT NULL);
CREATE TABLE payments (id INTEGER PRIMARY KEY, owner TEXT NOT NULL, booking_id TEXT NOT NULL,
  amount_cents INTEGER NOT NULL, card_last4 TEXT NOT NULL, reference TEXT NOT NULL);
CREATE TABLE calendars (owner TEXT PRIMARY KEY, address TEXT NOT NULL);
CREATE TABLE articles (id INTEGER PRIMARY KEY, slug TEXT UNIQUE NOT NULL, author TEXT NOT NULL,
  author_name TEXT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL);
CREATE TABLE testimonials (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL, phone TEXT NOT NULL,
  text TEXT NOT NULL);
CREATE TABLE resources (id INTEGER PRIMARY KEY, title TEXT NOT NULL, link TEXT NOT NULL);
CREATE TABLE subscribers (email TEXT PRIMARY KEY);
CREATE TABLE messages (id INTEGER PRIMARY KEY, email TEXT NOT NULL, text TEXT NOT NULL);
CREATE TABLE products (id INTEGER PRIMARY KEY, name TEXT NOT NULL, category TEXT NOT NULL,
  price_cents INTEGER NOT NULL, description TEXT NOT NULL);
CREATE TABLE orders (id INTEGER PRIMARY KEY, owner TEXT NOT NULL, items TEXT NOT NULL,
  total_cents INTEGER NOT NULL, paid INTEGER NOT NULL, address TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'placed');
CREATE TABLE carts (owner TEXT PRIMARY KEY, items TEXT NOT NULL);
CREATE TABLE coupons (code TEXT PRIMARY KEY, percent INTEGER NOT NULL);
CREATE TABLE vouchers (code TEXT PRIMARY KEY, worth_cents INTEGER NOT NULL);
CREATE TABLE perks (owner TEXT NOT NULL, what TEXT NOT NULL);
CREATE TABLE reviews (id INTEGER PRIMARY KEY, product_id INTEGER NOT NULL, owner TEXT NOT NULL,
  display_name TEXT NOT NULL, stars INTEGER NOT NULL, text TEXT NOT NULL);
"""
NAMES: Final = tuple(line.split()[2] for line in TABLES.splitlines() if line.startswith("CREATE TABLE"))


class Storage:
    """One SQLite file. Statements run one after another on the server's only thread."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE_NAME
        self.path.unlink(missing_ok=True)
        self._connection = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False)
        self._connection.row_factory = sqlite3.Row
        self._connection.executescript("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF;")
        self._connection.executescript(TABLES)
        self._connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, VALUE_LIMIT_BYTES)
        self._stop_at = 0.0
        self._connection.set_progress_handler(lambda: int(time.monotonic() > self._stop_at), 20_000)

    def rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        """Run one statement and return all its rows; raises sqlite3.Error."""
        self._stop_at = time.monotonic() + STATEMENT_LIMIT_S
        return self._connection.execute(sql, values).fetchall()

    def row(self, sql: str, *values: object) -> sqlite3.Row | None:
        """Run one statement and return its first row; raises sqlite3.Error."""
        return next(iter(self.rows(sql, *values)), None)

    def insert(self, table: str, **values: object) -> int:
        """Add one row and return its row number; raises sqlite3.IntegrityError. `table` is never input."""
        names, marks = ", ".join(values), ", ".join("?" * len(values))
        cursor = self._connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(values.values()))
        return cursor.lastrowid or 0

    def change(self, table: str, key: str, value: object, **values: object) -> None:
        """Set `values` in the rows of `table` where `key` is `value`; names are never input."""
        sets = ", ".join(f"{name} = ?" for name in values)
        self.rows(f"UPDATE {table} SET {sets} WHERE {key} = ?", *values.values(), value)

    def wipe(self) -> None:
        """Empty every table."""
        for table in NAMES:
            self.rows(f"DELETE FROM {table}")

    def close(self) -> None:
        """Close the file and delete it."""
        self._connection.close()
        self.path.unlink(missing_ok=True)
