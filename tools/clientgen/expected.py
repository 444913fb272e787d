"""What must be found in a made client, with which size, and what must not be flagged?

Every value follows from the story and from what was counted while planting, never from the product.
A rule says when a fault counts as planted, so that a story with another size gets its own list.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd

from tools.clientgen.figures import KPIS, TOOL_KPIS
from tools.clientgen.make import Made
from tools.clientgen.quality import LEVELS, MASTER
from tools.clientgen.story import Story
from tools.clientgen.trouble import noticed

SATISFIED = 0.75
"""Share of satisfied customers below which a month's outcome is red."""


def expected(made: Made) -> dict[str, Any]:
    """Return what expected.yaml says of a made client."""
    faults = [fault for rule in RULES for fault in rule(made)]
    known = set(made.story.only_tables)
    if known:
        faults = [fault for fault in faults if set(fault["tables"]) <= known]
    return {
        "format": 1,
        "client": made.story.id,
        "seed": made.seed,
        "fictional": True,
        "serves": list(made.story.serves),
        "must_find": faults,
        "must_not_flag": _clean(made.story),
    }


def _fault(
    method: str, measure: str, value: float, tolerance: float, unit: str, why: str, *tables: str
) -> dict[str, Any]:
    return {
        "id": method,
        "measure": measure,
        "value": round(float(value), 4),
        "tolerance": tolerance,
        "unit": unit,
        "why": why,
        "tables": list(tables),
    }


def _clean(story: Story) -> list[dict[str, str]]:
    if story.is_healthy:
        return [{"severity": "severe"}]
    named = (sound.partition(": ") for sound in story.sound)
    return [{"id": method, **({"measure": measure} if measure else {})} for method, _, measure in named]


def _contact_log(made: Made) -> Iterator[dict[str, Any]]:
    """Rows of the contact log that were spoiled."""
    for kind, column, words in (
        ("answered_before_offered", "answer_ts", "contacts answered before they were offered"),
        ("negative_durations", "talk_s", "contacts with a negative talk time"),
        ("unknown_agents", "agent_id", "contacts of agents whom the roster does not know"),
        ("duplicated", "contact_id", "contacts that appear a second time"),
    ):
        if made.counts[kind]:
            fault = _fault("VL-3", words, made.counts[kind], 0, "rows", "planted row by row", "contacts")
            yield {**fault, "column": column}


def _cells(made: Made) -> Iterator[dict[str, Any]]:
    """Cells of the contact log that were left empty."""
    defects = made.story.defects
    if defects.disposition_missing > 0.05:
        yield _fault(
            "VL-3", "answered contacts with a disposition", 1 - defects.disposition_missing, 0.02, "fraction",
            "each was left empty with this probability", "contacts",
        )  # fmt: skip


def _floor(made: Made) -> Iterator[dict[str, Any]]:
    story, log = made.story, made.parts["log"]
    served = log[log["agent"] >= 0]
    if story.work.escalated[2] > 0.2:
        why = "thin transfer: agents lack judgement on edge cases, the new and the complex most"
        yield _fault(
            "FM-2", "contacts escalated", served["escalated"].mean(), 0.015, "fraction", why, "contacts"
        )
        hard = served[served["complexity"] == 2]
        yield _fault(
            "HC-6", "complex contacts escalated", hard["escalated"].mean(), 0.025, "fraction", why, "contacts"
        )
    if story.contract_mix is not None:
        true = log["complexity"].value_counts(normalize=True).reindex(range(3), fill_value=0.0).to_numpy()
        apart = float(np.abs(true - np.array(story.contract_mix)).sum() / 2)
        yield _fault(
            "HC-5", "contacts in another class of difficulty than contracted", apart, 0.015, "fraction",
            "the contract assumed an easier mix", "contacts",
        )  # fmt: skip
    if story.work.onset is not None and story.work.resolved_lost:
        yield {
            **_fault(
                "FM-X2", "onset of the decline", 0, 14, "days",
                "fewer contacts are resolved from this day on, and nobody owns the figure", "contacts", "outcome",
            ),
            "onset": f"{story.work.onset:%Y-%m-%d}",
        }  # fmt: skip
        if story.governance.no_relationship_owner:
            yield _fault(
                "FM-X2", "days from the onset to the first word about it", (noticed(story) - story.work.onset).days,
                7, "days", "nobody is there to notice", "contacts", "outcome", "issue",
            )  # fmt: skip


