"""How does a reader learn what is planted in a client? Its README, from the story and expected.yaml."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tools.clientgen.make import Made
from tools.clientgen.story import Story

FICTIONAL = (
    "Every company, person and number here is fictional. Names were made up; any likeness to a real "
    "company is chance."
)
AGAIN = "Files are written by `python -m tools.clientgen` (`make examples`); do not edit them by hand."


def readme(made: Made, expected: dict[str, Any]) -> str:
    """Return the README of one client."""
    story = made.story
    lines = [
        f"# {story.name}",
        "",
        f"{FICTIONAL} {AGAIN}",
        "",
        story.summary,
        "",
        f"- Sector: {story.sector}; vendor: {story.vendor}; in service since {story.contract_start:%d %B %Y}.",
        f"- Period: {story.start:%d %B %Y} to {story.end:%d %B %Y}, times in {story.time_zone} "
        f"({'with' if story.with_offset else 'without'} offset), amounts in {story.currency}.",
        f"- Seed {made.seed}; {made.counts['contacts']:,} contacts on the floor; {len(made.tables)} tables"
        f" (data pack {story.pack}).",
        "",
        "## What is planted",
        "",
    ]
    if expected["must_find"]:
        lines += ["| METHOD | what | true size | why |", "|---|---|---|---|"]
        lines += [
            f"| {fault['id']} | {fault['measure']} | {_size(fault)} | {fault['why']} |"
            for fault in expected["must_find"]
        ]
    else:
        lines.append("Nothing.")
    lines += ["", "## What must not be flagged", ""]
    lines += [
        "- nothing as severe" if "severity" in rule else f"- {': '.join(rule.values())}"
        for rule in expected["must_not_flag"]
    ]
    return "\n".join(lines) + "\n"


def _size(fault: dict[str, Any]) -> str:
    if "onset" in fault:
        return f"{fault['onset']}, within {fault['tolerance']} days"
    value = f"{fault['value']:.1%}" if fault["unit"] == "fraction" else f"{fault['value']:g} {fault['unit']}"
    return f"{value} (± {fault['tolerance']:g})" if fault["tolerance"] else value


def index(stories: Iterable[Story]) -> str:
    """Return the README of the folder of example clients."""
    lines = [
        "# Example clients",
        "",
        f"{FICTIONAL} {AGAIN}",
        "",
        "Each folder is a client as one would hand it over: `client.yaml`, one file for each table, "
        "`answers.yaml`. `expected.yaml` holds what was planted, computed from the story that made the client "
        "and not by the workbench: `must_find` (METHOD id, true value, tolerance, why), `must_not_flag`, and "
        "`serves` (the METHOD fixtures that the client is).",
        "",
        "| folder | client | what is told |",
        "|---|---|---|",
    ]
    lines += [
        f"| `{story.id}` | {story.name} | {story.summary} |" for story in sorted(stories, key=lambda s: s.id)
    ]
    return "\n".join(lines) + "\n"
