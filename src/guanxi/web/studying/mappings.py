"""The mapping of one table on its way to a page: a line per column with its field, its samples and what is doubtful."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from guanxi.access.roles import may
from guanxi.integration import intake, inventory, wording
from guanxi.integration.mapping import ColumnMapping, TableMapping
from guanxi.integration.mapping.assigning import field_at
from guanxi.integration.mapping.coverage import Coverage, coverage, serves
from guanxi.integration.mapping.suggesting import possible_rows
from guanxi.integration.people import people
from guanxi.integration.standardise import SPARE_FIELDS
from guanxi.integration.standards import industry_labels
from guanxi.integration.trying import SPARED, Sample, Trial, try_out
from guanxi.kernel.text import Message, by_number, say, shortened
from guanxi.metadata.field_types.money import Money
from guanxi.metadata.objects import Field
from guanxi.web.studying.studied import Studied, TableTab, table_tabs
from guanxi.web.studying.targets import TargetGroup, path_text, target_groups, told
from guanxi.web.visit import Visit

MEANT = ("single_select", "multi_select", "industry", "user", "checkbox")
"""Types of fields whose single values people can give a meaning."""

_SURE, _LIKELY = 0.85, 0.65
_SURENESS: Mapping[str, Message] = {
    "confirmed": say("confirmed"),
    "sure": say("sure"),
    "likely": say("likely"),
    "doubtful": say("doubtful"),
    "left_out": say("left out"),
    "open": say("not taken over"),
    "serves": say("tells rows apart"),
}
_VERDICTS: Mapping[str, Message] = {
    "kept": say("kept"),
    "changed": say("changed"),
    "suspect": say("doubtful"),
    "rejected": say("refused"),
    SPARED: say("kept in another field"),
}
_SHOWN_ALTERNATIVES = 3
_LONGEST = 80


@dataclass(frozen=True, kw_only=True)
class SampleLine:
    """One value: as the source writes it, what becomes of it, and why."""

    before: str
    after: str
    verdict: str
    word: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class MappingLine:
    """One column and everything that can be said about it."""

    place: int
    column: str
    fill: str
    fill_share: float
    target: str
    target_text: str
    kind: str
    help: str
    sureness: str
    sureness_word: str
    confidence: float
    reason: str
    alternatives: tuple[tuple[str, str], ...]
    """(path, in words)"""
    said: bool
    samples: tuple[SampleLine, ...]
    verdicts: tuple[tuple[str, str, str], ...]
    """(verdict, word, rows)"""
    together: str
    has_values: bool
    unmapped: int
    typed: str = ""
    problem: str = ""


@dataclass(frozen=True, kw_only=True)
class CoverageLine:
    """How complete the mapping of the table is, in words."""

    share: float
    mapped: str
    left_out: str
    serving: str
    open: str
    missing: tuple[str, ...]
    wanted: str
    links: tuple[str, ...]
    gone: str
    is_confirmed: bool


@dataclass(frozen=True, kw_only=True)
class MappingPage:
    """Everything the page shows."""

    id: int
    title: str
    table: int
    table_name: str
    alike: str
    tabs: tuple[TableTab, ...]
    main: str
    objects: tuple[tuple[str, str], ...]
    coverage: CoverageLine
    all_confirmed: bool
    lines: tuple[MappingLine, ...]
    groups: tuple[TargetGroup, ...]
    may_change: bool
    may_invent: bool
    tried: int


class MappingView:
    """The mapping of the table that is looked at, as it stands in this transaction."""

    def __init__(self, visit: Visit, here: Studied) -> None:
        self.visit, self.here = visit, here
        self.catalog, self.reader = visit.catalog, visit.reader
        self.source = inventory.source_plan(inventory.load_source(visit.tx, visit.actor, here.record.id))
        self.mappings = wording.mapping_now(here.folder, self.source, self.catalog)
        self.mapping: TableMapping = self.mappings[here.table.name]
        self.words = self.source.mapping.get(here.table.name, {})
        self.groups = target_groups(self.catalog, self.reader, self.mapping.main)
        self.people = people(visit.tx)
        self._profile = intake.profiles_of(here.folder, here.source)[here.place]

    def page(self, columns: Sequence[str] | None = None) -> MappingPage:
        """Return the page with the lines of some columns, of all for None."""
        here = self.here
        everything = {name: self._coverage(each) for name, each in self.mappings.items()}
        counts = tuple(f"{each.mapped}/{each.columns}" for each in everything.values())
        alike = (
            [
                name
                for name in wording.alike(here.folder, self.source, here.table.name, here.table.columns[0])
                if name != here.table.name
            ]
            if here.table.columns
            else []
        )
        return MappingPage(
            id=here.record.id,
            title=str(here.record.values["title"]),
            table=here.place,
            table_name=here.table.name,
            alike=self.reader.listing(alike),
            tabs=table_tabs(here, "mapping", counts),
            main=self.mapping.main,
            objects=tuple((each.name, self.reader.label(each.label)) for each in possible_rows(self.catalog)),
            coverage=self.coverage(),
            all_confirmed=all(each.is_confirmed for each in everything.values()),
            lines=self.lines(columns),
            groups=self.groups,
            may_change=may(self.visit.actor, self.catalog, "integrate"),
            may_invent=may(self.visit.actor, self.catalog, "customise"),
            tried=min(intake.SAMPLE_ROWS, here.table.rows),
        )

    def lines(self, columns: Sequence[str] | None = None) -> tuple[MappingLine, ...]:
        """Return the lines of some columns, of all for None."""
        trials = try_out(
            self.here.folder,
            self.source,
            self.here.table,
            self.mapping,
            self.catalog,
            self.people,
            columns=columns,
        )
        return tuple(
            self._line(each, trials[each.column]) for each in self.mapping.columns if each.column in trials
        )

    def coverage(self) -> CoverageLine:
        """Return how complete the mapping of this table is."""
        found, say_, text = self._coverage(self.mapping), self.visit.say, self._text
        gone = [each for each in self.words if each not in self.here.table.columns]
        return CoverageLine(
            share=found.mapped / max(found.columns, 1),
            mapped=say_(
                by_number(
                    found.columns,
                    say("{mapped} of 1 column mapped", mapped=found.mapped),
                    say("{mapped} of {columns} columns mapped", mapped=found.mapped, columns=found.columns),
                )
            ),
            left_out=say_(say("{count} left out", count=found.left_out)) if found.left_out else "",
            serving=say_(say("{count} to tell rows apart", count=found.serving)) if found.serving else "",
            open=say_(say("{count} not taken over", count=found.open)) if found.open else "",
            missing=tuple(
                say_(say("{field} is required, and no column fills it", field=text(each)))
                for each in found.missing
            ),
            wanted=self.reader.listing([self._name(each) for each in found.wanted]),
            links=tuple(
                say_(
                    say(
                        "each {below} belongs to the {above} known by {fields}",
                        below=self._object(each.below),
                        above=self._object(each.above),
                        fields=[self._name(path) for path in each.by],
                    )
                )
                for each in found.links
            ),
            gone=self.reader.listing(gone),
            is_confirmed=found.is_confirmed,
        )

    def shown(self, field: Field, text: str) -> str:
        """Return a standardised value as the reader reads it."""
        if field.choices:
            label = next((each.label for each in field.choices if each.value == text), None)
            return self.reader.label(label) if label else text
        if field.type == "industry":
            return industry_labels().get(text, text)
        if field.type == "user":
            names = reversed(self.people.items())  # a person's name stands behind their login
            return next((name for name, number in names if str(number) == text), text)
        if field.type == "money":
            return _money(text, self.visit)
        return text

    def _line(self, column: ColumnMapping, trial: Trial) -> MappingLine:
        profile = self._profile.column(column.column)
        said = column.column in self.words
        field = field_at(self.catalog, column.path)[0] if column.target else None
        sureness = self._sureness(column, said=said)
        target = next(
            (each for group in self.groups for each in group.targets if each.path == column.path), None
        )
        refused = trial.verdicts.get("rejected", 0)
        return MappingLine(
            place=self.here.table.columns.index(column.column),
            column=column.column,
            fill=f"{round(100 * profile.fill_rate)}%",
            fill_share=profile.fill_rate,
            target=column.path,
            target_text=self._text(column.path) if column.target else "",
            kind=target.kind if target else "",
            help=target.help if target else "",
            sureness=sureness,
            sureness_word=self.visit.say(_SURENESS[sureness]),
            confidence=column.confidence if column.target else 0.0,
            reason=told(self.catalog, self.reader, column.reason),
            alternatives=tuple(
                (path, self._text(path)) for path in column.alternatives[:_SHOWN_ALTERNATIVES]
            ),
            said=said,
            samples=self._samples(trial, column.target, field),
            verdicts=tuple(
                (name, self.visit.say(word), self.reader.number(trial.verdicts[name]))
                for name, word in _VERDICTS.items()
                if trial.verdicts.get(name)
            ),
            together=self._together(column),
            has_values=field is not None and field.type in MEANT and not column.part,
            unmapped=refused,
        )

    def _sureness(self, column: ColumnMapping, *, said: bool) -> str:
        if not column.target and serves(self.mapping, column.column):
            return "serves"
        if not column.target:
            return "left_out" if said else "open"
        if said:
            return "confirmed"
        if column.confidence >= _SURE:
            return "sure"
        return "likely" if column.confidence >= _LIKELY else "doubtful"

    def _samples(self, trial: Trial, target: str, field: Field | None) -> tuple[SampleLine, ...]:
        """Return the samples in words; a reason that the one before gave already is not said again."""
        reasons = [self._reason(each, target) for each in trial.samples]
        return tuple(
            SampleLine(
                before=shortened(each.before, _LONGEST),
                after=shortened(self.shown(field, each.after), _LONGEST) if field else "",
                verdict=each.verdict,
                word=self.visit.say(_VERDICTS[each.verdict]) if each.verdict in _VERDICTS else "",
                reason=reason if reason != before else "",
            )
            for each, reason, before in zip(trial.samples, reasons, ["", *reasons], strict=False)
        )

    def _reason(self, sample: Sample, target: str) -> str:
        if sample.verdict == SPARED:
            return self.visit.say(say("kept as {field}", field=self._name(SPARE_FIELDS[target])))
        return self.visit.say(sample.reason) if sample.reason else ""

    def _together(self, column: ColumnMapping) -> str:
        others = [each.column for each in self.mapping.taken(column.target) if each.column != column.column]
        if not column.target or not others:
            return ""
        return self.visit.say(say("together with {columns}", columns=others))

    def _coverage(self, mapping: TableMapping) -> Coverage:
        return coverage(mapping, self.source.mapping.get(mapping.table, {}), self.catalog)

    def _text(self, path: str) -> str:
        return path_text(self.catalog, self.reader, path)

    def _name(self, path: str) -> str:
        return self.reader.label(field_at(self.catalog, path)[0].label)

    def _object(self, name: str) -> str:
        label = self.reader.label(self.catalog.object(name).label)
        return label if self.reader.language == "zh" else label.lower()


def _money(text: str, visit: Visit) -> str:
    amount, _, currency = text.partition(" ")
    try:
        return visit.reader.money(Money(Decimal(amount), currency or "CNY"))
    except InvalidOperation:
        return text
