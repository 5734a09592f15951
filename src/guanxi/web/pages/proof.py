"""The proof of a run: counts that add up, completeness, a sample beside its source, links, and who signed it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from guanxi.access.roles import grant_of
from guanxi.expressions.conditions import equals
from guanxi.identity.actor import Actor
from guanxi.integration import proof as proofs
from guanxi.integration.departments import speaker_for, speaks_for
from guanxi.integration.seeing import UNSEEN, require_rows, sees_rows
from guanxi.integration.staging import RunFolder
from guanxi.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from guanxi.kernel.text import Message, say
from guanxi.metadata.objects import Field
from guanxi.records import reading, writing
from guanxi.records.reading import Asked, Record
from guanxi.store import rows
from guanxi.web.downloads import workbook
from guanxi.web.running.facts import title_of
from guanxi.web.visit import Answer, Page, Visit

MOST_CELLS = 300
_FIELDS = ("name", "state", "folder", "plan")
_VERDICTS: Mapping[str, tuple[Message, str]] = {
    "differs": (say("differs"), "red"),
    "set_aside": (say("not usable"), "orange"),
    "survived": (say("from another row"), "purple"),
    "gathered": (say("gathered from several"), "cyan"),
    "kept": (say("kept from before"), "cyan"),
    "moved": (say("kept in another field"), "cyan"),
    "standardised": (say("brought to standard"), "blue"),
    "equal": (say("equal"), "green"),
}


@dataclass(frozen=True, kw_only=True)
class CountLine:
    """What became of the rows of one table; ``left`` is what nobody can account for."""

    source: str
    table: str
    numbers: tuple[str, ...]
    left: str
    adds_up: bool


@dataclass(frozen=True, kw_only=True)
class FilledLine:
    """How far a key field was filled in the sources, and is in the database: percent."""

    object: str
    field: str
    before: int
    after: int


@dataclass(frozen=True, kw_only=True)
class SampleLine:
    """One cell of the sample: where it is, what the source says, what is stored, how the two stand."""

    place: str
    field: str
    said: str
    stored: str
    verdict: str
    colour: str
    address: str


@dataclass(frozen=True, kw_only=True)
class LinkLine:
    """The links of one field."""

    field: str
    records: str
    missing: str
    to_deleted: str
    sound: bool


@dataclass(frozen=True, kw_only=True)
class SignLine:
    """A department's word, or the form that awaits it."""

    department: str
    person: str
    at: str
    verdict: str
    colour: str
    comment: str
    may_sign: bool
    typed: str = ""
    """The verdict chosen in a form that was refused; its comment stands in ``comment``."""
    problem: str = ""


@dataclass(frozen=True, kw_only=True)
class ProofPage:
    """Everything the page shows."""

    id: int
    title: str
    at: str
    errors: tuple[str, ...]
    figures: tuple[tuple[str, str], ...]
    counts: tuple[CountLine, ...]
    filled: tuple[FilledLine, ...]
    sample: tuple[SampleLine, ...]
    sample_total: str
    sample_unseen: str
    """Why the reader sees nothing of the sample; '' when they do."""
    links: tuple[LinkLine, ...]
    signs: tuple[SignLine, ...]
    choices: tuple[tuple[str, str], ...]
    is_pilot: bool
    """Whether only the pilot is proven: the departments sign when all is loaded."""


def show_proof(visit: Visit) -> Answer:
    """Show the proof of the run."""
    return visit.show("pages/proof.html", _page(visit))


def send_workbook(visit: Visit) -> Answer:
    """Send the proof as a workbook in the reader's language."""
    require_rows(visit.actor, visit.catalog)
    run = _run(visit)
    file = proofs.workbook(_folder(visit, run), visit.reader.language)
    if file is None:
        raise NotFound(say("this run has no proof yet"))
    return workbook(file, f"guanxi-proof-{run.id}.xlsx")


def sign(visit: Visit) -> Answer:
    """Write a department's word on the run down, once."""
    run, incoming = _run(visit), visit.incoming
    department = incoming.typed("department")
    _require_awaited(visit, run, department)
    given = {
        "run": run.id,
        "department": department,
        "person": visit.actor.id,
        "signed_at": visit.tx.now,
        "verdict": incoming.typed("verdict"),
        "comment": incoming.typed("comment"),
    }
    try:
        writing.create(visit.tx, _signer(visit, department), "sign_off", given)
    except Invalid as invalid:
        return visit.show("pages/proof.html", _page(visit, visit.reader.problems(invalid)), status=422)
    return visit.go(f"/runs/{run.id}/proof#signatures")


