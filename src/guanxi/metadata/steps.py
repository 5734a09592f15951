"""The steps a change of structure is made of: values that can be read, applied and kept."""

from dataclasses import dataclass

from guanxi.kernel.text import Message, say
from guanxi.metadata.objects import Field, ObjectType


@dataclass(frozen=True)
class AddObject:
    """Make a table for an object; its fields follow as steps of their own."""

    object: ObjectType

    def describe(self) -> Message:
        """Return the step as a sentence for the preview."""
        return say("add the object {name} ({label})", name=self.object.name, label=str(self.object.label))


@dataclass(frozen=True)
class ChangeObject:
    """Change what an object says about itself, and the order of its fields."""

    before: ObjectType
    after: ObjectType
    order: tuple[str, ...]

    def describe(self) -> Message:
        """Return the step as a sentence for the preview."""
        return say("change the object {name}", name=self.after.name)


@dataclass(frozen=True)
class RetireObject:
    """Take an object out of use; its table and every value in it stay."""

    object: ObjectType

    def describe(self) -> Message:
        """Return the step as a sentence for the preview."""
        return say("retire the object {name}; its data stays", name=self.object.name)


@dataclass(frozen=True)
class AddField:
    """Add a field and its columns, empty."""

    object: str
    field: Field

    def describe(self) -> Message:
        """Return the step as a sentence for the preview."""
        return say(
            "add the field {field} ({label}, {type}) to {object}",
            field=self.field.name,
            label=str(self.field.label),
            type=self.field.type,
            object=self.object,
        )


@dataclass(frozen=True)
class ChangeField:
    """Change a field: its words, its options, or its type where every stored value stays valid."""

    object: str
    before: Field
    after: Field

    def describe(self) -> Message:
        """Return the step as a sentence for the preview."""
        if self.before.retired:
            return say(
                "use the retired field {field} of {object} again", field=self.after.name, object=self.object
            )
        if self.before.type != self.after.type:
            return say(
                "change the field {field} of {object} from {before} to {after}",
                field=self.after.name,
                object=self.object,
                before=self.before.type,
                after=self.after.type,
            )
        return say("change the field {field} of {object}", field=self.after.name, object=self.object)


@dataclass(frozen=True)
class RetireField:
    """Take a field out of use; its columns and every value in them stay."""

    object: str
    field: Field

    def describe(self) -> Message:
        """Return the step as a sentence for the preview."""
        return say(
            "retire the field {field} of {object}; its data stays", field=self.field.name, object=self.object
        )


@dataclass(frozen=True)
class AddIndex:
    """Make a field quick to find by; a unique one also refuses the same value twice."""

    object: str
    field: Field
    unique: bool

    def describe(self) -> Message:
        """Return the step as a sentence for the preview."""
        if self.unique:
            return say(
                "refuse the same {field} twice among {object}", field=self.field.name, object=self.object
            )
        return say("index the field {field} of {object}", field=self.field.name, object=self.object)


@dataclass(frozen=True)
class RemoveIndex:
    """Drop an index that is no longer asked for."""

    object: str
    field: Field
    unique: bool

    def describe(self) -> Message:
        """Return the step as a sentence for the preview."""
        if self.unique:
            return say(
                "accept the same {field} twice among {object}", field=self.field.name, object=self.object
            )
        return say(
            "drop the index of the field {field} of {object}", field=self.field.name, object=self.object
        )


Step = AddObject | ChangeObject | RetireObject | AddField | ChangeField | RetireField | AddIndex | RemoveIndex
