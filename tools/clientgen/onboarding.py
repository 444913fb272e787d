"""What do people learn, and which doors are opened and closed for them?"""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd

from tools.clientgen.world import DAY_S, World, pick, times

CURRICULUM = ("Welcome and product basics", "Systems", "Data protection")
SYSTEMS = ("HR", "payroll", "time tracking", "scheduling", "QA", "training", "CRM")


def training(world: World) -> None:
    """Fill `training`, `course_queue`, `ramp`: what agents learned, and how fast they became good."""
    story, dice = world.story, world.dice("training")
    agents = world.parts["agents"]
    queues = story.queues
    world.tables["course_queue"] = pd.DataFrame(
        [(queue.certificate, queue.name) for queue in queues], columns=["course", "queue"]
    )
    certificates = {
        client: list(dict.fromkeys(q.certificate for q in queues if q.client == client))
        for client in {q.client for q in queues}
    }
    rows = []
    without = dice.random(len(agents)) < story.people.uncertified
    for row, lacks in zip(agents.itertuples(), without, strict=True):
        courses = [*CURRICULUM, *certificates[queues[int(row.home)].client]]
        if dice.random() < story.people.training_variants:
            courses = [courses[i] for i in dice.permutation(len(courses))]
        for step, course in enumerate(courses):
            assigned = row.start_date
            done = row.start_date + timedelta(days=1 + step // 2)
            is_certificate = course not in CURRICULUM
            if is_certificate and lacks:
                if dice.random() < 0.5:
                    rows.append((row.agent_id, course, assigned, None, None, False, step))
                continue
            score = round(float(np.clip(dice.normal(0.86, 0.05), 0.71, 1)), 3)
            rows.append((row.agent_id, course, assigned, done, score, is_certificate, step))
    frame = pd.DataFrame(
        rows, columns=["agent_id", "course", "assigned", "completed", "score", "certified", "step"]
    )
    epoch = world.utc(frame["assigned"].to_numpy(), np.full(len(frame), 9 * 3600) + frame["step"] * 60)
    done = frame["completed"].notna().to_numpy()
    finished = np.full(len(frame), np.nan)
    finished[done] = world.utc(
        frame["completed"][done].to_numpy(), (12 + 4 * (frame["step"][done] % 2)) * 3600
    )
    frame["assigned"], frame["completed"] = times(epoch), times(finished)
    world.tables["training"] = frame.drop(columns="step")
    world.parts["uncertified"] = agents["agent_id"].to_numpy()[without]
    world.counts["uncertified_agents"] = int(without.sum())


def provisioning(world: World) -> None:
    """Fill `provisioning`: access given to hires and taken from leavers."""
    story, dice = world.story, world.dice("provisioning")
    traits, systems = story.people, SYSTEMS
    hr = world.tables["hris"]
    hr = hr[hr["role"] == "agent"].reset_index(drop=True)
    n, k = len(hr), len(systems)
    order = np.tile(np.arange(k), (n, 1))
    for i in np.flatnonzero(dice.random(n) < traits.onboarding_variants):
        order[i] = dice.permutation(k)
    place = np.argsort(order, axis=1)
    start_day = hr["start_date"].to_numpy().astype("datetime64[D]")
    decided_day = hr["hire_decision_date"].to_numpy().astype("datetime64[D]")
    requested = np.repeat(world.utc(decided_day, np.full(n, 10 * 3600)), k).reshape(n, k) + place * 600
    work_days = np.maximum(dice.gamma(4, traits.provisioning_days / 4, (n, k)), 0.05)
    late = dice.random(n) >= traits.first_day_access
    slow = np.where(late[:, None] & (place == k - 1), 30.0, 0.0)
    granted_day = np.busday_offset(
        np.repeat(decided_day, k).reshape(n, k), np.floor(work_days).astype(int), roll="forward"
    )
    within = 11 * 3600 + (work_days % 1) * 6 * 3600 + place * 60
    granted = world.utc(granted_day.ravel(), within.ravel()).reshape(n, k).astype(float)
    granted += slow * DAY_S
    first_morning = world.utc(start_day, np.full(n, 8 * 3600)).astype(float)
    granted = np.where(late[:, None] & (place == k - 1), first_morning[:, None] + 3 * DAY_S, granted)
    by_mail = dice.random((n, k)) < traits.onboarding_by_mail
    revoked = _revocations(world, hr, k, dice)
    worker = np.repeat(hr["agent_id"].to_numpy(), k)
    frame = pd.DataFrame(
        {
            "agent_id": worker,
            "system": np.tile(np.array(systems, dtype=object), n),
            "requested_ts": times(np.where(by_mail, np.nan, requested).ravel()),
            "granted_ts": times(granted.ravel()),
            "revoked_ts": times(revoked.ravel()),
            "approver": pick(dice, ("T101", "O101"), n * k, (0.6, 0.4)),
            "keyed_by": np.where(dice.random(n * k) < traits.keyed_by_hand, "manual", "auto"),
            "reworked": dice.random(n * k) < 0.02,
        }
    )
    frame["requested_ts"] = frame["requested_ts"].where(frame["requested_ts"] <= frame["granted_ts"])
    world.tables["provisioning"] = frame


def _revocations(world: World, hr: pd.DataFrame, k: int, dice: np.random.Generator) -> np.ndarray:
    """Return when each account closed, NaN where it is open; count what was planted."""
    traits = world.story.people
    n = len(hr)
    left = hr["term_date"].notna().to_numpy()
    revoked = np.full((n, k), np.nan)
    last = world.utc(
        hr["term_date"].fillna(pd.Timestamp(world.story.end)).to_numpy().astype("datetime64[D]"),
        np.full(n, 18 * 3600),
    )
    delay = dice.gamma(2.0, traits.revoked_h / 2, (n, k)) * 3600
    revoked[left] = last[left, None] + np.minimum(delay, 20 * 3600)[left]
    fate = dice.random(n)
    never = left & (fate < traits.never_revoked)
    late = left & ~never & (fate < traits.never_revoked + traits.revoked_late)
    slow = np.maximum(dice.gamma(4, traits.revoked_late_days / 4, n), 1.5) * DAY_S
    open_accounts = dice.integers(2, k, n)
    for i in np.flatnonzero(never):
        revoked[i, k - open_accounts[i] :] = np.nan
    for i in np.flatnonzero(late):
        revoked[i, k - open_accounts[i] :] = last[i] + slow[i]
    horizon = world.utc([world.story.end], [DAY_S - 1])[0]
    not_yet = left[:, None] & (revoked > horizon)
    revoked[not_yet] = horizon - 60
    world.counts["leavers_never_revoked"] = int(never.sum())
    world.counts["leavers_revoked_late"] = int(late.sum())
    world.counts["accounts_never_revoked"] = int(np.isnan(revoked[left]).sum())
    world.parts["never_revoked"] = hr["agent_id"].to_numpy()[never]
    return revoked