def _require_awaited(visit: Visit, run: Record, department: str) -> None:
    """Raise `Refused` unless the run awaits the department's word and the actor may give it."""
    if not _may_sign(visit, department):
        raise NotAllowed(say("only the department itself, or who brings data together, can sign for it"))
    proof = _proof(visit, run)
    if proof["phase"] == "pilot":
        raise Refused(say("this proof is of the pilot; departments sign when everything is loaded"))
    if department not in _departments(proof):
        raise NotFound(
            say("no source of this run belongs to the department {department}", department=department)
        )
    # Of two people who sign at once, the second waits here and then sees the word of the first.
    rows.existing(visit.tx, visit.catalog.object("run"), [run.id], lock=True)
    given = _signed(visit, run).get(department)
    if given is not None:
        person = given.titles["person"]
        raise Conflict(
            say("{person} has signed for {department} already", person=person, department=department)
        )


def _proof(visit: Visit, run: Record) -> Mapping[str, Any]:
    proof = proofs.latest(_folder(visit, run))
    if proof is None:
        raise NotFound(say("this run has no proof yet"))
    return proof


def _folder(visit: Visit, run: Record) -> RunFolder:
    return visit.site.workshop.folder(str(run.values["folder"] or run.id))


def _departments(proof: Mapping[str, Any]) -> list[str]:
    return [each["department"] for each in proof["sign_offs"]]


def _page(visit: Visit, refused: str = "") -> ProofPage:
    run, reader = _run(visit), visit.reader
    proof = _proof(visit, run)
    verdicts = visit.catalog.object("sign_off").field("verdict").choices
    titles = _titles(run, reader.language)
    sees = sees_rows(visit.actor, visit.catalog)
    cells = sorted(proof["sample"], key=lambda each: list(_VERDICTS).index(each["verdict"]))
    return ProofPage(
        id=run.id,
        title=str(run.values["name"]),
        at=reader.moment(proof["at"]),
        errors=tuple(reader.say(each) for each in proof["errors"]),
        figures=tuple(_figures(visit, proof)),
        counts=tuple(_count(visit, each, titles) for each in proof["counts"]),
        filled=tuple(_filled(visit, each) for each in proof["completeness"]),
        sample=tuple(_sampled(visit, each, titles) for each in cells[:MOST_CELLS]) if sees else (),
        sample_unseen="" if sees else visit.say(UNSEEN),
        sample_total=reader.number(len(cells)),
        links=tuple(_link(visit, each) for each in proof["references"]),
        signs=tuple(_typed_again(visit, each, refused) for each in _signs(visit, run, proof)),
        is_pilot=proof["phase"] == "pilot",
        choices=tuple((each.value, reader.label(each.label)) for each in verdicts),
    )


def _typed_again(visit: Visit, line: SignLine, refused: str) -> SignLine:
    """Return the line with what its department just typed, and why that was *refused*."""
    typed = visit.incoming.typed
    if not refused or line.department != typed("department"):
        return line
    return replace(line, typed=typed("verdict"), comment=typed("comment"), problem=refused)


def _figures(visit: Visit, proof: Mapping[str, Any]) -> list[tuple[str, str]]:
    reader = visit.reader
    wrong = sum(each["verdict"] == "differs" for each in proof["sample"])
    total = len(proof["sample"])
    accuracy = reader.percent(_agreeing(total - wrong, total)) if total else "–"
    seen = sum(each["seen"] for each in proof["counts"])
    read = [(visit.say(say("rows read")), reader.number(seen))] if proof["counts"] else []
    return [
        *read,
        (visit.say(say("rows in the sample")), reader.number(proof["sampled_rows"])),
        (visit.say(say("cells compared")), reader.number(total)),
        (visit.say(say("cells that agree")), accuracy),
    ]


def _agreeing(right: int, total: int) -> Decimal:
    """Return the share in percent, to a tenth; 100 only where nothing differs."""
    return (Decimal(100 * right) / total).quantize(Decimal("0.1"), ROUND_FLOOR).normalize()


_COUNTED = ("seen", "blank", "quarantined", "new", "merged", "unchanged", "refused")


def _titles(run: Record, language: str) -> dict[str, str]:
    """Return what each source of the run is called."""
    sources = (run.values["plan"] or {}).get("source", ())
    return {each["name"]: title_of(each, language) for each in sources}