def _green_and_red(made: Made) -> Iterator[dict[str, Any]]:
    months = made.monthly[[_is_whole(made.story, str(month)) for month in made.monthly.index]]
    both = (months["service_level"] >= made.story.target) & (
        (months["satisfied"] < SATISFIED) | (months["resolved"] < 0.70)
    )
    if both.any():
        yield _fault(
            "VMF-3", "months with the service level met and an outcome missed", both.mean(),
            0.5 / len(both), "fraction", "customers are not helped, and the contract counts seconds",
            "contacts", "outcome",
        )  # fmt: skip


def _is_whole(story: Story, month: str) -> bool:
    first = pd.Timestamp(f"{month}-01").date()
    last = (pd.Timestamp(first) + pd.offsets.MonthEnd(0)).date()
    return story.start <= first and last <= story.end


def _reported(made: Made) -> Iterator[dict[str, Any]]:
    traits = made.story.governance
    if traits.reported_formula == "V2" and not traits.reported_shift.get("service_level"):
        return
    shown = made.tables["kpi_value"]
    shown = shown[shown["kpi"] == "service_level"].set_index("period")["reported"]
    true = made.monthly["service_level"].reindex(shown.index)
    gap = (shown - true).abs()
    yield _fault(
        "HC-8", "reported service levels that the contract's formula gives", (gap <= 0.005).mean(), 0.01,
        "fraction", f"reported by formula {traits.reported_formula}, and more on top", "contacts", "kpi_value",
    )  # fmt: skip


def _leavers(made: Made) -> Iterator[dict[str, Any]]:
    if not made.story.people.never_revoked and not made.story.people.revoked_late:
        return
    hr, access = made.tables["hris"], made.tables["provisioning"]
    left = hr[hr["term_date"].notna()].set_index("agent_id")["term_date"]
    gone = access["agent_id"].map(left)
    due = (gone + pd.Timedelta(days=2)).dt.date
    judged = access[gone.notna() & (due >= made.story.start) & (due <= made.story.end)]
    deadline = (judged["agent_id"].map(left) + pd.Timedelta(days=2)).dt.tz_localize(made.story.time_zone)
    open_ones = judged["revoked_ts"].isna()
    late = open_ones | (judged["revoked_ts"] > deadline)
    if not late.any():  # a small client may have no leaver whom the dice chose: then nothing is planted
        return
    yield _fault(
        "EXP-6", "accounts of leavers revoked within 24 hours", 1 - late.mean(), 0.01, "fraction",
        "leaving is not tied to closing access", "hris", "provisioning",
    )  # fmt: skip
    if open_ones.any():
        yield _fault(
            "EXP-6", "accounts of leavers never revoked", open_ones.sum(), 0, "accounts",
            "accounts planted open", "hris", "provisioning",
        )  # fmt: skip


def _cadence(made: Made) -> Iterator[dict[str, Any]]:
    for forum, method in (
        ("weekly", "HC-2"),
        ("daily", "GOV-1"),
        ("monthly", "GOV-3"),
        ("quarterly", "GOV-4"),
    ):
        planted = made.story.governance.held.get(forum, 1.0)
        planned, held = made.counts[f"{forum}_planned"], made.counts[f"{forum}_held"]
        if planted <= 0.7 and planned >= 4:
            yield _fault(
                method, f"{forum} meetings held as planned", held / planned, 0.005, "fraction",
                f"each was held with probability {planted:g}", "gov_meeting",
            )  # fmt: skip


def _owners(made: Made) -> Iterator[dict[str, Any]]:
    traits = made.story.governance
    for what, n, missing, double in (
        ("stages", 12, traits.stages_unowned, traits.stages_double),
        ("handoffs", 17, traits.handoffs_unowned, traits.handoffs_double),
    ):
        if (missing + double) / n > 0.3:
            yield _fault(
                "VL-2", f"{what} with exactly one accountable role", (n - missing - double) / n, 0.001, "fraction",
                f"{missing} without an owner, {double} with two", "ownership",
            )  # fmt: skip
    if traits.no_relationship_owner:
        yield _fault(
            "HC-1", "duties of the owner with exactly one accountable role", 0, 0.001, "fraction",
            "nobody on the buyer's side owns the relationship", "ownership",
        )  # fmt: skip
    if made.truth["owners_alike"] < 0.5 and made.owners:
        yield _fault(
            "VL-2", "pairs of respondents who name the same owner", made.truth["owners_alike"], 0.12, "fraction",
            f"an owner who is written down is named by {traits.owner_agreement:.0%}; two owners split the rest, and "
            "where there is none everybody guesses", "owner_answer",
        )  # fmt: skip
    controls = traits.controls_unowned + traits.controls_double
    if controls:
        yield _fault(
            "VMF-9", "controls with exactly one accountable role", 1 - controls / 5, 0.001, "fraction",
            f"{traits.controls_unowned} without an owner, {traits.controls_double} with two", "ownership",
        )  # fmt: skip
    if traits.processes_undefined >= 4:
        signed = made.tables["process_document"]["approved_date"].notna().mean()
        yield _fault(
            "VL-1", "processes written down and signed off", signed, 0.001, "fraction",
            f"{traits.processes_undefined} of twelve lifecycle processes were never written down",
            "process_document",
        )  # fmt: skip


