"""How did one price come about? Works it out for an example client; the page is printed from the figures kept.

    python -m tools.docs.price

takes a minute or two: it calibrates the client and simulates all of its findings. `docs/how-a-price-comes-about.md`
is then printed from `price_example.json` beside this file. A test works its arithmetic out again, and prices the
finding anew in the scenario that was kept as `price_example.yaml`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from workbench.wording import THIN, figure, listing, money, number, span

KEPT, SCENARIO = (Path(__file__).with_name(f"price_example.{suffix}") for suffix in ("json", "yaml"))
CLIENT, CODE, SEED = "brightwave_telecom", "FM-2", 1


def worked_out() -> dict[str, Any]:
    """Return every figure of the page: the client read, assessed, calibrated, and its findings priced."""
    from workbench.diagnostics.assess import assess
    from workbench.intake.read import read_client
    from workbench.resources import folder
    from workbench.studies.pricing.basis import basis_of
    from workbench.studies.pricing.client import scenario_for
    from workbench.studies.pricing.contract import contract_of
    from workbench.studies.pricing.floor import DESK_OCCUPANCY, Floor
    from workbench.studies.pricing.rule import RULES, Moved
    from workbench.studies.pricing.study import price

    dataset = read_client(folder("example") / CLIENT)
    assessment = assess(dataset)
    scenario, note, grade = scenario_for(dataset, assessment)
    found = price(assessment, scenario, seed=SEED, scenario_note=note, grade=grade)
    one = next(p for p in found.prices if p.code == CODE)
    basis = basis_of(assessment, scenario, grade=grade)
    assert scenario is not None
    scenario.to_yaml(SCENARIO)
    assert basis.pay is not None
    assert one.target is not None
    assert found.joint is not None
    moved: dict[str, Moved] = {}
    for rule in RULES:
        for said in rule.price(basis):
            if isinstance(said, Moved) and any(p.findings[0] is said.findings[0] for p in found.prices):
                moved.setdefault(said.code, said)
    base = scenario
    for code in sorted(moved):
        base = base.with_(*moved[code].additions(base))
    floor = Floor(base, moved, basis, contract_of(dataset, scenario), SEED)
    floor.extend(found.months)
    today, then = floor.month({}), floor.month({CODE: one.target})
    saved = floor.saved({CODE: one.target})["work"]
    evidence = one.findings[0].evidence[0]
    return {
        "client": dataset.client.name, "folder": CLIENT, "period": str(dataset.period), "currency": found.currency,
        "finding": {"code": CODE, "statement": one.findings[0].statement, "remedy": one.findings[0].remedy,
                    "with_it": sorted({f.code for f in one.findings[1:]})},
        "measure": {"name": evidence.measure, "table": evidence.table,
                    "n": evidence.n, "value": evidence.value, "low": evidence.low, "high": evidence.high,
                    "expected": evidence.expected},
        "scenario": {"note": note, "path": one.path, "today": one.today, "target": one.target,
                     "added": list(one.notes)},
        "simulated": {"months": found.months, "replications": found.replications, "contacts": found.contacts,
                      "seed": SEED,
                      "floor_h": float(today.handled_h.mean()), "floor_then_h": float(then.handled_as_in(today).mean()),
                      "second_h": float(today.desk_h.mean()), "second_then_h": float(then.desk_h.mean()),
                      "saved_by_month": [round(float(v), 2) for v in saved]},
        "pay": {"per_hour": basis.pay.per_hour, "source": basis.pay.source, "grade": basis.pay.grade,
                "occupancy": DESK_OCCUPANCY},
        "mapping": one.mapping.to_data(),
        "price": {**one.amount.to_data(), "lines": {n: a.to_data() for n, a in one.lines.items()},
                  "doubts": dict(one.doubts), "narrows": one.narrows,
                  "half": one.at(0.5).to_data(), "part": found.joint.share_of(CODE).share},
        "pairs": [p.to_data() for p in found.joint.pairs if CODE in (p.first, p.second)],
        "total": found.joint.total.to_data(), "labour": basis.labour,
        "paid_hours": basis.paid_hours, "paid_source": basis.paid_source,
    }  # fmt: skip


def page() -> str:
    """Return the page, printed from the figures that were kept."""
    f = json.loads(KEPT.read_text(encoding="utf-8"))
    return "\n\n".join(_parts(f)).replace(THIN, " ") + "\n"


def _parts(f: dict[str, Any]) -> list[str]:
    m, s, p, pay, money_of = f["measure"], f["scenario"], f["price"], f["pay"], f["simulated"]
    cur, k = f["currency"], f["mapping"]
    hours = money_of["second_h"] - money_of["second_then_h"]
    mean = float(np.mean(money_of["saved_by_month"]))
    more = money_of["floor_then_h"] - money_of["floor_h"]
    first = f["labour"] / money_of["floor_h"]
    each = pay["per_hour"] / pay["occupancy"]
    months = ", ".join(money(v) for v in money_of["saved_by_month"])
    doubts = p["doubts"]
    lines = "\n".join(
        f"| {name} | {money(a['value'])} | {money(a['low'])} to {money(a['high'])} |"
        for name, a in p["lines"].items()
    )
    share = "\n".join(
        f"| {word} | {100 * doubts[name]:.1f} % |"
        for name, word in (
            ("finding", "the sample: so many contacts and no more were counted"),
            ("mapping", "the mapping: how a share of contacts becomes work"),
            ("money", "the money: what an hour costs"),
            ("simulation", "the simulation: so many months and no more were simulated"),
        )
    )
    overlaps = [q for q in f["pairs"] if q["word"] != "add up, as far as can be told"]
    pair = "".join(
        f" {q['first']} and {q['second']} {q['word']}: together they save {money(abs(q['value']))} {cur} "
        f"({' to '.join(money(end) for end in sorted((abs(q['low']), abs(q['high']))))}) "
        f"{'less' if q['value'] < 0 else 'more'} than one by one."
        for q in overlaps
    )
    pair += (
        " Such an interval holds the doubts of both findings, and the simulation's error." if overlaps else ""
    )
    return [
        "# How a price comes about",
        f"For whoever has to believe it. One finding of one example client, from the rows to the amount: {f['client']} "
        f"(fictional, `data/example/{f['folder']}`), finding {f['finding']['code']}, {f['period']}. Everything here "
        "comes out of the code; `python -m tools.docs.price` works it out anew, and a test recomputes the sums and the "
        "price.",
        f"> {f['finding']['statement']}\n>\n> **{money(p['value'])} {cur} a month, {money(p['low'])} to "
        f"{money(p['high'])}** nine times out of ten, if {figure(m['expected'], 'fraction', 0)} were passed on.",
        "## 1. Rows",
        f"Table `{m['table']}` holds a row for each contact; a row says whether the agent passed it on. Of {m['n']:,} "
        f"handled contacts of the period {round(m['value'] * m['n']):,} were passed on. Every report lists how many "
        "rows a finding stands on and how many of the table were set aside because they could not be read, with "
        "file, row and reason.",
        "## 2. A measure with its interval",
        f"{round(m['value'] * m['n']):,} of {m['n']:,} is {figure(m['value'], 'fraction', 2)}. Another four months "
        f"would show another figure; Wilson's 95 % interval is {span(m['low'], m['high'], 'fraction', 2)}. Expected "
        f"are {figure(m['expected'], 'fraction', 0)}: the threshold of the diagnostic, and the first thing to "
        f"disagree with: each point is worth about {money(p['value'] / (100 * (m['value'] - m['expected'])))} {cur} a "
        "month.",
        "## 3. A parameter of the client's own scenario",
        f"{s['note']} Contacts by half-hour, handle times, patience and staffing in it are this client's, not an "
        f"industry's. The finding moves one parameter, `{s['path']}`, from {s['today']:.3f} to {s['target']:.3f}. "
        + " ".join(s["added"]),
        f"How the measure becomes the parameter is a statement too, with a grade: {k['says']} ({k['source']}). Grade "
        f"{k['grade']}: assumed, between {k['low']:g} and {k['high']:g} times, most likely {k['likely']:g}.",
        "## 4. The same months twice",
        f"{money_of['months']} months are simulated as they are and again with the parameter moved, with the same "
        "random numbers contact by contact: the same people call at the same second with the same matter, and differ "
        "in nothing but whether they are passed on. So what differs is what the finding does, and not luck.",
        "| a month | as it is | as expected |\n|---|--:|--:|\n"
        f"| hours on contacts, first level, as large a share served | {number(money_of['floor_h'])} | "
        f"{number(money_of['floor_then_h'])} |\n"
        f"| hours on contacts passed on, second level | {number(money_of['second_h'], 1)} | "
        f"{number(money_of['second_then_h'], 1)} |",
        f"The second level works {number(hours, 1)} hours a month less. The first level works {number(abs(more), 1)} "
        f"hours {'more' if more > 0 else 'less'}: it has talked to everybody already, and whoever it keeps comes again "
        "as often as whoever the second level served, so that this is chance and nothing else.",
        "## 5. Money",
        f"A paid hour costs {number(pay['per_hour'], 2)} {cur} ({pay['source']}). Contacts fill "
        f"{figure(pay['occupancy'], 'fraction', 0)} of the second level's paid time (assumed), so an hour on contacts "
        f"costs {number(each, 2)} there. On the first level {number(f['paid_hours'])} paid hours a month "
        f"({f['paid_source']}) go with {number(money_of['floor_h'])} on contacts, breaks, waiting and training "
        f"included, so that one costs {number(first, 2)}.",
        f"{number(hours, 1)} × {number(each, 2)} {'−' if more > 0 else '+'} {number(abs(more), 1)} × "
        f"{number(first, 2)} = "
        f"**{number(mean)} {cur} a month**",
        f"Month by month: {months}. The price is the mean over all doubts of step 6, {money(p['value'])}; between "
        "the values of the parameter that were simulated a smooth curve is laid, which accounts for what is left "
        "between the two.",
        f"| line | {cur} a month | 90 % interval |\n|---|--:|--:|\n{lines}",
        "Freed hours are priced with service held as it is, as if all of them could be used elsewhere; credits, "
        "overtime and lost contacts are priced only for findings that act on service alone. Staff cannot be sent "
        "home and also keep the queue short.",
        "## 6. How sure is it?",
        "Sample, mapping, cost of an hour and simulation are drawn 4,000 times together; nine of ten results lie "
        f"between {money(p['low'])} and {money(p['high'])} {cur}, their mean is {money(p['value'])}. With one doubt "
        "switched on at a time, so much of the spread comes from",
        f"| doubt | share |\n|---|--:|\n{share}",
        f"What would narrow it most is therefore not a longer log but: **{p['narrows']}**. A week of time stamps of "
        "whoever takes those contacts replaces an assumption by a measure.",
        "A doubt that nobody can put in numbers is not in the interval: whether the threshold is right, whether the "
        "four months are like the next, whether the remedy works.",
        "## 7. Beside the other prices",
        f"Effects do not add up.{pair} Of the total of {money(f['total']['value'])} {cur} "
        f"({money(f['total']['low'])} to {money(f['total']['high'])}) its fair part is {money(p['part'])} (Shapley: "
        f"the mean, over all orders of repair, of what it adds). Repaired half of the way, the finding alone saves "
        f"{money(p['half']['value'])} ({money(p['half']['low'])} to {money(p['half']['high'])}).",
        f"Findings of {listing(f['finding']['with_it'], 9)} claim the same parameter; they are priced with it, once.",
        "## 8. What is not in it",
        "- What mending costs: see the best set of repairs in `workbench price`.\n"
        "- What customers do who are passed on: those who leave, complain, or call again for that reason.\n"
        "- Whether the second level settles more, or less, than the first: no log says who had a customer last, so "
        "that both are followed by as many further contacts.\n"
        "- The wait for the second level, and its buildings, managers and tools.\n"
        "- Training that the first level needs before it can keep those contacts, and the longer calls it then has: "
        "the first level's handle time is held.\n"
        "- Findings that nothing can be simulated or counted for. They are listed without a price, which is not a "
        "price of 0.",
        "## To check it yourself",
        f"```console\n$ workbench calibrate data/example/{f['folder']} --out out/scenario.yaml\n"
        f"$ workbench price data/example/{f['folder']} --scenario out/scenario.yaml --seed {money_of['seed']}\n```",
        f"{money_of['months']} months ({money_of['replications']} replications) of each scenario, "
        f"{money_of['contacts']:,} contacts in all, seed {money_of['seed']}. The same data, version and seed give the "
        "same figures.",
    ]  # fmt: skip


def main() -> None:
    """Work it out, keep the figures, and print the page."""
    from tools.docs.pages import write

    KEPT.write_text(json.dumps(worked_out(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{KEPT.name} kept; {', '.join(write()) or 'no page changed'}")


if __name__ == "__main__":
    main()
