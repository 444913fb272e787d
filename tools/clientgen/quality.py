"""How is work judged, how are people coached, and what do customers say?"""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd

from tools.clientgen.world import DAY_S, World, pick, seconds, times

ITEMS = (
    ("greeting and identification", 0.15),
    ("diagnosis", 0.35),
    ("solution", 0.35),
    ("documentation", 0.15),
)
LEVELS = np.array([0.0, 0.5, 1.0])
MASTER = (0.2, 0.3, 0.5)
"""How often the true score of a calibration item is each of the levels."""


def qa_eval(world: World) -> None:
    """Fill `qa_eval`: evaluations of an agent's own contacts, item by item."""
    story, dice, traits = world.story, world.dice("qa"), world.story.quality
    log = world.parts["log"]
    served = log[log["agent"] >= 0]
    month = world.month_of(served["answer"].to_numpy())
    evaluators = [f"Q{101 + i}" for i in range(story.people.qa_analysts)]
    bias = dice.normal(0, traits.evaluator_bias, len(evaluators))
    bias -= bias.mean()
    skill = world.parts["agents"]["skill_score"].to_numpy() * traits.agent_spread
    horizon = world.utc([story.end], [DAY_S - 1])[0]
    month_end = {f"{b:%Y-%m}": int(world.utc([b], [DAY_S - 1])[0]) for _, b in world.months}
    chosen = []
    for (name, agent), mine in served.groupby([month, served["agent"]], sort=True):
        mine = mine[mine["end"] < month_end[str(name)] - 4 * DAY_S]
        wanted = int(traits.evals_per_month) + int(dice.random() < traits.evals_per_month % 1)
        if dice.random() < traits.missed_evals:
            wanted = int(dice.integers(0, 2))
        if len(mine) < 15:
            continue
        wanted = min(wanted, len(mine))
        rows = np.sort(dice.choice(len(mine), size=wanted, replace=False))
        chosen += [(agent, row.contact_id, row.end, str(name)) for row in mine.iloc[rows].itertuples()]
    n, k = len(chosen), len(ITEMS)
    agent = np.array([c[0] for c in chosen], dtype=int)
    who = dice.integers(0, len(evaluators), n)
    ended = np.array([c[2] for c in chosen], dtype=np.int64)
    judged = ended + 3600 * dice.integers(2, 60, n)
    limits = np.array([month_end[c[3]] for c in chosen], dtype=np.int64)
    judged = np.minimum(judged, limits - 3600)
    crammed = dice.random(n) < traits.late_entry
    typed = np.where(
        crammed,
        np.maximum(limits - dice.integers(600, 2 * DAY_S, n), judged + 60),
        judged + dice.integers(60, 7200, n),
    )
    typed = np.minimum(typed, horizon - 60)
    level = traits.mean + skill[agent] + bias[who] + dice.normal(0, traits.noise, n)
    scores = level[:, None] + dice.normal(0, 6, (n, k))
    lazy = dice.random((n, k)) < traits.rounded
    scores = np.where(lazy, np.round(scores / 10) * 10, np.round(scores))
    scores = np.clip(scores, 20, 100) / 100
    disputed = dice.random(n) < traits.disputed
    result = np.where(disputed, pick(dice, ("upheld", "changed"), n, (0.7, 0.3)), None)
    ids = world.parts["agents"]["agent_id"].to_numpy(dtype=object)
    each = lambda values: np.repeat(np.asarray(values), k)  # noqa: E731
    names = np.array([f"E{i + 1:05d}" for i in range(n)], dtype=object)
    world.tables["qa_eval"] = pd.DataFrame(
        {
            "eval_id": each(names),
            "contact_id": each(np.array([c[1] for c in chosen], dtype=object)),
            "agent_id": each(ids[agent]),
            "evaluator_id": each(np.array(evaluators, dtype=object)[who]),
            "evaluator_side": "vendor",
            "form_version": "v3",
            "item": np.tile(np.array([name for name, _ in ITEMS], dtype=object), n),
            "weight": np.tile([weight for _, weight in ITEMS], n),
            "score": scores.ravel(),
            "critical_flag": False,
            "eval_ts": times(each(judged)),
            "entry_ts": times(each(typed)),
            "shown_ts": times(each(np.minimum(typed + 3600 * dice.integers(1, 30, n), horizon))),
            "disputed": each(disputed),
            "dispute_result": each(result),
        }
    )
    total = scores @ np.array([weight for _, weight in ITEMS])
    world.parts["evals"] = pd.DataFrame(
        {"eval_id": names, "agent": agent, "typed": typed, "judged": judged, "total": total}
    )
    world.counts["evals"], world.counts["evals_crammed"] = n, int(crammed.sum())
    world.truth["evaluator_spread"] = traits.evaluator_bias / 100