def _transfer(made: Made) -> Iterator[dict[str, Any]]:
    table = made.tables.get("knowledge_transfer")
    if made.story.governance.transfer_held[2] < 0.7 and table is not None:
        share = table["held_hours"].sum() / table["planned_hours"].sum()
        yield _fault(
            "HC-6", "planned hours of knowledge transfer that were held", share, 0.005, "fraction",
            "a short wiki and a few sessions", "knowledge_transfer",
        )  # fmt: skip


def _routine(made: Made) -> Iterator[dict[str, Any]]:
    traits = made.story.governance
    if traits.edited_last_day > 0.3:
        clean = 1 - made.counts["packs_edited"] / made.counts["packs"]
        yield _fault(
            "VL-4a", "packs not edited by hand within 24 hours of the meeting", clean, 0.01, "fraction",
            "the pack is reconciled the night before", "report_log",
        )  # fmt: skip
    if traits.side_channel > 0.25:
        formal = 1 - made.counts["escalations_side"] / made.counts["escalations"]
        yield _fault(
            "VMF-11", "escalations on the formal path", formal, 0.01, "fraction",
            "the formal path is too slow, so supervisors go around it", "escalation",
        )  # fmt: skip
    if traits.kpis_ruled < 0.5:
        tools = len(TOOL_KPIS) if traits.kpis_cover_tools else 0
        share = (made.counts["kpis_ruled"] + tools) / (len(KPIS) + tools)
        yield _fault(
            "VL-4", "key figures with owner, forum, threshold and action", share, 0.01, "fraction",
            "figures are shown and nobody has to act on them", "kpi",
        )  # fmt: skip


def _certificates(made: Made) -> Iterator[dict[str, Any]]:
    agents = made.parts["agents"]
    if "schedule" not in made.tables:
        return
    agents = agents[agents["agent_id"].isin(set(made.tables["schedule"]["agent_id"]))]
    lacking = agents["agent_id"].isin(made.parts["uncertified"])
    if made.story.people.uncertified and lacking.any():
        yield _fault(
            "VL-3a", "agents scheduled on a queue who are certified for it", 1 - lacking.mean(), 0.03, "fraction",
            "agents are planned on queues before they are certified", "schedule", "training", "course_queue",
        )  # fmt: skip


def _people(made: Made) -> Iterator[dict[str, Any]]:
    traits = made.story.people
    if traits.onboarding_by_mail > 0.15 or traits.keyed_by_hand > 0.3:
        table = made.tables["provisioning"]
        first = pd.Timestamp(made.story.start, tz=made.story.time_zone)
        after = pd.Timestamp(made.story.end + timedelta(days=1), tz=made.story.time_zone)
        mine = table[
            table["requested_ts"].between(first, after, inclusive="left")
            | table["granted_ts"].between(first, after, inclusive="left")
        ]
        done = mine["requested_ts"].notna() & mine["granted_ts"].notna() & (mine["keyed_by"] == "auto")
        yield _fault(
            "VL-1a", "onboarding steps done in a system with both time stamps", done.mean(), 0.02, "fraction",
            "steps run in mailboxes and are typed in by hand", "provisioning",
        )  # fmt: skip


def _judging(made: Made) -> Iterator[dict[str, Any]]:
    traits = made.story.quality
    if traits.late_entry > 0.3:
        evals = made.tables["qa_eval"].drop_duplicates("eval_id")
        typed = evals["entry_ts"].dt.tz_convert(made.story.time_zone)
        at_the_end = (typed.dt.days_in_month - typed.dt.day) < 3
        yield _fault(
            "VL-3c", "evaluations entered in the last 3 days of a month", at_the_end.mean(), 0.02, "fraction",
            "scores are typed in before the deadline, weeks after the contact", "qa_eval",
        )  # fmt: skip


