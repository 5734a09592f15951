"""Which records are the same customer, how sure that is, and why."""

from guanxi.integration.matching.customers import CUSTOMERS
from guanxi.integration.matching.explaining import Evidence, Explanation, explain
from guanxi.integration.matching.matches import Matches, find_matches
from guanxi.integration.matching.people import PEOPLE
from guanxi.integration.matching.settings import MatchSettings, Parameters

__all__ = [
    "CUSTOMERS",
    "PEOPLE",
    "Evidence",
    "Explanation",
    "MatchSettings",
    "Matches",
    "Parameters",
    "explain",
    "find_matches",
]
