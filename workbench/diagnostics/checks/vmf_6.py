"""Is the relationship run through rate cards and quarterly decks?"""

from __future__ import annotations

from workbench.diagnostics.coverage import where_covered
from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import found, missing, quantity, sentence, share
from workbench.diagnostics.finding import Evidence, Lack, Scale, Verdict
from workbench.diagnostics.governance import FORUMS, due_in, held_in, log_of_meetings
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import speaking

RUNNING = Scale(zero=0.0, hundred=1.0, target=1.0, source="METHOD VMF-6, DR-6: control is given away")
COMMERCIAL = Scale(zero=0.5, hundred=0.1, target=0.25, source="METHOD VMF-6; ends are ours")
PRICE_WORDS = ("rate", "price", "pricing", "invoice", "billing", "credit", "penalt", "commercial", "discount")


@diagnostic("VMF-6", area="vendor management", also=("DR-6", "NOT-6"))
def more_than_rate_cards(gov_meeting: Table, meeting_topic: Table | None, period: Period) -> Verdict:
    """The relationship is run by work in weekly and monthly forums, not by rate cards and quarterly decks.

    Why: whoever only meets about price each quarter has handed over control already.
    Healthy: weeklies and monthlies held; a tenth of the time spent on price.
    Unhealthy: quarterlies only, half of them on rates and invoices.
    Remedy: start a weekly on shared data before the next commercial talk.
    """
    held = {f.name: held_in(gov_meeting, f, period) for f in FORUMS}
    often = held["daily"] + held["weekly"] + held["monthly"]
    log = log_of_meetings(gov_meeting, period)
    forums = quantity(
        "there is more than the quarterly forum",
        float(often > 0) if often or due_in(FORUMS[1], log.days) else None,
        "yes = 1",
        max(sum(held.values()), 1),
        table="gov_meeting",
        period=period,
        scale=RUNNING,
        formula="any daily, weekly or monthly forum held",
        reason=f"{log.reason}, shorter than one weekly cycle",
    )
    forums, *beyond = (forums,) if often else where_covered(forums, log)
    price = _price(meeting_topic)
    told = ", ".join(f"{n} {name}" for name, n in held.items())
    said = found(
        "VMF-6",
        forums,
        f"Only the quarterly forum was held: {told} meetings (expected weekly and monthly ones), {period}. "
        "Control has been given away.",
        "Start a weekly on shared data with the five roles.",
        side="buyer",
        step="cadence",
    ) + found(
        "VMF-6",
        price,
        sentence(price, "minute"),
        "Keep price to the monthly; give the rest to the work.",
        side="buyer",
        step="cadence",
    )
    return Verdict((forums, *beyond, price), said)


def _price(meeting_topic: Table | None) -> Evidence:
    label = "meeting time spent on price and invoices"
    if meeting_topic is None:
        return missing(label, "fraction", table="meeting_topic", lack=Lack(tables=("meeting_topic",)))
    timed = meeting_topic[meeting_topic["minutes"] > 0]
    price = speaking(timed, "topic", PRICE_WORDS)
    minutes = float(timed["minutes"].sum())
    return share(
        label,
        round(float(timed.loc[price, "minutes"].sum())),
        round(minutes),
        of="minutes",
        table="meeting_topic",
        scale=COMMERCIAL,
        rows=timed.index[price],
    )
