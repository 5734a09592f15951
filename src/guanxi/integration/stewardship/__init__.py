"""A steward's word on duplicates: it acts at once, later runs keep it, and each one can be taken back."""

from guanxi.integration.stewardship.acting import Done, decide, take_apart, undo
from guanxi.integration.stewardship.groups import group_of
from guanxi.integration.stewardship.members import Members, SourceRow, members_of
from guanxi.integration.stewardship.merged import (
    Parting,
    Several,
    Union,
    called,
    made_of_several,
    partings,
    titles,
    unions,
)
from guanxi.integration.stewardship.pairs import Pair, pair_of
from guanxi.integration.stewardship.planning import JoinPlan, Option, Outcome, plan_join
from guanxi.integration.stewardship.splitting import Split, SplitPlan, put_back, split, split_plan

__all__ = [
    "Done",
    "JoinPlan",
    "Members",
    "Option",
    "Outcome",
    "Pair",
    "Parting",
    "Several",
    "SourceRow",
    "Split",
    "SplitPlan",
    "Union",
    "called",
    "decide",
    "group_of",
    "made_of_several",
    "members_of",
    "pair_of",
    "partings",
    "plan_join",
    "put_back",
    "split",
    "split_plan",
    "take_apart",
    "titles",
    "undo",
    "unions",
]
