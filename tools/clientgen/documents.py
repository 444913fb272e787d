"""What is written down: who owns what, processes, clauses, tools, knowledge handed over, answers?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd

from tools.clientgen.figures import KPIS
from tools.clientgen.onboarding import SYSTEMS
from tools.clientgen.story import COMPLEXITIES
from tools.clientgen.world import World, times

STAGE_OWNERS = (
    "WFM", "HR", "HR", "training", "WFM", "WFM", "WFM", "QA", "operations", "operations", "operations", "leadership",
)  # fmt: skip
HANDOFF_OWNERS = (
    "WFM", "HR", "HR", "training", "WFM", "WFM", "WFM", "QA", "operations", "operations", "leadership",
    "HR", "operations", "compliance", "finance", "WFM", "WFM",
)  # fmt: skip
CONTROLS = (
    "access review",
    "recording of payment data",
    "data retention",
    "leaver process",
    "incident report",
)
DUTIES = ("performance tracking", "issue escalation", "process improvement")
FUNCTION_DUTIES = (
    ("system access", "IT"), ("equipment", "IT"), ("labour cost", "finance"), ("billing alignment", "finance"),
    ("penalty exposure", "finance"), ("pay and benefits", "payroll"),
)  # fmt: skip
PILLARS = (("SC-1", "CFO"), ("SC-2", "COO"), ("SC-3", "CIO"), ("SC-4", "Chief Risk Officer"))
PROCESSES = (
    "resource planning", "recruiting", "onboarding", "training", "forecasting", "scheduling", "real-time management",
    "quality", "performance", "coaching", "performance management", "offboarding",
)  # fmt: skip
CLAUSES = (
    ("CON-1", "people"), ("CON-2", "data"), ("CON-3", "data"), ("CON-4", "governance"), ("CON-5", "exit"),
    ("CON-6", "scope"), ("SLA-1", "sla"), ("SLA-2", "people"), ("SLA-3", "data"), ("SLA-6", "governance"),
    ("CG-1", "scope"), ("CG-2", "governance"), ("CG-3", "outcome"), ("CG-4", "flexibility"), ("CG-5", "pricing"),
    ("CG-6", "outcome"),
)  # fmt: skip
TOOLS = (
    ("ACD", "CCaaS", "interactions", "CSV", "vendor"), ("CRM", "CRM", "other", "CSV", "buyer"),
    ("WFM suite", "WFM", "workforce", "CSV", "vendor"), ("QA suite", "QA", "quality", "CSV", "vendor"),
    ("data warehouse", "reporting", "reporting", "Parquet", "buyer"),
    ("knowledge base", "knowledge", None, "HTML", "buyer"), ("HR suite", "HR", None, "CSV", "vendor"),
)  # fmt: skip
RESPONDENTS = {
    "buyer": (("B1", "vendor manager"), ("B2", "operations lead"), ("B3", "finance")),
    "vendor": (("V1", "account lead"), ("V2", "operations lead"), ("V3", "QA lead")),
}
NO_OWNER = ("nobody", "do not know")


def ownership(world: World) -> None:
    """Fill `ownership`: one row for each subject, role and letter."""
    story, dice = world.story, world.dice("ownership")
    traits = story.governance
    approved = story.go_live + timedelta(days=60 if traits.documents_late else -40)
    rows: list[tuple[Any, ...]] = []

    def add(
        subject: str, kind: str, owner: str | None, doer: str, second: str | None = None, side: str = "vendor"
    ) -> None:
        if owner:
            rows.append((subject, kind, owner, "A", f"P-{owner}", side, approved, "RACI v2"))
        if second:
            rows.append((subject, kind, second, "A", f"P-{second}", "buyer", approved, "RACI v2"))
        rows.append((subject, kind, doer, "R", f"P-{doer}", side, approved, "RACI v2"))

    for kind, prefix, owners, unowned, double in (
        ("stage", "LC", STAGE_OWNERS, traits.stages_unowned, traits.stages_double),
        ("handoff", "HO", HANDOFF_OWNERS, traits.handoffs_unowned, traits.handoffs_double),
        ("control", "", ("compliance",) * len(CONTROLS), traits.controls_unowned, traits.controls_double),
    ):
        order = dice.permutation(len(owners))
        without, twice = set(order[:unowned].tolist()), set(order[unowned : unowned + double].tolist())
        for i, owner in enumerate(owners):
            subject = f"{prefix}-{i + 1}" if prefix else CONTROLS[i]
            other = "operations" if owner != "operations" else "WFM"
            add(subject, kind, None if i in without else owner, owner, other if i in twice else None)
        world.parts[f"{kind}_unowned"] = sorted(without)
    for subject, function in FUNCTION_DUTIES:
        add(subject, "function", function, function)
    owner = None if traits.no_relationship_owner else "vendor manager"
    for kpi, *_ in KPIS:
        add(kpi, "kpi", owner, "reporting", side="buyer")
    for duty in DUTIES:
        add(duty, "duty", owner, owner or "operations", side="buyer")
    add(story.vendor, "vendor", owner, owner or "procurement", traits.second_owner, side="buyer")
    if owner:
        add("relationship", "relationship", owner, owner, side="buyer")
        add("liaison", "other", owner, owner, side="buyer")
        add("lifecycle", "relationship", "operations", "operations")
        add("executive sponsor", "other", "COO", "COO", side="buyer")
        for pillar, executive in PILLARS:
            add(pillar, "pillar", executive, executive, side="buyer")
            rows.append(
                ("framework", "other", executive, "A", f"P-{executive}", "buyer", approved, "charter")
            )
    for table in ("contacts", "hris", "schedule", "qa_eval"):
        add(table, "data", "reporting" if traits.data_standard else None, "reporting")
    world.tables["ownership"] = pd.DataFrame(
        rows,
        columns=[
            "subject",
            "subject_kind",
            "role",
            "raci",
            "person",
            "side",
            "approved_date",
            "document_ref",
        ],
    )
    world.counts["stages_unowned"], world.counts["stages_double"] = (
        traits.stages_unowned,
        traits.stages_double,
    )
    world.counts["handoffs_unowned"] = traits.handoffs_unowned
    world.counts["handoffs_double"] = traits.handoffs_double


def processes(world: World) -> None:
    """Fill `process_document`: a map of each process, or none."""
    story, dice = world.story, world.dice("processes")
    traits = story.governance
    without = set(dice.permutation(len(PROCESSES))[: traits.processes_undefined].tolist())
    before = timedelta(days=-50 if not traits.documents_late else 90)
    steps = {
        "onboarding": ";".join(SYSTEMS),
        "training": "Welcome and product basics;Systems;Data protection;queue certification",
        "coaching": "evaluation;session;follow-up",
    }
    rows = []
    for i, process in enumerate(PROCESSES):
        defined = i not in without
        rows.append(
            (process, "2.0" if defined else "0.1", story.go_live + before if defined else None, defined,
             process, story.go_live, steps.get(process, "request;work;check;close") if defined else None)
        )  # fmt: skip
    if traits.data_standard:
        rows += [
            (document, "1.1", story.go_live + before, True, "data", story.go_live, None)
            for document in ("data standard", "validation rules at entry")
        ]
    if traits.escalation_process:
        rows.append(
            ("escalation process", "1.0", story.go_live + before, True, "governance", story.go_live,
             "raise;respond;resolve;record the cause")
        )  # fmt: skip
    world.tables["process_document"] = pd.DataFrame(
        rows,
        columns=["process", "version", "approved_date", "teams_agreed", "module", "module_go_live", "steps"],
    )
    world.counts["processes_undefined"] = traits.processes_undefined


def contract(world: World) -> None:
    """Fill `contract_clause`, `tool_inventory`, `subprocessor`, `leadership_roster`, `change_request`."""
    story, dice = world.story, world.dice("contract")
    traits = story.governance
    strength = np.clip(np.round(dice.normal(traits.clause_strength, 0.5, len(CLAUSES))), 0, 4)
    world.tables["contract_clause"] = pd.DataFrame(
        {
            "vendor": story.vendor, "clause_id": [c for c, _ in CLAUSES], "present": strength > 0,
            "specificity_0_4": strength, "theme": [t for _, t in CLAUSES],
            "owner": None if traits.no_relationship_owner else "vendor manager",
            "text_ref": [f"MSA section {i + 3}" for i in range(len(CLAUSES))],
        }
    )  # fmt: skip
    rows = [(*tool[:4], "IT" if tool[4] == "vendor" else "operations", tool[4], "approved") for tool in TOOLS]
    rows += [
        (f"supervisor sheet {i + 1}", "reporting", None, None, None, None, "shadow")
        for i in range(traits.shadow_tools)
    ]
    world.tables["tool_inventory"] = pd.DataFrame(
        rows,
        columns=[
            "tool",
            "function",
            "system_of_record_for",
            "data_export_format",
            "owner",
            "owner_side",
            "status",
        ],
    )
    open_ones = traits.subprocessors_unapproved
    names = ("Voxline transcription", "Kestrel cloud hosting", "Papertrail letters", "Lumen translations")
    world.tables["subprocessor"] = pd.DataFrame(
        [(name, "customer data", story.sites[0][1], i >= open_ones) for i, name in enumerate(names)],
        columns=["name", "data_class", "location", "approved"],
    )
    leaders = []
    for place, role in enumerate(("account lead", "operations lead", "QA lead", "WFM lead")):
        changes = traits.leaders_replaced // 4 + (place < traits.leaders_replaced % 4)
        at = max(story.contract_start, story.start - timedelta(days=700))
        for turn in range(changes + 1):
            is_last = turn == changes
            gap = int(dice.integers(12, 40)) if changes else 0
            ends = (
                None
                if is_last
                else story.start + timedelta(days=(turn + 1) * story.days // (changes + 1) - gap)
            )
            leaders.append(
                (
                    role,
                    f"L{place + 1}{turn + 1}",
                    at,
                    ends,
                    None if turn == 0 else False,
                    None if turn == 0 else gap,
                    "vendor",
                )
            )
            at = (ends + timedelta(days=gap)) if ends else at
    if not traits.no_relationship_owner:
        leaders.append(
            (
                "vendor manager",
                "B11",
                max(story.contract_start, story.start - timedelta(days=600)),
                None,
                None,
                None,
                "buyer",
            )
        )
    world.tables["leadership_roster"] = pd.DataFrame(
        leaders, columns=["role", "person", "start", "end", "approved_replacement", "backfill_days", "side"]
    )
    changes_made = []
    for i in range(max(story.days // 25, 2)):
        raised = story.start + timedelta(days=int(dice.integers(0, max(story.days - 45, 1))))
        ok = raised + timedelta(days=int(dice.integers(3, 9)))
        live = ok + timedelta(days=int(dice.integers(5, 15)))
        changes_made.append(
            (f"CR{i + 1:02d}", raised, ok, live, live + timedelta(days=int(dice.integers(4, 12))), False, False,
             float(dice.integers(2, 20) * 250), story.currency)
        )  # fmt: skip
    world.tables["change_request"] = pd.DataFrame(
        changes_made,
        columns=[
            "id",
            "raised",
            "approved",
            "live",
            "stable_date",
            "rolled_back",
            "disputed",
            "cost",
            "currency",
        ],
    )


def controls(world: World) -> None:
    """Fill `access_review`, `audit_finding`, `site`, `fx`, `knowledge_transfer`."""
    story, dice = world.story, world.dice("controls")
    traits = story.governance
    reviews = []
    for first, last in world.months:
        if (last - first).days < 20:
            continue
        for system in SYSTEMS:
            if dice.random() < traits.access_reviews_held:
                at = world.utc([first + timedelta(days=17)], [15 * 3600])[0]
                exceptions = int(dice.poisson(0.1)) + (
                    world.counts["leavers_never_revoked"] > 0 and system == "CRM"
                )
                reviews.append((system, at, int(exceptions)))
    frame = pd.DataFrame(reviews, columns=["system", "reviewed_ts", "exceptions"])
    frame["reviewed_ts"] = times(frame["reviewed_ts"])
    world.tables["access_review"] = frame
    audits = []
    for i in range(6 if story.regulated else 4):
        opened = story.start + timedelta(days=int(dice.integers(0, max(story.days - 40, 1))))
        due = opened + timedelta(days=30)
        late = dice.random() < traits.audit_overdue
        closed = due + timedelta(days=45) if late else opened + timedelta(days=int(dice.integers(8, 28)))
        audits.append(
            (f"AF{i + 1:02d}", ("access", "records", "payments", "training")[i % 4], opened, due,
             closed if closed <= story.end else None, ("medium", "low", "high", "low")[i % 4])
        )  # fmt: skip
    world.tables["audit_finding"] = pd.DataFrame(
        audits, columns=["id", "area", "opened", "due", "closed", "severity"]
    )
    world.tables["site"] = pd.DataFrame(
        [(name, story.vendor, country, zone, country) for name, country, zone in story.sites],
        columns=["site", "vendor", "country", "time_zone", "jurisdiction"],
    )
    other = "USD" if story.currency != "USD" else "EUR"
    rates = np.round(0.92 + 0.004 * dice.standard_normal(len(world.months)), 4)
    world.tables["fx"] = pd.DataFrame(
        [
            (first.replace(day=1), other, story.currency, rate)
            for (first, _), rate in zip(world.months, rates, strict=True)
        ],
        columns=["date", "from", "to", "rate"],
    )
    rows = []
    for queue in story.queues:
        for c, complexity in enumerate(COMPLEXITIES):
            planned = (10.0, 20.0, 36.0)[c]
            held = round(planned * traits.transfer_held[c], 1)
            rows.append(
                (queue.name, complexity, planned, held, traits.transfer_artefacts[c], round(held * 0.4, 1))
            )
    world.tables["knowledge_transfer"] = pd.DataFrame(
        rows,
        columns=["contact_type", "complexity", "planned_hours", "held_hours", "artefacts", "shadowing_hours"],
    )
    for c, complexity in enumerate(COMPLEXITIES):
        world.truth[f"transfer_held_{complexity}"] = traits.transfer_held[c]


def named_owners(world: World) -> list[dict[str, Any]]:
    """Return whom each respondent names as the owner of a stage or handoff, as answers.yaml holds it.

    Where the documents have one owner a respondent names it with probability `owner_agreement`, else one of the
    functions beside it, nobody, or does not know. Where they have two, each names one of them; where they have
    none, each one of those beside, nobody, or does not know. The probability that two respondents name the same
    owner follows from this and is kept as the truth.
    """
    story, traits, found = world.story, world.story.governance, []
    alike = []
    for item, chances in _chances(world).items():
        names, weights = list(chances), np.array(list(chances.values()))
        if item != "HC-1":
            roles = [chance for name, chance in chances.items() if name not in NO_OWNER]
            alike.append(float(np.square(roles).sum()))
        dice = world.dice(f"owner of {item}")
        for side in ("buyer", "vendor"):
            for respondent, role in RESPONDENTS[side]:
                owner, answers = str(dice.choice(names, p=weights / weights.sum())), dice.random()
                if side not in story.silent_sides and answers < story.answered_share:
                    found.append(
                        {"item": item, "respondent": respondent, "role": role, "side": side, "owner": owner,
                         "date": f"{story.end:%Y-%m-%d}"}
                    )  # fmt: skip
    world.truth["owners_alike"] = float(np.mean(alike))
    world.truth["owners_known"] = traits.owner_agreement
    return found


def _chances(world: World) -> dict[str, dict[str, float]]:
    """Return, for each stage, handoff and the relationship, who is named with which probability."""
    traits, table = world.story.governance, world.tables["ownership"]
    accountable = table[table["raci"] == "A"]
    chances = {}
    for item in [*(f"LC-{i + 1}" for i in range(12)), *(f"HO-{i + 1}" for i in range(17)), "HC-1"]:
        subject = "relationship" if item == "HC-1" else item
        owners = accountable.loc[accountable["subject"] == subject, "role"].tolist()
        if item == "HC-1" and owners and traits.second_owner:
            owners.append(traits.second_owner)
        doer = table.loc[(table["subject"] == subject) & (table["raci"] == "R"), "role"].tolist()
        beside = [r for r in dict.fromkeys([*doer, "operations", "WFM", "HR", "QA"]) if r not in owners][:3]
        others = [*beside, *NO_OWNER]
        known = traits.owner_agreement if len(owners) == 1 else float(len(owners) > 1)
        chances[item] = {owner: known / len(owners) for owner in owners} | {
            other: (1 - known) / len(others) for other in others if known < 1
        }
    return chances


def answers(world: World) -> list[dict[str, Any]]:
    """Return the answers of both sides to the question bank, as answers.yaml holds them."""
    from workbench.diagnostics.questions import question_bank

    story, found = world.story, []
    traits = story.governance
    for item, question in question_bank().items():
        dice = world.dice(f"answers {item}")
        mean = dict(
            zip(
                ("buyer", "vendor"),
                traits.answers_about.get(item, (traits.buyer_answers, traits.vendor_answers)),
                strict=True,
            )
        )
        for side in ("buyer", "vendor"):
            if side not in question.sides or side in story.silent_sides:
                continue
            for name, role in RESPONDENTS[side]:
                value = int(np.clip(np.round(dice.normal(mean[side], 0.5)), 1, 5))
                if dice.random() >= story.answered_share:
                    continue
                found.append(
                    {"item": item, "respondent": name, "role": role, "side": side, "answer": value,
                     "date": f"{story.end:%Y-%m-%d}"}
                )  # fmt: skip
    return found
