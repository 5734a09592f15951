"""Several rows become one customer: which value survives, where it came from, and the way back."""

from guanxi.integration.merging.ledger import merge_records
from guanxi.integration.merging.links import Kept
from guanxi.integration.merging.remerging import merge_again
from guanxi.integration.merging.rules import EXISTING, RULES, Rule, SurvivorshipRules, rules_for
from guanxi.integration.merging.survivors import Golden, choose_survivors
from guanxi.integration.merging.unmerging import Unmerged, unmerge

__all__ = [
    "EXISTING",
    "RULES",
    "Golden",
    "Kept",
    "Rule",
    "SurvivorshipRules",
    "Unmerged",
    "choose_survivors",
    "merge_again",
    "merge_records",
    "rules_for",
    "unmerge",
]
