"""What is each diagnostic, in words? The page of all of them, printed from what they declare."""

from __future__ import annotations

from workbench.diagnostics.assess import items_of
from workbench.diagnostics.diagnostic import CHECKS, Diagnostic
from workbench.diagnostics.questions import question_bank
from workbench.intake.describe import unmarked
from workbench.intake.spec import table_specs


def diagnostics_page(sources: dict[str, str]) -> str:
    """Return the reference page of diagnostics, in Markdown.

    `sources` gives for each METHOD item the short name of its source.
    """
    areas: dict[str, list[Diagnostic]] = {}
    for declared in CHECKS:
        areas.setdefault(declared.area, []).append(declared)
    parts = [
        "# Diagnostics",
        f"There are {len(CHECKS)} diagnostics in {len(areas)} areas. Each runs where any evidence for it exists; "
        "otherwise it is listed with the reason and counts as anything from 0 to 100. `workbench assess CLIENT "
        "--only ID` runs one of them.",
        "\n".join(_row(area, found) for area, found in sorted(areas.items())),
    ]
    for area, found in sorted(areas.items()):
        parts.append(f"## {area.capitalize()}")
        parts += [_section(declared, sources) for declared in found]
    return "\n\n".join(parts) + "\n"


def _row(area: str, found: list[Diagnostic]) -> str:
    links = ", ".join(f"[{d.code}](#{d.code.lower()})" for d in found)
    return f"- {area.capitalize()}: {links}"


def _section(declared: Diagnostic, sources: dict[str, str]) -> str:
    items = [declared.code, *declared.also]
    said = dict.fromkeys(sources[item] for item in items if sources.get(item))
    asked = [question_bank()[item] for item in items_of(declared) if item in question_bank()]
    lines = [
        f"### {declared.code}",
        f"{unmarked(declared.title, 2000)}.",
        f"- Why: {unmarked(declared.why, 2000)}",
        f"- Healthy: {unmarked(declared.healthy, 2000)}",
        f"- Unhealthy: {unmarked(declared.unhealthy, 2000)}",
        f"- Remedy: {unmarked(declared.remedy, 2000)}",
        f"- Needs: {_tables(declared.needs) or 'no table that it could not do without'}"
        + (f"; uses {_tables(declared.optional)}" if declared.optional else ""),
    ]
    if asked:
        lines.append(
            "- Asks: " + " ".join(f"{unmarked(q.text, 2000)} ({' and '.join(q.sides)})" for q in asked)
        )
    if declared.settings:
        settings = ", ".join(f"`{name}` = {value!r}" for name, value in declared.settings.items())
        lines.append(f"- Settings: {settings}")
    if declared.also:
        lines.append(f"- Also answers: {', '.join(declared.also)}")
    lines.append(f"- Weight in its area: {declared.weight:g}")
    lines.append(f"- Source: {', '.join(said) or 'ours'}; items of the method: {', '.join(items)}")
    return "\n".join([lines[0], "", lines[1], "", *lines[2:]])


def _tables(names: tuple[str, ...]) -> str:
    known = table_specs()
    return ", ".join(f"[{name}](tables.md#{name})" if name in known else f"`{name}`" for name in names)
