"""Are problems isolated, or everywhere?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import found, missing, quantity
from workbench.diagnostics.finding import Scale, Verdict
from workbench.diagnostics.periods import rows_within
from workbench.diagnostics.terms import against_promise, service_level_terms, term_for
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import Ints, coded, filled, flags, listed
from workbench.metrics.contact_outcome import ANSWERED, contact_outcome, offered_to_queue
from workbench.metrics.proportion import wilson
from workbench.wording import listing

SPREAD = Scale(zero=1.0, hundred=0.0, target=0.25, source="METHOD RES-5: systemic or isolated; ends are ours")


@diagnostic("RES-5", area="rescue or switch")
def problems_are_isolated(
    contacts: Table,
    sla: Table | None,
    client: Client,
    period: Period,
    *,
    resolved: float = 0.70,
    least: int = 100,
) -> Verdict:
    """Misses of service and resolution are confined to few queues and sites.

    Why: one sick queue is a project; all of them are the way of working.
    Healthy: 1 of 12 combinations of queue, site and measure misses.
    Unhealthy: 9 of 12 miss.
    Remedy: where it is isolated, repair there; where it is everywhere, look at the roots first.
    """
    label = "combinations of queue, site and measure that surely miss their target"
    mine = rows_within(contacts, "offered_ts", period, client)
    recorded = bool(filled(contacts, "queue_ts").any())
    outcome = contact_outcome(mine, queue_recorded=recorded)
    terms, source = service_level_terms(client, sla)
    rows = []
    codes, wait = outcome["outcome"].cat.codes.to_numpy(), outcome["wait_s"].to_numpy()
    true, known = flags(mine, "resolved_flag")
    for place, name, at in _parts(mine):
        term = term_for(terms, str(name))
        met = (codes[at] == ANSWERED) & (wait[at] <= term.threshold_s)
        for measure, good, n, target in (
            ("service level", int(met.sum()), int(offered_to_queue(codes[at]).sum()), term.target),
            ("resolution", int(true[at].sum()), int(known[at].sum()), resolved),
        ):
            if n >= least:
                rows.append({"queue": name, "site": place, "measure": measure, "share": good / n, "n": n,
                             "target": target, "misses": wilson(good, n)[1] < target})  # fmt: skip
    if not rows:
        return Verdict(
            (missing(label, "fraction", table="contacts", reason=f"no queue with {least} contacts"),)
        )
    table = pd.DataFrame(rows)
    part = quantity(label, float(table["misses"].mean()), "fraction", len(table), table="contacts", period=period,
                    scale=SPREAD, formula="cells whose 95 % interval lies below the target / cells")  # fmt: skip
    missing_cells = [f"{row['queue']} ({row['measure']})" for row in rows if row["misses"]]
    said = found(
        "RES-5",
        part,
        f"{int(table['misses'].sum())} of {len(table)} combinations of queue, site and measure surely miss "
        f"their target (expected at most a quarter): {listing(missing_cells, 4)}, {period}.",
        "Where it is everywhere, look at the roots before the queues.",
    )
    return Verdict(against_promise(part, source), said, {"queues against their targets": table})


def _parts(mine: pd.DataFrame) -> Iterator[tuple[str, str, NDArray[np.int64]]]:
    """Yield site, queue and positions of the contacts of each combination, by name."""
    (site, sites), (queue, queues) = (_named(mine, name) for name in ("site", "queue"))
    cell = site * len(queues) + queue
    cells, n = np.unique(cell, return_counts=True)
    groups = np.split(np.argsort(cell, kind="stable"), np.cumsum(n)[:-1])
    for at, rows in zip(cells.tolist(), groups, strict=False):
        yield sites[at // len(queues)], queues[at % len(queues)], rows


def _named(mine: pd.DataFrame, name: str) -> tuple[Ints, list[str]]:
    """Return a column as places in the sorted list of its words, and that list; where nothing is said it is "all"."""
    codes, said = coded(mine, name)
    words = [*listed(said), "all"]
    names = sorted(set(words))
    return np.array([names.index(word) for word in words])[codes], names
