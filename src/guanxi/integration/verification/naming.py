"""A proof in the words of those who read it: sources, objects and fields as people call them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from guanxi.integration.verification.reports import ReferenceCheck, SampleCell, VerificationReport
from guanxi.kernel.errors import UnknownName
from guanxi.metadata.catalog import Catalog
from guanxi.metadata.field_types import FIELD_TYPES
from guanxi.metadata.labels import Label


def in_words(
    report: VerificationReport, catalog: Catalog, sources: Mapping[str, Label], language: str
) -> VerificationReport:
    """Return *report* with names for people in *language* in the place of those for programs.

    *sources* says what the sources are called; what is not known by its name keeps it.
    """
    names = _Names(catalog, sources, language)
    return replace(
        report,
        counts=tuple(replace(each, source=names.source(each.source)) for each in report.counts),
        completeness=tuple(replace(each, object=names.object(each.object)) for each in report.completeness),
        sample=tuple(names.cell(each) for each in report.sample),
        references=tuple(names.link(each) for each in report.references),
    )


@dataclass(frozen=True)
class _Names:
    """What things are called in one language."""

    catalog: Catalog
    sources: Mapping[str, Label]
    language: str

    def source(self, name: str) -> str:
        return self.sources[name].in_language(self.language) if name in self.sources else name

    def object(self, name: str) -> str:
        known = self.catalog.objects.get(name)
        return known.label.in_language(self.language) if known else name

    def field(self, object_name: str, name: str) -> str:
        try:
            return self.catalog.object(object_name).field(name).label.in_language(self.language) or name
        except UnknownName:
            return name

    def shows(self, text: str) -> str:
        """Name a standard as the kind of field it is for, places by their sources."""
        if text in FIELD_TYPES:
            return FIELD_TYPES[text].label.in_language(self.language)
        places = [each.partition("/") for each in text.split("；")]
        return "；".join(f"{self.source(name)}{mark}{rest}" for name, mark, rest in places)

    def cell(self, cell: SampleCell) -> SampleCell:
        return replace(
            cell,
            source=self.source(cell.source),
            object=self.object(cell.object),
            field=self.field(cell.object, cell.field),
            shows=self.shows(cell.shows),
        )

    def link(self, check: ReferenceCheck) -> ReferenceCheck:
        return replace(
            check,
            object=self.object(check.object),
            field=self.field(check.object, check.field),
            target=self.object(check.target),
        )
