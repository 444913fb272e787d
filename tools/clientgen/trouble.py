"""What goes wrong between the two companies, who sees it, and what is made of it?"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from tools.clientgen.story import Story
from tools.clientgen.world import DAY_S, World, pick, times


def noticed(story: Story) -> date:
    """Return the day on which somebody first spoke of the decline that nobody owned."""
    return story.end - timedelta(days=5)


def escalations(world: World) -> None:
    """Fill `escalation`, `issue`, `incident`, `improvement`."""
    story, dice = world.story, world.dice("escalations")
    traits = story.governance
    weeks = len(world.weeks)
    horizon = int(world.utc([story.end], [DAY_S - 1])[0])
    n = int(dice.poisson(traits.escalations_per_week * weeks)) + 4
    day = np.sort(dice.integers(0, story.days, n))
    raised = np.array([world.business(world.days[d], 9.5 * 3600 + dice.integers(0, 25_000)) for d in day])
    raised = np.minimum(raised, horizon - 3600)
    response = raised + np.maximum(dice.gamma(2, traits.response_h / 2, n) * 3600, 300)
    solved = response + dice.gamma(2, 1.5 * traits.resolve_days / 2, n) * DAY_S
    recurred = dice.random(n) < traits.recurrence
    recurred[:2] = False
    cause = np.where(recurred, dice.integers(1, 4, n), 20 + np.arange(n))
    unowned = dice.random(n) < traits.escalations_unowned
    side = np.where(
        unowned,
        None,
        pick(dice, ("vendor", "buyer"), n, (traits.closed_by_vendor, 1 - traits.closed_by_vendor)),
    )
    frame = pd.DataFrame(
        {
            "id": [f"ESC{i + 1:03d}" for i in range(n)], "vendor": story.vendor, "raised_ts": times(raised),
            "first_response_ts": times(np.where(response > horizon, np.nan, response)),
            "resolved_ts": times(np.where(solved > horizon, np.nan, solved)), "owner_side": side,
            "root_cause_id": [f"RC{c:03d}" for c in cause], "recurred": recurred,
            "channel": np.where(dice.random(n) < traits.side_channel, "side", "formal"),
        }
    )  # fmt: skip
    world.tables["escalation"] = frame
    world.counts["escalations"], world.counts["escalations_side"] = n, int((frame["channel"] == "side").sum())
    world.counts["escalations_recurred"] = int(recurred.sum())
    world.truth["side_channel"], world.truth["recurrence"] = traits.side_channel, traits.recurrence
    m = max(weeks, 8)
    told = np.array(
        [world.business(world.days[d], 10 * 3600) for d in np.sort(dice.integers(7, story.days, m))]
    )
    told = np.minimum(told, horizon - 3600)
    lag = np.maximum(dice.gamma(2, traits.detection_days / 2, m), 0.1) * DAY_S
    others = (1 - traits.found_by_vendor) / 2
    issues = pd.DataFrame(
        {
            "id": [f"ISS{i + 1:03d}" for i in range(m)], "vendor": story.vendor,
            "first_data_signal_ts": times(told - lag), "first_raised_ts": times(told),
            "detected_by": pick(dice, ("vendor", "buyer", "customer"), m, (traits.found_by_vendor, others, others)),
            "compliance_flag": dice.random(m) < 0.15, "root_cause_id": [f"RC{60 + i:03d}" for i in range(m)],
        }
    )  # fmt: skip
    onset = story.work.onset
    if onset is not None and traits.no_relationship_owner:
        issues = issues[issues["first_raised_ts"] < times(world.utc([onset], [0]))[0]]
        late = pd.DataFrame(
            {
                "id": [f"ISS{m + 1:03d}"], "vendor": story.vendor,
                "first_data_signal_ts": times(world.utc([onset + timedelta(days=7)], [9 * 3600])),
                "first_raised_ts": times(world.utc([noticed(story)], [10 * 3600])), "detected_by": "customer",
                "compliance_flag": False, "root_cause_id": "RC001",
            }
        )  # fmt: skip
        issues = pd.concat([issues, late], ignore_index=True)
    world.tables["issue"] = issues
    world.truth["detection_days"] = traits.detection_days
    k = 4 if story.regulated else 2
    began = np.array(
        [world.business(world.days[d], 11 * 3600) for d in np.sort(dice.integers(0, story.days - 12, k))]
    )
    seen = began + dice.gamma(2, 1.5, k) * 3600
    contained = seen + dice.gamma(2, 2, k) * 3600
    told_client = seen + np.maximum(dice.gamma(3, traits.incident_reported_h / 3, k), 0.5) * 3600
    closed = np.maximum(contained, told_client) + dice.gamma(2, 2, k) * DAY_S
    world.tables["incident"] = pd.DataFrame(
        {
            "id": [f"INC{i + 1:02d}" for i in range(k)], "vendor": story.vendor, "occurred": times(began),
            "detected": times(seen), "contained": times(contained), "reported": times(told_client),
            "closed": times(np.where(closed > horizon, np.nan, closed)),
            "severity": pick(dice, ("low", "medium", "high"), k, (0.5, 0.4, 0.1)),
        }
    )  # fmt: skip
    rows = []
    for number in range(traits.improvements):
        raised_on = world.days[int(dice.integers(0, max(story.days - 40, 1)))]
        adopted = dice.random() < traits.improvements_adopted
        live = raised_on + timedelta(days=int(dice.integers(15, 35)))
        rows.append(
            (f"IMP{number + 1:02d}", raised_on, str(pick(dice, ("vendor", "buyer"), 1, (0.6, 0.4))[0]),
             "customers call twice about the same bill", "the letter does not explain the instalment",
             "fewer repeats, no new risk", "billing release", "repeat rate of the queue within 7 days",
             adopted, live if adopted else None, frame["id"].iloc[number] if number < 2 else None, adopted)
        )  # fmt: skip
    world.tables["improvement"] = pd.DataFrame(
        rows,
        columns=["id", "raised", "raised_by_side", "issue", "cause", "expected_effect", "dependencies",
                 "success_measure", "adopted", "live", "from_escalation_id", "model_changed"],
    )  # fmt: skip
