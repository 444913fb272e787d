"""What is worked, paid, billed and what does it cost: time sheets, pay, invoices, the ledger?

One story: shifts worked become hours on time sheets; hours and rates become invoices; hours and pay
become cost. What a story plants (hours billed on top, codes mixed up, cost that grows) is the only
difference between them.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from tools.clientgen.world import World, pick, times

SHARED = (
    ("supervision", 0.13, "headcount"),
    ("facilities", 0.10, "headcount"),
    ("training and QA", 0.07, "hours"),
)
REGULAR, AFTER_HOURS, TRAINING = "REG", "AFTER", "TRN"
AFTER_START_H = 14.0
"""Shifts that begin here or later are billed after hours."""


def timesheet(world: World) -> None:
    """Fill `timesheet` from the shifts that were worked."""
    story, dice = world.story, world.dice("timesheet")
    worked = world.parts["worked"]
    worked = worked[~worked["absent"]].reset_index(drop=True)
    agents = world.parts["agents"]
    n = len(worked)
    late = np.minimum(dice.exponential(story.people.lateness_s, n), 1500)
    stays = dice.exponential(120, n)
    start = world.utc(worked["day"].to_numpy().astype("datetime64[D]"), worked["start_h"].to_numpy() * 3600)
    home = agents["home"].to_numpy(dtype=int)[worked["agent"]]
    clients = np.array([queue.client or story.id for queue in story.queues], dtype=object)
    code = np.where(worked["start_h"] >= AFTER_START_H, AFTER_HOURS, REGULAR)
    by_hand = dice.random(n) < story.money.manual_timesheets
    wrong = by_hand & (dice.random(n) < 0.25)
    minutes = dice.gamma(3, story.money.approval_minutes / 3, n)
    clock_in, clock_out = (
        (start + late).astype(np.int64),
        (start + story.agent_hours * 3600 + stays).astype(np.int64),
    )
    unpaid = 30 if story.agent_hours >= 7 else 0
    frame = pd.DataFrame(
        {
            "agent_id": agents["agent_id"].to_numpy(dtype=object)[worked["agent"]],
            "date": pd.to_datetime(worked["day"]),
            "client": clients[home],
            "rate_code": code,
            "clock_in": times(clock_in),
            "clock_out": times(clock_out),
            "breaks": unpaid,
            "source": np.where(by_hand, "manual", "auto"),
            "corrected": wrong,
            "approver": agents["supervisor_id"].to_numpy(dtype=object)[worked["agent"]],
            "minutes_to_approve": np.round(minutes, 1),
        }
    )
    world.tables["timesheet"] = frame
    hours = (clock_out - clock_in) / 3600 - unpaid / 60
    month = np.asarray(frame["date"].dt.strftime("%Y-%m"))
    world.parts["hours"] = pd.DataFrame(
        {"client": clients[home], "month": month, "code": code, "hours": hours, "agent": worked["agent"]}
    )


def payroll(world: World) -> None:
    """Fill `payroll`: one row a person and month."""
    story, dice = world.story, world.dice("payroll")
    hours = world.parts["hours"].groupby(["month", "agent"])["hours"].sum().reset_index()
    ids = world.parts["agents"]["agent_id"].to_numpy(dtype=object)
    due = pd.to_datetime(hours["month"] + "-01") + pd.offsets.MonthEnd(0)
    wrong = dice.random(len(hours)) < story.people.payroll_errors
    world.tables["payroll"] = pd.DataFrame(
        {
            "cycle": hours["month"], "agent_id": ids[hours["agent"]],
            "gross": np.round(hours["hours"] * story.money.agent_cost_per_hour, 2),
            "currency": story.currency, "corrected_flag": wrong,
            "correction_reason": np.where(wrong, pick(dice, ("missed punch", "overtime"), len(hours)), None),
            "pay_date_due": due, "pay_date_actual": due,
        }
    )  # fmt: skip
    world.counts["payslips"], world.counts["payslips_corrected"] = len(hours), int(wrong.sum())


def billing(world: World) -> None:
    """Fill `rate_card` and `invoice`; count the hours billed that nobody worked."""
    story, dice = world.story, world.dice("billing")
    money = story.money
    clients = story.clients
    cards, lines = [], []
    worked = world.parts["hours"].groupby(["client", "month", "code"])["hours"].sum()
    factor = {REGULAR: 1.0, AFTER_HOURS: 1.15}
    over, moved, apart, total = 0.0, 0.0, 0.0, 0.0
    for place, client in enumerate(clients):
        base = money.rate_per_hour * (1 + 0.03 * (place % 4))
        rates = {code: round(base * f, 2) for code, f in factor.items()}
        rules = {
            REGULAR: "shifts that begin before 14:00",
            AFTER_HOURS: "shifts that begin at 14:00 or later",
        }
        for code, rate in rates.items():
            cards.append((client, code, "hour", rate, story.currency, rules[code], story.contract_start))
        cards.append(
            (
                client,
                TRAINING,
                "hour",
                round(base * 0.8, 2),
                story.currency,
                "classes ordered by the client",
                story.contract_start,
            )
        )
        for first, last in world.months:
            month = f"{first:%Y-%m}"
            units = {code: float(worked.get((client, month, code), 0.0)) for code in rates}
            true = dict(units)
            total += sum(units.values())
            shift = units[REGULAR] * money.wrong_rate
            units[REGULAR] -= shift
            units[AFTER_HOURS] += shift
            moved += shift
            is_padded = not money.overbilled_clients or client in money.overbilled_clients
            extra = sum(units.values()) * money.hours_overbilled * is_padded
            units[REGULAR] += extra
            over += extra
            apart += sum(abs(units[code] - true[code]) for code in rates)
            corrected, disputed = dice.random() < money.invoices_corrected, dice.random() < money.disputed
            name = f"INV-{client[:4].upper()}-{month}" if len(clients) > 1 else f"INV-{month}"
            for code, rate in rates.items():
                if units[code] <= 0:
                    continue
                amount = round(round(units[code], 2) * rate, 2)
                lines.append(
                    (name, client, month, last + timedelta(days=4), amount, story.currency, corrected,
                     round(amount * 0.03, 2) if corrected else 0.0, disputed,
                     str(pick(dice, ("upheld", "changed"), 1)[0]) if disputed else None, round(units[code], 2), code)
                )  # fmt: skip
    world.tables["rate_card"] = pd.DataFrame(
        cards, columns=["client", "rate_code", "unit", "rate", "currency", "rule", "valid_from"]
    )
    frame = pd.DataFrame(
        lines,
        columns=["invoice_id", "client", "period", "issued_ts", "amount", "currency", "corrected_flag",
                 "credit_amount", "disputed", "dispute_result", "units", "rate_code"],
    )  # fmt: skip
    issued = world.utc(frame["issued_ts"].to_numpy().astype("datetime64[D]"), np.full(len(frame), 11 * 3600))
    frame["issued_ts"] = times(issued)
    world.tables["invoice"] = frame
    invoices = frame.drop_duplicates("invoice_id")
    world.counts["invoices"] = len(invoices)
    world.counts["invoices_corrected"] = int(invoices["corrected_flag"].sum())
    world.truth["hours_overbilled"] = over / total if total else 0.0
    world.truth["hours_billed_otherwise"] = apart / total if total else 0.0
    world.truth["hours_at_wrong_rate"] = moved / total if total else 0.0


def cost_ledger(world: World) -> None:
    """Fill `cost_ledger`: direct cost of each client, shared cost and what allocates it."""
    story = world.story
    money = story.money
    worked = world.parts["hours"].groupby(["client", "month"])["hours"].sum()
    rows: list[tuple[date, str, str | None, str, str | None, float, str]] = []
    for number, (day, _) in enumerate(world.months):
        month, first = f"{day:%Y-%m}", day.replace(day=1)
        grown = 1 + money.margin_erosion * number / max(len(world.months) - 1, 1)
        here = worked[worked.index.get_level_values(1) == month]
        for (client, _), hours in here.items():
            erodes = not money.eroding_clients or client in money.eroding_clients
            cost = hours * money.agent_cost_per_hour * (grown if erodes else 1.0)
            rows.append((first, "agents", client, "direct", None, round(cost, 2), story.currency))
        for centre, share, driver in SHARED:
            cost = float(here.sum()) * money.agent_cost_per_hour * share
            rows.append((first, centre, None, "shared", driver, round(cost, 2), story.currency))
    world.tables["cost_ledger"] = pd.DataFrame(
        rows, columns=["month", "cost_centre", "client", "direct_shared", "driver", "amount", "currency"]
    )


def requests(world: World) -> None:
    """Fill `leave_request` and `routine_request`."""
    story, dice = world.story, world.dice("requests")
    worked = world.parts["worked"]
    ids = world.parts["agents"]["agent_id"].to_numpy(dtype=object)
    chosen = np.flatnonzero(dice.random(len(worked)) < 0.02)
    n = len(chosen)
    who = ids[worked["agent"].to_numpy()[chosen]]
    day = worked["day"].to_numpy()[chosen].astype("datetime64[D]")
    asked = world.utc(day, 10 * 3600 + dice.integers(0, 18_000, n))
    decided = (asked + np.maximum(dice.gamma(2, story.people.leave_decided_h / 2, n), 0.1) * 3600).astype(
        np.int64
    )
    horizon = int(world.utc([story.end], [86_399])[0])
    self_service = dice.random(n) < story.people.schedule_in_tool
    world.tables["leave_request"] = pd.DataFrame(
        {
            "id": [f"LR{i + 1:04d}" for i in range(n)], "agent_id": who, "submitted_ts": times(asked),
            "decided_ts": times(np.where(decided > horizon, np.nan, decided)),
            "route": np.where(self_service, "self-service", "email"), "coverage_shown": self_service,
        }
    )  # fmt: skip
    m = max(n // 2, 4)
    rows = dice.integers(0, len(worked), m)
    at = world.utc(
        worked["day"].to_numpy()[rows].astype("datetime64[D]"), 9 * 3600 + dice.integers(0, 28_000, m)
    )
    alone = dice.random(m) < story.people.schedule_in_tool * 0.8
    order = np.argsort(at, kind="stable")
    supervisors = world.parts["agents"]["supervisor_id"].to_numpy(dtype=object)[
        worked["agent"].to_numpy()[rows]
    ]
    world.tables["routine_request"] = pd.DataFrame(
        {
            "id": [f"RR{i + 1:04d}" for i in range(m)],
            "type": pick(dice, ("leave balance", "time off", "schedule", "direct deposit", "pay stub"), m),
            "asker": ids[worked["agent"].to_numpy()[rows]][order],
            "answered_by": np.where(alone, None, supervisors)[order],
            "ts": times(at[order]), "minutes": np.where(alone, 1, dice.integers(4, 12, m))[order],
        }
    )  # fmt: skip
