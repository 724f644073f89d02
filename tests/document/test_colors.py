"""The colors of users: told apart by everybody, readable everywhere, kept, and the same on all servers."""

from __future__ import annotations

import itertools
import random
from datetime import UTC, datetime, timedelta
from math import atan2, cos, degrees, exp, hypot, radians, sin, sqrt

import pytest

from jupyter_speccollab.document.colors import PALETTE, ColoredSession, colors_of, free_color

Vector = tuple[float, float, float]
Matrix = tuple[Vector, Vector, Vector]

EYES: dict[str, Matrix] = {
    "all cones": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "no red cones": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "no green cones": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "no blue cones": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
"""What eyes make of linear sRGB: Machado, Oliveira and Fernandes 2009, severity 1.0."""

TOLD_APART = 9.9
"""The least distance (CIEDE2000) of two of the first ten colors, in all eyes; one of 2.3 is just noticeable."""

LIGHT, DARK = "#ffffff", "#212121"
"""JupyterLab's light background, and the lighter one of its dark ones."""


def linear(color: str) -> Vector:
    red, green, blue = (int(color[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return _linear(red), _linear(green), _linear(blue)


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def times(matrix: Matrix, vector: Vector) -> Vector:
    first, second, third = (sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix)
    return first, second, third


XYZ: Matrix = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)


def lab(color: str, eyes: Matrix) -> Vector:
    """The color as these eyes see it, in CIELAB (D65)."""
    red, green, blue = (min(1.0, max(0.0, value)) for value in times(eyes, linear(color)))
    white = times(XYZ, (1, 1, 1))
    x, y, z = (value / of for value, of in zip(times(XYZ, (red, green, blue)), white, strict=True))
    fx, fy, fz = (v ** (1 / 3) if v > 216 / 24389 else (24389 / 27 * v + 16) / 116 for v in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def distance(one: Vector, other: Vector) -> float:
    """CIEDE2000, after Sharma, Wu and Dalal 2005."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    mean = (hypot(a1, b1) + hypot(a2, b2)) / 2
    g = 0.5 * (1 - sqrt(mean**7 / (mean**7 + 25**7)))
    a1, a2 = a1 * (1 + g), a2 * (1 + g)
    c1, c2 = hypot(a1, b1), hypot(a2, b2)
    h1, h2 = degrees(atan2(b1, a1)) % 360, degrees(atan2(b2, a2)) % 360
    turn = (h2 - h1 + 180) % 360 - 180
    dl, dc, dh = l2 - l1, c2 - c1, 2 * sqrt(c1 * c2) * sin(radians(turn / 2))
    lightness, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    hue = (h1 + turn / 2) % 360
    t = (
        1
        - 0.17 * cos(radians(hue - 30))
        + 0.24 * cos(radians(2 * hue))
        + 0.32 * cos(radians(3 * hue + 6))
        - 0.2 * cos(radians(4 * hue - 63))
    )
    rotation = -sin(radians(60 * exp(-(((hue - 275) / 25) ** 2)))) * 2 * sqrt(chroma**7 / (chroma**7 + 25**7))
    sl = 1 + 0.015 * (lightness - 50) ** 2 / sqrt(20 + (lightness - 50) ** 2)
    sc, sh = 1 + 0.045 * chroma, 1 + 0.015 * chroma * t
    x, y, z = dl / sl, dc / sc, dh / sh
    return sqrt(max(0.0, x * x + y * y + z * z + rotation * y * z))


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2."""
    lights = sorted(times(XYZ, linear(color))[1] for color in (one, other))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


@pytest.mark.parametrize("eyes", EYES)
def test_ten_people_are_told_apart(eyes: str) -> None:
    seen = [lab(color, EYES[eyes]) for color in PALETTE[:10]]
    assert min(itertools.starmap(distance, itertools.combinations(seen, 2))) > TOLD_APART


def test_the_distance_is_that_of_the_publication() -> None:
    """Three of the pairs by which Sharma, Wu and Dalal let implementations be checked."""
    for one, other, published in (
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, 2.5, 0), (56, -27, -3), 31.9030),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ):
        assert distance(one, other) == pytest.approx(published, abs=1e-4)


@pytest.mark.parametrize("color", PALETTE)
def test_each_is_readable_on_light_and_dark_and_carries_a_name(color: str) -> None:
    for background in (LIGHT, DARK):
        assert contrast(color, background) >= 3, background
    assert max(contrast(color, "#ffffff"), contrast(color, "#000000")) >= 4.5


def test_there_is_one_for_each_of_the_most_people_in_a_spec() -> None:
    assert len(set(PALETTE)) == len(PALETTE) == 50


START = datetime(2026, 11, 29, tzinfo=UTC)


def session(number: int, user: str, color: str, at: float = 0) -> ColoredSession:
    return ColoredSession(f"session {number:02}", user, START + timedelta(seconds=at), color)


def test_everybody_keeps_the_color_that_was_chosen() -> None:
    there = [session(0, "ada", PALETTE[3]), session(1, "bob", PALETTE[0]), session(2, "ada", PALETTE[3], 5)]
    assert colors_of(there) == {"ada": PALETTE[3], "bob": PALETTE[0]}
    assert colors_of(there[1:]) == {"ada": PALETTE[3], "bob": PALETTE[0]}


def test_of_two_with_one_color_the_earlier_keeps_it() -> None:
    there = [session(0, "ada", PALETTE[0], at=2), session(1, "bob", PALETTE[0], at=1)]
    assert colors_of(there) == {"bob": PALETTE[0], "ada": PALETTE[1]}


def test_servers_that_know_the_same_sessions_show_the_same_colors() -> None:
    for seed in range(200):
        chance = random.Random(seed)
        users = [f"user {number}" for number in range(chance.randrange(1, 30))]
        there = [
            session(number, chance.choice(users), chance.choice([*PALETTE[:12], ""]), chance.randrange(3))
            for number in range(chance.randrange(1, 60))
        ]
        colors = colors_of(there)
        assert len(set(colors.values())) == len(colors), seed
        chance.shuffle(there)
        assert colors_of(there) == colors, seed
        kept = [ColoredSession(s.session_id, s.user_id, s.joined_at, colors[s.user_id]) for s in there]
        left = chance.sample(kept, chance.randrange(1, len(kept) + 1))
        assert colors_of(left).items() <= colors.items(), seed


def test_more_people_than_colors_share_those_that_are_used_least() -> None:
    colors: list[str] = []
    for _ in range(120):
        colors.append(free_color(colors))
    assert colors == [PALETTE[number % 50] for number in range(120)]
    there = [session(0, f"user {number:03}", color, number) for number, color in enumerate(colors)]
    assert list(colors_of(there).values()).count(PALETTE[0]) == 3
    assert colors_of(there[7:]).items() <= colors_of(there).items()
