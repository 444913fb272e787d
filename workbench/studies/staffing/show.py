"""How does a staffing plan read in a terminal?"""

from __future__ import annotations

from collections.abc import Iterator

from rich.table import Table

from workbench.studies.staffing.goals import in_words
from workbench.studies.staffing.plan import Check, Plan, Requirement
from workbench.studies.staffing.staff import Staffing
from workbench.wording import counted, figure, number

MOST_ROWS = 40


def staffing(found: Staffing) -> Iterator[Table | str]:
    """Yield everything that is to be printed, in order."""
    request, sizes = found.request, found.sizes
    yield (
        f"{found.scenario.name}: {in_words(found.goals)}. Seed {request.seed}; found with {sizes.many} "
        f"replications, checked with {sizes.check} others."
    )
    for part in (found.requirement, found.plan):
        if part is not None:
            yield _proposal(found, part)
            yield from _rows(part)
    yield from _short(found)
    yield from found.notes


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", header_style="")
    for i, column in enumerate(columns):
        table.add_column(column, justify="left" if i == 0 else "right")
    return table


def _proposal(found: Staffing, part: Requirement | Plan) -> Table:
    """Return the plan beside Erlang A rounded up."""
    currency = found.currency
    title = "Plan of shifts" if isinstance(part, Plan) else "Requirement by interval"
    table = _table(title, "simulated afresh", "this plan", "Erlang A rounded up")
    book = part.erlang_a
    table.add_row("cost as scheduled", *(f"{number(c)} {currency}" for c in (part.cost, book.cost)))
    table.add_row(
        "overtime on top", *(f"{number(c.overtime[0])} {currency}" for c in (part.check, book.check))
    )
    people = "people" if isinstance(part, Plan) else "most at one time"
    table.add_row(people, *(number(sum(p.values())) for p in (part.people, book.people)))
    for name in part.people if len(part.people) > 1 else ():
        table.add_row(f"  {name}", number(part.people[name]), number(book.people[name]))
    table.add_row("fresh replications", *(number(c.n) for c in (part.check, book.check)))
    table.add_row("targets met / open / missed", *(_counts(c) for c in (part.check, book.check)))
    table.add_row("service level, all contacts", *(_level(c) for c in (part.check, book.check)))
    table.add_row("abandoned", *(_gone(c) for c in (part.check, book.check)))
    table.add_row("least sure target", *(_worst(c) for c in (part.check, book.check)))
    table.add_row("a day meets its target", *(_day(c) for c in (part.check, book.check)))
    if part.bounds.cuts is not None:
        table.add_row("no plan below (statistical)", f"{number(part.bounds.cuts)} {currency}", "")
    table.add_row("no plan below (work alone)", f"{number(part.bounds.work)} {currency}", "")
    return table


def _counts(check: Check) -> str:
    found = check.counts()
    return f"{found['met']} / {found['open']} / {found['missed']}"


def _gone(check: Check) -> str:
    whole = check.overall
    return (
        f"{figure(whole['abandon_rate'], 'fraction')} ({_span(whole['abandon_low'], whole['abandon_high'])})"
    )


def _level(check: Check) -> str:
    whole = check.overall
    return f"{figure(whole['service_level'], 'fraction')} ({_span(whole['low'], whole['high'])})"


def _span(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return "no interval"
    return f"{number(100 * low, 1)}–{number(100 * high, 1)}"


def _worst(check: Check) -> str:
    table = check.table
    row = table.loc[(table.low - table.target).idxmin()]
    return (
        f"{row.queue} {row.start:%a %H:%M}: {figure(row.service_level, 'fraction')} "
        f"({_span(row.low, row.high)}) of {figure(row.target, 'fraction')}"
    )


def _day(check: Check) -> str:
    row = check.days.loc[check.days.probability.idxmin()]
    return f"{row.queue}: {figure(row.probability, 'fraction')} ({_span(row.p_low, row.p_high)}) of days"


def _rows(part: Requirement | Plan) -> Iterator[Table | str]:
    if isinstance(part, Plan):
        frame = (
            part.table().groupby(["group", "shift", "start", "end"], sort=False).people.sum().reset_index()
        )
        table = _table(
            "People by shift; breaks stand in the files of --out", "group", "shift", "from", "to", "people"
        )
        for row in frame.head(MOST_ROWS).itertuples():
            table.add_row(row.group, row.shift, row.start, row.end, number(row.people))
        yield table
        if len(frame) > MOST_ROWS:
            yield f"... and {counted(len(frame) - MOST_ROWS, 'further row')}: --out DIR writes all of them"
        return
    frame = part.table()
    names = list(dict.fromkeys(frame.group))
    if len(names) > 8 or frame.start.nunique() > 2 * MOST_ROWS:
        return
    table = _table("Agents required (Erlang A)", "from", *names)
    for start, rows in frame.groupby("start", sort=False):
        table.add_row(f"{start:%a %H:%M}", *(f"{r.required} ({r.erlang_a})" for r in rows.itertuples()))
    yield table


def _short(found: Staffing) -> Iterator[Table | str]:
    short = found.proposal.check.short
    if not len(short):
        return
    title = f"{counted(len(short), 'target')} not met; this is the best part of it"
    table = _table(title, "queue", "from", "service level", "interval", "target", "blocked")
    for row in short.head(MOST_ROWS).itertuples():
        table.add_row(
            row.queue, f"{row.start:%a %H:%M}", figure(row.service_level, "fraction"), _span(row.low, row.high),
            figure(row.target, "fraction"), figure(row.blocked, "fraction"),
        )  # fmt: skip
    yield table
    if found.request.limits and not found.remedies:
        yield (
            "No remedy was found: to lift limits on people, to add shifts where none covers, or to add lines, each "
            "by itself, meets no more of the targets."
        )
    currency = found.currency
    for i, remedy in enumerate(found.remedies):
        extra = remedy.extra_cost
        more = (
            "" if extra is None else f", {number(abs(extra))} {currency} {'more' if extra >= 0 else 'less'}"
        )
        head = "Cheapest remedy: " if i == 0 else "Or: "
        yield f"{head}{remedy.words}{more}; {figure(remedy.met, 'fraction')} of the targets met then."
