"""The practice company: a seeded, dirty world of a manufacturer's customer data, with its truth beside it.

`build_world` writes the sources of five departments, a plan that brings them in and what is true;
`open_shop` serves the web shop; `score` tells how well a run found the customers.
"""

from guanxi.packs.practice.plan import TOKEN_ENVIRONMENT, write_plan
from guanxi.packs.practice.scoring import Score, score
from guanxi.packs.practice.shop import Shop, open_shop
from guanxi.packs.practice.truth import Truth, load_truth
from guanxi.packs.practice.world import World, build_world

__all__ = [
    "TOKEN_ENVIRONMENT",
    "Score",
    "Shop",
    "Truth",
    "World",
    "build_world",
    "load_truth",
    "open_shop",
    "score",
    "write_plan",
]
