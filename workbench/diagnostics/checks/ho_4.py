"""Do certified agents enter the supply plan soon?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.finding import Verdict
from workbench.diagnostics.handoff import carried_whole, dwell, judge_handoff
from workbench.diagnostics.periods import earliest_by, extreme_rows, within
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import coded, equals, flags, places, times


@diagnostic("HO-4", area="handoffs")
def training_to_supply(
    training: Table,
    schedule: Table,
    ramp: Table | None,
    ownership: Table | None,
    client: Client,
    period: Period,
) -> Verdict:
    """A certified agent is scheduled on a queue within a week.

    Why: a trained agent who is not planned for is paid twice: once idle, once as overtime of others.
    Healthy: 4 days from certificate to the first shift on the queue.
    Unhealthy: three weeks, as planning learns of it by chance.
    Remedy: let the certificate put the agent into the supply plan, with the ramp curve.
    """
    passed = training[flags(training, "certified")[0] & within(training["completed"], period, client)]
    certified = earliest_by(passed, "agent_id", "completed")
    (agent, agents), start = coded(schedule, "agent_id"), times(schedule, "start")
    held = np.append(certified.to_numpy("datetime64[us]"), np.datetime64("NaT"))
    held = np.append(held[places(certified.index, agents)], np.datetime64("NaT"))
    later = equals(schedule, "activity_code", "on_queue") & (start >= held[agent])
    row = extreme_rows(np.where(later, agent, -1), len(agents), start)
    first = np.append(np.append(start, np.datetime64("NaT"))[row], np.datetime64("NaT"))
    _, after = period.bounds(client.time_zone)
    certified = certified[certified <= after - pd.Timedelta(days=14)]
    measured = dwell(
        "HO-4", certified, pd.Series(first[places(agents, certified.index)]), table="training", period=period,
        by_row=False,
    )  # fmt: skip
    known = certified.index if ramp is not None and len(ramp) else certified.index[:0]
    with_curve = known[:0] if ramp is None else coded(ramp, "agent_id")[1]
    curve = pd.Series(places(with_curve, known) >= 0, index=known)
    carried = carried_whole("HO-4", "certified agents with a ramp curve behind them", curve, of="certified agents",
                            table="ramp", period=period, by_row=False)  # fmt: skip
    return judge_handoff(
        "HO-4",
        ownership,
        [(part, "agent") for part in measured],
        "Let the certificate put the agent into the supply plan, with the ramp curve.",
        lever="groups.*.shrinkage",
        beside=((carried, "certified agent"),),
        waits=measured[0],
        carried=carried,
    )