def _agreement(made: Made) -> Iterator[dict[str, Any]]:
    wrong = made.story.quality.disagreement
    table = made.tables.get("calibration")
    if wrong > 0.2 and table is not None and len(table):
        yield _fault(
            "HC-3", "agreement of evaluators (Krippendorff's alpha, interval)", alpha(wrong), 0.2, "alpha",
            f"each evaluator departs from the master with probability {wrong:g}", "calibration",
        )  # fmt: skip
    if made.story.quality.coaching_spread > 0.5:
        yield _fault(
            "VL-1c", "spread of coaching between team leaders", made.story.quality.coaching_spread, 0.25,
            "times the mean", "how much one is coached depends on the team leader", "coaching",
        )  # fmt: skip


def alpha(disagreement: float) -> float:
    """Return the Krippendorff alpha (interval) that evaluators of the calibration sessions would reach.

    A master score is drawn, and every evaluator departs from it with the given probability to one of the
    other two levels. Over infinitely many items alpha is 1 - observed / expected squared difference.
    """
    given = np.where(np.eye(3, dtype=bool), 1 - disagreement, disagreement / 2)
    within = np.array([row @ LEVELS**2 - (row @ LEVELS) ** 2 for row in given])
    overall = np.array(MASTER) @ given
    return float(1 - np.array(MASTER) @ within / (overall @ LEVELS**2 - (overall @ LEVELS) ** 2))


def _breaches(made: Made) -> Iterator[dict[str, Any]]:
    table = made.tables.get("breach")
    if made.story.governance.breach_undecided > 0.3 and table is not None:
        yield _fault(
            "VL-4", "breaches on which something was decided", table["decided_ts"].notna().mean(), 0.08,
            "fraction", "a figure turns red and nobody has to act", "breach",
        )  # fmt: skip


def _trade_off(made: Made) -> Iterator[dict[str, Any]]:
    work = made.story.work
    if work.onset is not None and work.speeds_up and work.resolved_lost:
        yield _fault(
            "VMF-12", "pairs in which one measure gained while another lost", 2, 1, "pairs",
            f"handle time falls by {work.speeds_up:.0%}; resolution and satisfaction fall with it", "contacts",
            "outcome",
        )  # fmt: skip


def _controls(made: Made) -> Iterator[dict[str, Any]]:
    traits = made.story.governance
    if traits.subprocessors_unapproved:
        yield _fault(
            "RISK-5", "subprocessors that the client approved", 1 - traits.subprocessors_unapproved / 4, 0.001,
            "fraction", "data goes to a party that nobody approved", "subprocessor",
        )  # fmt: skip
    if traits.access_reviews_held < 0.6:
        wanted = 7 * sum((last - first).days >= 20 for first, last in _months(made))
        yield _fault(
            "RISK-1", "monthly access reviews that took place", len(made.tables["access_review"]) / wanted, 0.01,
            "fraction", f"each was held with probability {traits.access_reviews_held:g}", "access_review",
        )  # fmt: skip


def _months(made: Made) -> list[tuple[Any, Any]]:
    days = pd.date_range(made.story.start, made.story.end)
    return [(group[0], group[-1]) for _, group in days.groupby(days.strftime("%Y-%m")).items()]


def _billing(made: Made) -> Iterator[dict[str, Any]]:
    money = made.story.money
    if money.hours_overbilled:
        yield _fault(
            "EXP-3", "hours billed differently from what was tracked", made.truth["hours_billed_otherwise"], 0.003,
            "fraction", f"{money.wrong_rate:.0%} of regular hours at the dearer code; {money.hours_overbilled:.0%} on "
            "top for " + ", ".join(money.overbilled_clients), "timesheet", "invoice",
        )  # fmt: skip
    if money.invoices_corrected > 0.05:
        share = made.counts["invoices_corrected"] / made.counts["invoices"]
        yield _fault("BOM-7", "invoices corrected after they were sent", share, 0.001, "fraction",
                     "written by hand", "invoice")  # fmt: skip
    if money.margin_erosion:
        yield _fault(
            "BPX-3", "growth of direct cost per hour over the period", money.margin_erosion, 0.03, "fraction",
            "nobody looks at margin by client and month: " + ", ".join(money.eroding_clients),
            "cost_ledger", "timesheet", "invoice",
        )  # fmt: skip
    if made.story.people.payroll_errors > 0.02:
        share = made.counts["payslips_corrected"] / made.counts["payslips"]
        yield _fault("BOM-1", "pay slips corrected", share, 0.001, "fraction",
                     "missed punches and overtime found after pay day", "payroll")  # fmt: skip


RULES = (
    _contact_log, _cells, _floor, _green_and_red, _reported, _leavers, _cadence, _owners, _transfer, _routine,
    _certificates, _people, _judging, _agreement, _breaches, _trade_off, _controls, _billing,
)  # fmt: skip
