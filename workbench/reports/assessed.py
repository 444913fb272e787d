"""How does an assessment read in a terminal, and which keys has it as JSON?

The terminal shows what a reader needs first: a band in words, three findings, what is not known, and the three
decisions asked for with the rule that puts them first. Scores, reasons and how sure the score is come after.
Everything else is in the JSON, whose keys stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from workbench.diagnostics.assess import Assessment, assess
from workbench.diagnostics.diagnostic import CHECKS
from workbench.diagnostics.finding import Score
from workbench.diagnostics.gaps import as_data as gap_data
from workbench.diagnostics.gaps import narrowing, worth_asking
from workbench.diagnostics.judgements import Judged, Judgement, judged
from workbench.diagnostics.repair import gates, order_of_repair
from workbench.diagnostics.scoring import band_words
from workbench.diagnostics.suppliers import supplier_checks
from workbench.diagnostics.weights_file import read_weights
from workbench.errors import DataError
from workbench.intake.client_paths import found
from workbench.intake.delivered import not_usable
from workbench.intake.period import Period
from workbench.intake.read import read_client
from workbench.reports import parts
from workbench.reports.readers import weights_of_health
from workbench.reports.sureness import doubt_data, how_sure, tornado_data
from workbench.wording import counted

FORMAT = 1
SUPPLIER = "supplier"
"""In place of ids: the checks that hold for any supplier, not only for a contact centre."""

MOST = 3
"""So many findings and tables stand in front; a longer list is one that nobody acts on."""


@dataclass(frozen=True)
class Assessed:
    """What became of one client: its assessment, or why there is none."""

    path: Path
    assessment: Assessment | None
    error: str = ""


def assess_clients(
    clients: Iterable[str], only: Sequence[str] = (), weights: Path | None = None, period: str = ""
) -> list[Assessed]:
    """Assess every client; one whose data fail leaves the others.

    `only` names diagnostics, or "supplier". The areas that only the account team sees weigh nothing
    in the total, as in every report, unless the file of weights says otherwise.

    Raises
    ------
    CallError
        before anything is read, for a path, an id, an area, a weight or a period that is not accepted.
    """
    paths = found(clients)
    codes = _codes(only)
    health = weights_of_health()
    declared = read_weights(weights, health) if weights is not None else health
    days = Period.parse(period) if period else None
    done = []
    for path in paths:
        try:
            done.append(Assessed(path, assess(read_client(path, days, date.today()), codes, declared)))
        except DataError as error:
            done.append(Assessed(path, None, str(error)))
    return done


def _codes(only: Sequence[str]) -> list[str] | None:
    names = [name.strip() for text in only for name in text.split(",") if name.strip()]
    if not names:
        return None
    codes = [code for name in names for code in (supplier_checks() if name == SUPPLIER else (name,))]
    return [CHECKS.get(code).code for code in dict.fromkeys(codes)]


def as_json(one: Assessed) -> dict[str, Any]:
    """Return an assessment as plain values.

    Keys: format, client, period, not_usable, total, areas, scores, findings, order_of_repair, gates, judgements,
    not_assessed, not_applicable, narrowing, weights, doubts, tornado; or client and error for a client whose
    data failed.
    """
    assessment = one.assessment
    if assessment is None:
        return {"format": FORMAT, "client": {"id": one.path.name, "path": str(one.path)}, "error": one.error}
    dataset = assessment.dataset
    said = judged(assessment)
    return {
        "format": FORMAT,
        "client": {"id": dataset.client.id, "name": dataset.client.name, "path": str(one.path)},
        "period": [dataset.period.start.isoformat(), dataset.period.end.isoformat()],
        "not_usable": not_usable(dataset),
        "total": parts.score_data(assessment.total),
        "areas": {area: parts.score_data(score) for area, score in sorted(assessment.areas.items())},
        "scores": {
            code: {
                "title": parts.title_of(code),
                "area": parts.area_of(code),
                **parts.score_data(score),
                "evidence": [parts.evidence_data(e) for e in assessment.verdicts[code].evidence],
            }
            for code, score in assessment.scores.items()
        },
        "findings": [parts.finding_data(f, with_margin=True) for f in assessment.findings],
        "order_of_repair": parts.steps_data(order_of_repair(assessment.findings)),
        "gates": parts.gates_data(gates(dataset.tables.get("process_document"), assessment.findings)),
        "judgements": judged_data(said),
        "not_assessed": dict(assessment.not_assessed),
        "not_applicable": dict(assessment.not_applicable),
        "narrowing": [gap_data(gap) for gap in narrowing(assessment)],
        "weights": {
            "areas": {area: assessment.weights.areas.get(area, 1.0) for area in sorted(assessment.areas)},
            "diagnostics": {code: assessment.weights.of(CHECKS.get(code)) for code in assessment.scores},
            "consistency_ratio": assessment.weights.consistency_ratio,
        },
        "doubts": doubt_data(assessment),
        "tornado": tornado_data(assessment),
    }


NOTES = ("reason", "author", "evidence_ref")
"""What of a judgement is for the account team alone."""


def judged_data(said: Judged, with_notes: bool = True) -> dict[str, Any]:
    """Return judgements as plain values, computed and judged side by side; `with_notes` for the account team."""
    hidden = () if with_notes else NOTES
    return {
        "total": parts.score_data(said.total) if any(s.judged is not None for s in said.scores) else None,
        "scores": [
            {
                "code": s.computed.code,
                "computed": s.computed.value,
                "judged": s.judged,
                "said": [_judgement_data(j, hidden) for j in (s.standing, *s.earlier)],
            }
            for s in said.scores
        ],
        "findings": [
            {
                "code": f.code,
                "finding": f.measure,
                "computed": None if f.computed is None else f.computed.severity,
                "judged": f.judged,
                "said": [_judgement_data(j, hidden) for j in (f.standing, *f.earlier)],
            }
            for f in said.findings
        ],
        "mistakes": list(said.mistakes) if with_notes else [],
    }


def _judgement_data(judgement: Judgement, hidden: Sequence[str]) -> dict[str, Any]:
    return judgement.model_dump(mode="json", exclude=set(hidden))


def as_text(one: Assessed, details: bool = False) -> RenderableType:
    """Return an assessment for the terminal; `details` lists every diagnostic with its score."""
    assessment = one.assessment
    if assessment is None:
        return Group(Text(f"{one.path.name}: not assessed", style="bold"), Text(one.error))
    client, said = assessment.dataset.client, judged(assessment)
    shown: list[RenderableType] = [
        Text(f"{client.name}, {assessment.dataset.period}", style="bold"),
        *_not_usable(assessment),
        Text(_headline(assessment)),
        *_findings(assessment),
        *_unknown(assessment),
        *_decisions(assessment),
        *_judgements(said),
        _areas(assessment, said),
        *_sure(assessment),
        *_reasons(assessment),
    ]
    if details:
        shown.append(_scores(assessment))
    return Group(*shown)


def _not_usable(assessment: Assessment) -> list[RenderableType]:
    lines = not_usable(assessment.dataset)
    return [Text("Delivered, and cannot be used:"), *(Text(f"- {line}") for line in lines)] if lines else []


def _headline(assessment: Assessment) -> str:
    total = assessment.total
    known, of_all = parts.assessed_counts(assessment)
    if total.value is None:
        return f"Nothing could be scored: {total.reason}."
    if total.evidenced < parts.KNOWN_ENOUGH:
        said = f"{parts.little_known(total)}{band_words(total)}{parts.on_that_part(total)}"
        return f"{said} {known} of {of_all} diagnostics have evidence."
    return (
        f"{band_words(total).capitalize()}: {total.value:.0f} of 100 on what is known, anywhere from "
        f"{total.low:.0f} to {total.high:.0f} with what is missing. {known} of {of_all} diagnostics have "
        f"evidence, {parts.share_words(total.evidenced)} of what the score is made of."
    )


def _table(title: str, *columns: tuple[str, str]) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", header_style="", show_edge=False,
                  box=None, pad_edge=False, padding=(0, 2, 0, 0))  # fmt: skip
    for name, justify in columns:
        table.add_column(name, justify="right" if justify == "right" else "left")
    return table


def _areas(assessment: Assessment, said: Judged) -> Table:
    replaced = any(score.judged is not None for score in said.scores)
    columns = [
        ("Area", "left"),
        ("Score", "right"),
        ("Bounds", "right"),
        ("In words", "left"),
        ("Grade", "left"),
    ]
    if replaced:
        columns.insert(2, ("Judged", "right"))
    table = _table("\nScores", *columns)
    ordered = sorted(assessment.areas.items(), key=lambda item: (item[1].value is None, item[1].low, item[0]))
    for name, score, other in [
        *((parts.area_title(area), score, said.areas[area]) for area, score in ordered),
        ("All together", assessment.total, said.total),
    ]:
        row = [name, parts.score_text(score), parts.bounds_words(score), _words(score), _grade(score)]
        if replaced:
            row.insert(2, parts.score_text(other) if other != score else "")
        table.add_row(*row)
    return table


def _words(score: Score) -> str:
    if score.value is not None and score.unevidenced:
        return "unevidenced"
    return band_words(score)


def _grade(score: Score) -> str:
    return parts.GRADE_WORDS[score.grade] if score.grade else ""


def _findings(assessment: Assessment) -> list[RenderableType]:
    if not assessment.findings:
        return [_head("Findings"), Text("Nothing that was assessed calls for action.")]
    shown: list[RenderableType] = [_head("What matters most")]
    for place, finding in enumerate(parts.first_of(assessment.findings, MOST), start=1):
        shown.append(Text(f"{place}. {finding.statement} [{finding.code}, {finding.severity}]"))
    left = len(assessment.findings) - MOST
    if left > 0:
        shown.append(Text(f"{counted(left, 'further finding')}: --json, or workbench report."))
    return shown


def _decisions(assessment: Assessment) -> list[RenderableType]:
    """Show the decisions in the order of repair, the rule behind each place, and what is held back by the gate."""
    asked = parts.decisions(assessment.findings, MOST)
    if not asked:
        return []
    steps = order_of_repair(assessment.findings)
    shown = [_head("Decisions asked for")]
    for place, f in enumerate(asked, start=1):
        shown.append(
            Text(f"{place}. {f.remedy} [{parts.SIDE_WORDS[f.side]}, {parts.STEP_WORDS[f.step]}, {f.code}]")
        )
        shown.append(Text(f"   {_first_up(next(s.reason for s in steps if f in s.findings))}."))
    held = [step for step in steps if step.waits_for]
    if held:
        shown.append(_head("Not yet"))
        shown += [Text(f"{step.remedy} [{step.code}]\n   {_first_up(step.reason)}.") for step in held]
    return list(shown)


def _sure(assessment: Assessment) -> list[RenderableType]:
    said = how_sure(assessment)
    return [_head("How sure"), Text(said)] if said else []


def _judgements(said: Judged) -> list[RenderableType]:
    if not said:
        return []
    lines = [
        *(_judged_line(s.computed.code, parts.score_text(s.computed), _number(s.judged), s.standing, s.earlier)
          for s in said.scores),
        *(_judged_line(f"{f.code}, {f.measure}", f.computed.severity if f.computed else "no finding",
                       f.judged or "", f.standing, f.earlier) for f in said.findings),
    ]  # fmt: skip
    return [_head("Judgements"), *(Text(line) for line in (*lines, *said.mistakes))]


def _judged_line(
    what: str, computed: str, value: str, standing: Judgement, earlier: Sequence[Judgement]
) -> str:
    change = f"computed {computed}, judged {value}" if value else f"computed {computed}"
    verb = {"accept": "accepted", "dispute": "disputed", "override": "overridden"}[standing.verdict]
    before = f" ({counted(len(earlier), 'earlier judgement')})" if earlier else ""
    return f"{what}: {change}; {verb} by {standing.author}, {standing.date}: {standing.reason}{before}"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.0f}"


def _unknown(assessment: Assessment) -> list[RenderableType]:
    gaps = worth_asking(assessment, MOST)
    lines = []
    if assessment.not_assessed:
        lines.append(
            f"{counted(len(assessment.not_assessed), 'diagnostic')} could not be assessed; why stands below."
        )
    if gaps:
        lines.append("What would narrow the score most:")
        lines += [
            f"- {gap.said} (up to {counted(round(gap.points), 'point')}): {gap.send[:1].lower()}{gap.send[1:]}"
            for gap in gaps
        ]
    return [_head("What we do not know"), *(Text(line) for line in lines)] if lines else []


def _reasons(assessment: Assessment) -> list[RenderableType]:
    """Show why diagnostics were not assessed, or do not apply."""
    shown: list[RenderableType] = []
    for title, reasons in (
        ("not assessed", assessment.not_assessed),
        ("not applicable", assessment.not_applicable),
    ):
        if not reasons:
            continue
        by_reason: dict[str, list[str]] = {}
        for code in parts.in_order(reasons):
            by_reason.setdefault(reasons[code], []).append(code)
        table = _table(
            f"\n{counted(len(reasons), 'diagnostic')} {title}", ("Why", "left"), ("Diagnostics", "left")
        )
        for reason, codes in sorted(by_reason.items(), key=lambda item: (-len(item[1]), item[0])):
            table.add_row(reason, ", ".join(codes))
        shown.append(table)
    return shown


def _scores(assessment: Assessment) -> Table:
    healthy = ("What a healthy client shows", "left")
    table = _table("\nDiagnostics", ("Code", "left"), ("Score", "right"), ("Bounds", "right"), healthy)
    for code in parts.in_order(assessment.scores):
        score = assessment.scores[code]
        table.add_row(code, parts.score_text(score), parts.bounds_words(score), parts.title_of(code))
    return table


def _head(words: str) -> Text:
    return Text(f"\n{words}", style="bold")


def _first_up(words: str) -> str:
    return words[:1].upper() + words[1:]
