"""The weather: how fast the network and the store are, and how often they fail."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final


@dataclass(frozen=True, slots=True)
class Weather:
    """Times are means in seconds; everything else is the chance that one thing goes wrong, from 0 to 1.

    ``stall``: a frame is held up for seconds, and all behind it. ``refused``: a call of the store fails and
    changed nothing. ``unknown``: the connection breaks during COMMIT, which then was carried out or not, or
    will be. ``lost``: a request or its answer never arrives.
    """

    latency: float = 0.0
    stall: float = 0.0
    store_time: float = 0.0
    store_stall: float = 0.0
    refused: float = 0.0
    unknown: float = 0.0
    lost: float = 0.0


CALM: Final = Weather(latency=0.001, store_time=0.0005)
"""In which every run ends."""


def drawn(rng: Random) -> Weather:
    """Some weather: often fair, sometimes foul in one way, seldom in all."""
    foul = rng.choice([(), (), ("net",), ("store",), ("net", "store")])
    return Weather(
        latency=rng.choice([0.001, 0.02, 0.02, 0.1, 0.4]),
        stall=rng.choice([0.01, 0.05]) if "net" in foul else 0.0,
        store_time=rng.choice([0.0005, 0.01, 0.01, 0.1, 0.3]),
        store_stall=rng.choice([0.02, 0.1]) if "store" in foul else 0.0,
        refused=rng.choice([0.0, 0.02, 0.1]) if "store" in foul else 0.0,
        unknown=rng.choice([0.02, 0.1, 0.3]) if "store" in foul else 0.0,
        lost=rng.choice([0.02, 0.1]) if "net" in foul else 0.0,
    )