def calibration(world: World) -> None:
    """Fill `calibration`: once a month all evaluators score the same contacts."""
    story, dice, traits = world.story, world.dice("calibration"), world.story.quality
    log = world.parts["log"]
    evaluators = [f"Q{101 + i}" for i in range(story.people.qa_analysts)]
    rows = []
    for number, (first, last) in enumerate(world.months):
        day = first + timedelta(days=13)
        if day > last or dice.random() >= traits.calibrations_held:
            continue
        before = log[(log["agent"] >= 0) & (log["end"] < world.utc([day], [0])[0])]
        if len(before) < 10:
            continue
        for contact in before["contact_id"].iloc[dice.choice(len(before), 6, replace=False)]:
            for item, _ in ITEMS:
                master = int(dice.choice(3, p=MASTER))
                for evaluator in evaluators:
                    level = master
                    if dice.random() < traits.disagreement:
                        level = (master + int(dice.integers(1, 3))) % 3
                    rows.append((f"CAL{number + 1:02d}", day, contact, evaluator, item, LEVELS[level]))
    world.tables["calibration"] = pd.DataFrame(
        rows, columns=["session_id", "date", "contact_id", "evaluator_id", "item", "score"]
    )
    same, other = 1 - traits.disagreement, traits.disagreement / 2
    world.truth["calibration_agreement"] = same**2 + 2 * other**2


def coaching(world: World) -> None:
    """Fill `coaching`: sessions by supervisor, with the evaluation that led to them."""
    dice, traits = world.dice("coaching"), world.story.quality
    agents, evals = world.parts["agents"], world.parts["evals"]
    supervisors = sorted(set(agents["supervisor_id"]))
    k = len(supervisors)
    rank = np.linspace(-1, 1, k) if k > 1 else np.zeros(1)
    rank = rank / rank.std() if k > 1 else rank
    factor = dict(zip(supervisors, np.maximum(1 + traits.coaching_spread * rank, 0.05), strict=True))
    rows = []
    worked = world.parts["worked"]
    for agent, shifts in worked[~worked["absent"]].groupby("agent"):
        coach = agents["supervisor_id"].iloc[agent]
        days = shifts["day"].to_numpy().astype("datetime64[D]")
        mine = evals[(evals["agent"] == agent) & (evals["total"] < evals["total"].median())]
        for row in mine.itertuples():
            after = days[days > world.wall_s(np.array([row.typed]))[0][0]]
            if dice.random() < traits.coached_after_eval and len(after):
                pause = min(int(dice.integers(0, 4)), len(after) - 1)
                rows.append((agent, coach, after[pause], row.eval_id))
        months = len(days) / 21.0
        rate = max(traits.coaching_per_month - 0.5 * traits.coached_after_eval * traits.evals_per_month, 0.3)
        extra = dice.poisson(rate * months * factor[coach])
        sessions = dice.choice(days, size=min(extra, len(days)), replace=False)
        rows += [(agent, coach, day, None) for day in sessions]
    frame = pd.DataFrame(rows, columns=["agent", "coach_id", "date", "linked_eval_id"])
    keep = np.array([dice.random() < min(factor[c], 1.0) for c in frame["coach_id"]], dtype=bool)
    frame = frame[keep | frame["linked_eval_id"].isna()]
    frame = frame.sort_values(["date", "agent"], kind="stable", ignore_index=True)
    frame.insert(0, "agent_id", agents["agent_id"].to_numpy(dtype=object)[frame["agent"]])
    frame["date"] = pd.to_datetime(frame["date"])
    frame["minutes"] = dice.choice([20, 30, 45], len(frame))
    frame["in_system"] = dice.random(len(frame)) < traits.coached_in_system
    world.tables["coaching"] = frame.drop(columns="agent")
    world.truth["coaching_spread"] = traits.coaching_spread


