"""Does what claims to serve an item of the method reach a user: by a command, a section, a panel or a check?

Names are followed through the source, not called: a function counts as reached when a thing that is reached names it.
Two things of one name are taken for each other, so that this may miss a hole and never invents one.
"""

from __future__ import annotations

import ast
import json
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DOORS = (
    "cli.py", "coverage.py", "commands/", "panels/", "reports/sections/", "reports/exporters/", "diagnostics/checks/",
    "studies/levers/", "studies/pricing/rules/", "sim/routing/", "intake/sources/",
)  # fmt: skip
"""Where users come in, and folders in which declared things are looked up by name."""


def named(tree: ast.AST) -> set[str]:
    """Return every name, attribute and imported name that occurs in a piece of source."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.ImportFrom):
            found |= {alias.name for alias in node.names if alias.asname}
    return found


def cells(notebook: Path) -> set[str]:
    sources = ("".join(cell["source"]) for cell in json.loads(notebook.read_text("utf-8"))["cells"]
               if cell["cell_type"] == "code")  # fmt: skip
    return set().union(
        *(named(ast.parse(source)) for source in sources if not source.lstrip().startswith("%"))
    )


def served(node: ast.AST) -> list[str]:
    """Return the items that a function is marked to serve."""
    marks = [
        d
        for d in getattr(node, "decorator_list", ())
        if isinstance(d, ast.Call) and named(d.func) == {"serves"}
    ]
    return [str(one.value) for mark in marks for one in mark.args if isinstance(one, ast.Constant)]


def test_what_serves_an_item_can_be_reached_by_a_user() -> None:
    """A calculator that no command, section, panel or check comes to serves nobody."""
    leads_to: dict[str, set[str]] = {}
    claimed: dict[str, list[str]] = {}
    waiting: set[str] = set()
    for path in sorted((ROOT / "workbench").rglob("*.py")):
        place, tree = path.relative_to(ROOT / "workbench").as_posix(), ast.parse(path.read_text("utf-8"))
        at_the_door = place.startswith(DOORS)
        waiting |= named(tree) if at_the_door else set()
        for node in [
            *tree.body,
            *(inner for n in tree.body if isinstance(n, ast.ClassDef) for inner in n.body),
        ]:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                leads_to.setdefault(node.name, set()).update(named(node))
                if served(node) and not at_the_door:
                    claimed[f"{place}: {node.name}"] = served(node)
            elif isinstance(node, ast.Assign | ast.AnnAssign):
                for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                    if isinstance(target, ast.Name):
                        leads_to.setdefault(target.id, set()).update(named(node))
    for notebook in [*(ROOT / "notebooks").glob("*.ipynb"), *(ROOT / "templates").glob("*.ipynb")]:
        waiting |= cells(notebook)
    reached: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting |= leads_to.get(name, set()) - reached

    assert len(claimed) > 30
    assert {} == {what: ids for what, ids in claimed.items() if what.rpartition(" ")[2] not in reached}
    assert "a_name_that_nothing_has" not in reached
