"""What one user may send within the limits of a server, as moves that the search puts together.

A move is its name and its numbers, so that a sequence of moves is a line of JSON that can be run again.
`random_move` makes one, `tests.bench.hostile_hand` runs it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any, Final

from tests.bench.hostile_texts import CHANGES, TEXTS

Move = tuple[str, dict[str, Any]]

LIMIT: Final = 1_990_000
"""Code points that a text of the search has at most: a few less than a document may have."""

FRAMES: Final[Mapping[str, str]] = {
    "ping": '{"event":"ping","data":{}}',
    "sync": '{"event":"request_sync","data":{"lastKnownVersion":0}}',
    "content": '{"event":"request_sync","data":{"lastKnownVersion":0,"content":true}}',
    "join": '{"event":"join_session","data":{"specId":"SPEC"}}',
    "cursor": '{"event":"cursor_update","data":{"cursor":{"line":1000000,"column":9}}}',
    "old cursor": '{"event":"cursor_update","data":{"cursor":{"line":9,"column":9},"version":0}}',
    "not JSON": "{" * 100,
    "unknown": '{"event":"nothing","data":{"a":[1,2,3]}}',
    "no id": '{"event":"operation","data":{"version":1,"operations":[]}}',
    "bad operation": '{"event":"operation","data":{"operationId":"ID","version":1,"operations":[{"type":"x"}]}}',
    "ahead": '{"event":"operation","data":{"operationId":"ID","version":999999,"operations":[]}}',
    "token": '{"event":"authenticate","data":{"token":"eyJhbGciOiJIUzI1NiJ9.e30.AAAA"}}',
    "deep": '{"event":"cursor_update","data":' + "[" * 900 + "]" * 900 + "}",
    "wide": '{"event":"operation","data":{"operationId":"ID","version":1,"operations":['
    + ",".join(['{"type":"retain","length":0}'] * 300)
    + "]}}",
    "quotes": '{"event":"ping","data":"' + '\\"' * 30_000,
    "brackets": '{"event":"ping","data":' + "[" * 60_000,
    "objects": '{"event":"operation","data":{"operationId":"ID","version":1,"operations":['
    + ",".join(["{}"] * 20_000)
    + "]}}",
    "numbers": '{"event":"cursor_update","data":{"cursor":{"line":' + "9" * 4_000 + ',"column":0}}}',
}
BODIES: Final[Mapping[str, Callable[[int], bytes]]] = {
    "nested": lambda size: b'{"content":' + b"[" * size,
    "array": lambda size: b'{"version":1,"content":"","x":[' + b"0," * (size // 2) + b"0]}",
    "objects": lambda size: b'{"version":1,"content":"","x":[' + b'{"a":{}},' * (size // 9) + b"0]}",
    "escapes": lambda size: b'{"version":1,"content":"' + b"\\u00e9" * (size // 6) + b'"}',
    "NUL at the end": lambda size: b'{"version":1,"content":"' + b"a" * size + b'\\u0000"}',
    "too long": lambda size: b'{"version":1,"content":"' + b"a" * size + b'"}',
    "spaces": lambda size: b" " * size,
    "title": lambda size: b'{"title":"' + b"a" * size + b'","content":""}',
}
QUERIES: Final = (
    "a",
    "x",
    "line",
    "zz",
    "1",
    "a b c d e f g h i j k l m n o p",
    "é",
    '"',
    "%",
    "_" * 50,
    "中",
    " ".join("abcdefgh"),
)


def random_move(chance: random.Random, name: str | None = None) -> Move:
    """A move of a kind, or of any."""
    name = name or chance.choice(list(KINDS))
    return name, KINDS[name](chance)


def _size(chance: random.Random, most: int = LIMIT) -> int:
    return int(most ** (0.35 + 0.65 * chance.random()))


def _base(chance: random.Random) -> float:
    """How far in the history: from 0, its beginning, to 1, now."""
    return chance.choice([0.0, 1.0, 1.0, round(chance.random(), 2)])


def _leaving(chance: random.Random) -> float | None:
    return chance.choice([None, None, 0.05, 0.3, 1.0])


KINDS: Final[Mapping[str, Callable[[random.Random], dict[str, Any]]]] = {
    "spec": lambda c: {"shape": c.choice(list(TEXTS)), "length": _size(c), "seed": c.randrange(1_000)},
    "operations": lambda c: {
        "kind": c.choice(["inserts", "edits", "delete", "delete all", "long insert", "empty", "lines"]),
        "count": c.choice([1, 5, 20, 60, 100]),
        "parts": c.choice([1, 10, 100, 200]),
        "base": _base(c),
        "flight": c.choice([1, 20, 100]),
        "seed": c.randrange(1_000),
    },
    "put": lambda c: {
        "change": c.choice(list(CHANGES)),
        "base": _base(c),
        "times": c.choice([1, 2, 5, 20]),
        "at_once": c.choice([1, 2, 8]),
        "leave": _leaving(c),
        "seed": c.randrange(1_000),
    },
    "diff": lambda c: {
        "version": _base(c),
        "against": _base(c),
        "times": c.choice([1, 8, 30]),
        "leave": _leaving(c),
    },
    "revisions": lambda c: {
        "times": c.choice([1, 6, 30]),
        "content": c.choice(["true", "false"]),
        "limit": c.choice([1, 100]),
        "leave": _leaving(c),
    },
    "version": lambda c: {"version": _base(c), "times": c.choice([1, 6, 30]), "leave": _leaving(c)},
    "restore": lambda c: {"version": _base(c), "times": c.choice([1, 3, 10])},
    "label": lambda c: {"times": c.choice([1, 10, 60]), "at_once": c.choice([1, 8])},
    "document": lambda c: {"times": c.choice([1, 10, 50, 200]), "leave": _leaving(c)},
    "list": lambda c: {"query": c.choice(QUERIES), "times": c.choice([1, 10, 50, 200]), "leave": _leaving(c)},
    "join": lambda c: {"times": c.choice([1, 4, 20]), "known": c.choice([None, 0.0, 0.5, 1.0])},
    "leave": lambda c: {},
    "sync": lambda c: {
        "times": c.choice([1, 10, 100]),
        "known": _base(c),
        "content": c.choice([True, False]),
    },
    "frames": lambda c: {
        "kind": c.choice(list(FRAMES)),
        "times": c.choice([10, 100, 1_000, 10_000, 50_000]),
        "sockets": c.choice([1, 4]),
    },
    "poll": lambda c: {
        "times": c.choice([1, 4, 20]),
        "kind": c.choice(list(FRAMES)),
        "wait": c.choice([0, 1]),
    },
    "change entry": lambda c: {"times": c.choice([1, 20, 60]), "length": c.choice([1, 200, 2_000])},
    "create": lambda c: {"times": c.choice([1, 10, 60]), "length": _size(c), "at_once": c.choice([1, 8])},
    "delete": lambda c: {},
    "share": lambda c: {"times": c.choice([1, 10, 60])},
    "tokens": lambda c: {"times": c.choice([1, 10, 100])},
    "body": lambda c: {
        "kind": c.choice(list(BODIES)),
        "size": c.choice([10_000, 1_000_000, 10_000_000, 50_000_000]),
        "times": c.choice([1, 4]),
        "path": c.choice(["document", "revisions", "session"]),
    },
    "deaf": lambda c: {"times": c.choice([1, 5]), "kind": c.choice(["sync", "content", "ping"])},
    "wait": lambda c: {"seconds": c.choice([0.1, 0.5, 2.0])},
}
"""What there is, and the numbers of each. A move with ``together`` does not wait until the one before has ended."""