def ramp(world: World) -> None:
    """Fill `ramp` from the contacts of those who started within the year before the period's end."""
    log, agents = world.parts["log"], world.parts["agents"]
    joined = world.utc(agents["start_date"].to_numpy().astype("datetime64[D]"), np.zeros(len(agents)))
    served = log[log["agent"] >= 0]
    week = (served["answer"].to_numpy() - joined[served["agent"]]) // (7 * DAY_S)
    frame = pd.DataFrame(
        {
            "agent": served["agent"].to_numpy(),
            "week": week,
            "handle": (served["end"] - served["answer"]).to_numpy(),
        }
    )
    frame = frame[(frame["week"] >= 0) & (frame["week"] < 52)]
    grouped = frame.groupby(["agent", "week"])["handle"].agg(["mean", "size"]).reset_index()
    grouped = grouped[grouped["size"] >= 5]
    evals = world.parts["evals"]
    judged_week = (evals["judged"].to_numpy() - joined[evals["agent"]]) // (7 * DAY_S)
    scores = evals.groupby([evals["agent"], judged_week])["total"].mean()
    keys = pd.MultiIndex.from_arrays([grouped["agent"], grouped["week"]])
    world.tables["ramp"] = pd.DataFrame(
        {
            "agent_id": agents["agent_id"].to_numpy(dtype=object)[grouped["agent"]],
            "week_since_start": grouped["week"].astype(int).to_numpy(),
            "aht_s": grouped["mean"].round(0).to_numpy(),
            "qa": scores.reindex(keys).round(3).to_numpy(),
            "contacts_per_hour": (0.78 * 3600 / grouped["mean"]).round(2).to_numpy(),
            "contacts": grouped["size"].to_numpy(),
        }
    )


def outcome(world: World) -> None:
    """Fill `outcome`: what a sample of customers answered, tied to whether they were helped."""
    story, dice, work = world.story, world.dice("outcome"), world.story.work
    log = world.parts["log"]
    served = log[log["agent"] >= 0]
    asked = served[dice.random(len(served)) < work.csat_sample]
    good = asked["resolved"].to_numpy(dtype=bool)
    waited = (asked["answer"] - asked["offered"]).to_numpy() > 240
    mean = np.where(good, work.csat_if_resolved, work.csat_if_not) - 0.3 * waited
    csat = np.clip(np.round(dice.normal(mean, 0.85)), 1, 5)
    ease = np.clip(np.round(dice.normal(mean, 0.9)), 1, 5)
    when = asked["end"].to_numpy() + dice.integers(300, 5400, len(asked))
    who = {"contact_id": asked["contact_id"], "customer": asked["customer"]}
    told_ease = dice.random(len(asked)) < 0.5
    parts = [
        pd.DataFrame({**who, "ts": when, "kind": "csat", "value": csat, "scale": "1-5"}),
        pd.DataFrame({**who, "ts": when + 20, "kind": "effort", "value": ease, "scale": "1-5"})[told_ease],
    ]
    angry = served[~served["resolved"].to_numpy(dtype=bool)]
    angry = angry[dice.random(len(angry)) < work.complaints_if_not]
    parts.append(
        pd.DataFrame(
            {"contact_id": angry["contact_id"], "customer": angry["customer"],
             "ts": angry["end"].to_numpy() + dice.integers(3600, 3 * DAY_S, len(angry)),
             "kind": "complaint", "value": 1.0, "scale": "0-1"}
        )
    )  # fmt: skip
    frame = pd.concat(parts, ignore_index=True)
    frame = frame[frame["ts"] < world.utc([story.end], [DAY_S])[0]]
    frame = frame.sort_values(["ts", "kind", "contact_id"], kind="stable", ignore_index=True)
    frame.insert(1, "customer_key", [f"C{k:06d}" for k in frame.pop("customer")])
    frame["ts"] = times(frame["ts"])
    world.tables["outcome"] = frame
    world.counts["csat"], world.counts["complaints"] = len(asked), len(angry)