def _count(visit: Visit, line: Mapping[str, Any], titles: Mapping[str, str]) -> CountLine:
    left = line["seen"] - sum(line[name] for name in _COUNTED[1:])
    return CountLine(
        source=titles.get(line["source"], line["source"]),
        table=line["table"],
        numbers=tuple(visit.reader.number(line[name]) for name in _COUNTED),
        left=visit.reader.number(left),
        adds_up=left == 0 and not line["twice"],
    )


def _filled(visit: Visit, line: Mapping[str, Any]) -> FilledLine:
    def percent(filled: int, of: int) -> int:
        return round(100 * filled / of) if of else 0

    return FilledLine(
        object=visit.reader.label(visit.catalog.object(line["object"]).label),
        field=visit.reader.label(_field(visit, line).label),
        before=percent(line["filled_before"], line["rows_before"]),
        after=percent(line["filled_after"], line["records_after"]),
    )


def _sampled(visit: Visit, cell: Mapping[str, Any], titles: Mapping[str, str]) -> SampleLine:
    verdict, colour = _VERDICTS[cell["verdict"]]
    return SampleLine(
        place=f"{titles.get(cell['source'], cell['source'])} · {cell['table']} · {cell['row']}",
        field=visit.reader.label(_field(visit, cell).label),
        said=cell["said"] or "",
        stored=cell["stored"] or "",
        verdict=visit.say(verdict),
        colour=colour,
        address=f"/o/{cell['object']}/{cell['record']}" if cell["record"] else "",
    )


def _link(visit: Visit, line: Mapping[str, Any]) -> LinkLine:
    object_type = visit.catalog.object(line["object"])
    return LinkLine(
        field=f"{visit.reader.label(object_type.label)} → {visit.reader.label(_field(visit, line).label)}",
        records=visit.reader.number(line["records"]),
        missing=visit.reader.number(line["missing"]),
        to_deleted=visit.reader.number(line["to_deleted"]),
        sound=not line["missing"] and not line["to_deleted"],
    )


def _signed(visit: Visit, run: Record) -> dict[str, Record]:
    """Return the words given on the run, by department."""
    fields = ("department", "person", "signed_at", "verdict", "comment")
    asked = Asked(object="sign_off", fields=fields, where=equals("run", run.id), limit=200)
    return {each.values["department"]: each for each in reading.find(visit.tx, visit.actor, asked).records}


def _signs(visit: Visit, run: Record, proof: Mapping[str, Any]) -> tuple[SignLine, ...]:
    signed = _signed(visit, run)
    choices = {
        each.value: (visit.reader.label(each.label), each.colour)
        for each in visit.catalog.object("sign_off").field("verdict").choices
    }
    lines = []
    for department in dict.fromkeys((*_departments(proof), *signed)):
        given = signed.get(department)
        verdict, colour = choices.get(given.values["verdict"], ("", "")) if given else ("", "")
        lines.append(
            SignLine(
                department=department,
                person=given.titles["person"] if given else "",
                at=visit.reader.moment(given.values["signed_at"]) if given else "",
                verdict=verdict,
                colour=colour or "",
                comment=(given.values["comment"] or "") if given else "",
                may_sign=given is None and proof["phase"] != "pilot" and _may_sign(visit, department),
            )
        )
    return tuple(lines)


def _may_sign(visit: Visit, department: str) -> bool:
    own = bool(department) and visit.actor.department == department
    may_write = grant_of(visit.actor, visit.catalog, "sign_off").create
    return speaks_for(visit.actor, visit.catalog, department) or (own and may_write)


def _signer(visit: Visit, department: str) -> Actor:
    """Return who writes the word down: a department's contact may, though their roles only let them read."""
    if speaks_for(visit.actor, visit.catalog, department):
        return speaker_for(visit.actor, visit.catalog, department)
    return visit.actor


def _field(visit: Visit, line: Mapping[str, Any]) -> Field:
    return visit.catalog.object(line["object"]).field(line["field"])


def _run(visit: Visit) -> Record:
    return reading.get(visit.tx, visit.actor, "run", visit.incoming.parameters["record_id"], _FIELDS)


PAGES = (
    Page(path="/runs/{record_id:int}/proof", answer=show_proof),
    Page(path="/runs/{record_id:int}/proof.xlsx", answer=send_workbook),
    Page(path="/runs/{record_id:int}/proof/sign", answer=sign, method="POST"),
)
