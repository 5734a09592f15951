"""A proof in the words of those who read it: sources, objects and fields as people call them."""

from collections.abc import Mapping
from dataclasses import replace

from guanxi.integration.verification.reports import VerificationReport
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

    def source(name: str) -> str:
        return sources[name].in_language(language) if name in sources else name

    def called(name: str) -> str:
        return catalog.objects[name].label.in_language(language) if name in catalog.objects else name

    def field(object_name: str, name: str) -> str:
        try:
            return catalog.object(object_name).field(name).label.in_language(language) or name
        except UnknownName:
            return name

    def places(shows: str) -> str:
        """Name a standard as the kind of field it is for, a place by its source."""
        if shows in FIELD_TYPES:
            return FIELD_TYPES[shows].label.in_language(language)
        found = [each.partition("/") for each in shows.split("；")]
        return "；".join(f"{source(name)}{mark}{rest}" for name, mark, rest in found)

    return replace(
        report,
        counts=tuple(replace(each, source=source(each.source)) for each in report.counts),
        completeness=tuple(replace(each, object=called(each.object)) for each in report.completeness),
        sample=tuple(
            replace(
                each,
                source=source(each.source),
                object=called(each.object),
                field=field(each.object, each.field),
                shows=places(each.shows),
            )
            for each in report.sample
        ),
        references=tuple(
            replace(
                each,
                object=called(each.object),
                field=field(each.object, each.field),
                target=called(each.target),
            )
            for each in report.references
        ),
    )