def true_figures(world: World, weekly: bool = False, client: str = "") -> pd.DataFrame:
    """Return the true figures of each month, or of each week by its Monday.

    Counted from what happened on the floor, not from the files; of all contacts, or of one client's.
    """
    story, log = world.story, world.parts["log"]
    csat = world.tables["outcome"]
    csat = csat[csat["kind"] == "csat"]
    back = _returns(log)
    if client:
        mine = np.array([queue.client == client for queue in story.queues])[log["queue"]]
        csat = csat[csat["contact_id"].isin(log.loc[mine, "contact_id"])]
        log, back = log[mine], back[mine]

    def month_of(epoch_s: np.ndarray) -> np.ndarray:
        if not weekly:
            return world.month_of(epoch_s)
        day = world.wall_s(epoch_s)[0]
        return (day - (day.astype(np.int64) + 3) % 7).astype(str)

    month = month_of(log["offered"].to_numpy())
    served = log["agent"].to_numpy() >= 0
    wait = np.where(served, log["answer"] - log["offered"], log["gave_up"] - log["offered"])
    inside = served & (wait <= story.threshold_s)
    frame = pd.DataFrame(
        {
            "offered": 1.0, "answered": served, "inside": inside, "abandoned": ~served,
            "gave_up_early": ~served & (wait <= story.threshold_s),
            "handle": np.where(served, log["end"] - log["answer"], 0),
            "wait": np.where(served, wait, 0),
            "escalated": served & log["escalated"], "resolved": served & log["resolved"],
            "repeated": served & back,
        }
    ).astype(float).groupby(month).sum()  # fmt: skip
    stars = csat["value"].groupby(month_of(seconds(csat["ts"]))).mean()
    happy = (csat["value"] >= 4).groupby(month_of(seconds(csat["ts"]))).mean()
    n, answered = frame["offered"], frame["answered"]
    return pd.DataFrame(
        {
            "service_level": frame["inside"] / n,
            "service_level_V1": frame["inside"] / answered,
            "service_level_V3": frame["inside"] / (n - frame["gave_up_early"]),
            "service_level_V4": (frame["inside"] + frame["gave_up_early"]) / n,
            "abandon_rate": frame["abandoned"] / n,
            "aht_s": frame["handle"] / answered,
            "asa_s": frame["wait"] / answered,
            "escalation_rate": frame["escalated"] / answered,
            "repeat_rate": frame["repeated"] / answered,
            "resolved": frame["resolved"] / answered,
            "fcr": 1 - frame["repeated"] / answered,
            "csat": stars.reindex(frame.index),
            "satisfied": happy.reindex(frame.index),
        }
    )


def _returns(log: pd.DataFrame, days: int = 7) -> np.ndarray:
    """Return for each contact whether the same customer was back on the same queue within `days`."""
    order = np.lexsort((log["offered"], log["queue"], log["customer"]))
    customer, queue = log["customer"].to_numpy()[order], log["queue"].to_numpy()[order]
    offered = log["offered"].to_numpy()[order]
    again = np.zeros(len(log), dtype=bool)
    again[:-1] = (
        (customer[1:] == customer[:-1]) & (queue[1:] == queue[:-1])
        & (offered[1:] - offered[:-1] <= days * DAY_S)
    )  # fmt: skip
    back = np.empty_like(again)
    back[order] = again
    return back
