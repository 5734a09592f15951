"""A person who works with the system."""

from collections.abc import Iterable
from typing import Any, ClassVar

from guanxi.kernel.errors import Problem
from guanxi.metadata.field_types.lookup import Lookup
from guanxi.metadata.labels import Label
from guanxi.metadata.objects import Field


class User(Lookup):
    """Holds the number of a user."""

    name = "user"
    label = Label(en="Person", zh="人员")
    options = frozenset()
    example_options: ClassVar[dict[str, Any]] = {}

    def check(self, field: Field) -> Iterable[Problem]:
        """The target is always the users."""
        return ()
