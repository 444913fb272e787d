"""Do the project's own files agree with each other and with what the README promises?"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
HEAVY = ("numpy", "pandas", "numba", "scipy", "matplotlib", "pyarrow", "papermill", "nbconvert", "IPython")


def requirement_name(line: str) -> str:
    """The name in "dask[distributed]>=2024.12", spelled as indexes compare it."""
    return re.split(r"[\[<>=!~; ]", line.strip())[0].lower().replace("_", "-").replace(".", "-")


def constraints() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return {requirement_name(line): line for line in lines if line.strip() and not line.startswith("#")}


def test_conda_gets_python_and_pip_and_the_project_itself() -> None:
    """environment.yml repeats no dependency: what is needed is said once, in pyproject.toml."""
    environment = YAML(typ="safe", pure=True).load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    conda = [entry for entry in environment["dependencies"] if isinstance(entry, str)]
    pip = next(entry["pip"] for entry in environment["dependencies"] if isinstance(entry, dict))

    assert PROJECT["name"] == environment["name"]
    assert ["conda-forge"] == environment["channels"]
    assert [f"python{PROJECT['requires-python']}", "pip"] == conda
    assert ["--constraint constraints.txt", "--editable .[dev,cluster]"] == pip


def test_the_extras_that_are_installed_are_those_that_exist() -> None:
    """make, conda and the README install extras that pyproject.toml defines, all of them."""
    extras = ",".join(sorted(PROJECT["optional-dependencies"], reverse=True))

    for name in ("environment.yml", "Makefile", "README.md"):
        found = set(re.findall(r"\.\[([a-z,]+)\]", (ROOT / name).read_text(encoding="utf-8")))
        assert {extras} == found, name


def test_constraints_pin_every_requirement_to_one_version() -> None:
    """A fresh clone gets what was tested."""
    extras = PROJECT["optional-dependencies"].values()
    wanted = [*PROJECT["dependencies"], *(one for extra in extras for one in extra)]
    pinned = constraints()

    assert [] == sorted(requirement_name(one) for one in wanted if requirement_name(one) not in pinned)
    assert [] == [line for line in pinned.values() if not re.fullmatch(r"[\w.-]+==[\w.!+]+", line)]


@pytest.mark.parametrize(
    "name", ["constraints.txt", "pyproject.toml", "environment.yml", "Makefile", ".ci/run"]
)
def test_no_address_of_an_index_is_written_down(name: str) -> None:
    """Where packages come from is the business of whoever installs."""
    text = (ROOT / name).read_text(encoding="utf-8")

    assert [] == re.findall(r"\w+://\S+|--(?:extra-)?index-url\S*|--find-links\S*|\b\S+ @ \S+", text)


def test_every_make_target_of_the_readme_exists_and_sets_up_by_itself() -> None:
    """report, test, check, bench and lab depend on the file that says that .venv is ready."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    targets = set(re.findall(r"`make ([a-z]+)`", (ROOT / "README.md").read_text(encoding="utf-8")))
    assert {"setup", "report", "test", "check", "bench", "lab"} <= targets
    for target in targets:
        assert re.search(rf"^{target}: \$\(READY\)", makefile, re.M), target


def test_pre_commit_runs_what_make_check_runs() -> None:
    """The same tools, and one that strips notebooks; none is fetched from anywhere."""
    hooks = YAML(typ="safe", pure=True).load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    commands = {hook["entry"].split()[0] for repo in hooks["repos"] for hook in repo["hooks"]}
    recipe = (ROOT / "Makefile").read_text(encoding="utf-8").partition("\ncheck:")[2].partition("\n\n")[0]
    checked = set(re.findall(r"\$\(BIN\)/([\w-]+)", recipe))

    assert {"local"} == {repo["repo"] for repo in hooks["repos"]}
    assert checked | {"nbstripout"} == commands


def test_ci_runs_the_commands_of_the_readme() -> None:
    """What is tested elsewhere is what a reader is told to type."""
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")

    assert script.rstrip().endswith("make check\nmake test")
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


def test_notebooks_and_templates_are_committed_without_outputs() -> None:
    """A notebook in the repository holds questions, not yesterday's answers."""
    import json

    for path in [*ROOT.glob("notebooks/*.ipynb"), *ROOT.glob("templates/*.ipynb")]:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        full = [cell for cell in cells if cell.get("outputs") or cell.get("execution_count")]
        assert [] == full, path.name


def modules_after(code: str) -> set[str]:
    """The modules that a fresh interpreter has loaded after running `code`."""
    probe = f"import sys\ntry:\n    {code}\nexcept SystemExit:\n    pass\nprint('\\n' + ' '.join(sorted(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True, cwd=ROOT)
    return set(run.stdout.splitlines()[-1].split())


@pytest.mark.parametrize("words", [["--help"], ["method", "--section", "HC"], ["version"]])
def test_help_and_lists_load_no_heavy_library(words: list[str]) -> None:
    """`workbench --help` answers at once, because pandas, numba and their like are not imported for it."""
    loaded = modules_after(
        f"sys.argv = ['workbench', *{words!r}]; import workbench.cli; workbench.cli.main()"
    )

    assert "workbench.cli" in loaded
    assert set() == loaded & set(HEAVY)


def test_the_coverage_list_compiles_nothing() -> None:
    """Whoever asks what is served does not wait for the simulator to be compiled."""
    loaded = modules_after(
        "sys.argv = ['workbench', 'method', '--json']; import workbench.cli; workbench.cli.main()"
    )

    assert "workbench.coverage" in loaded
    assert not any(name.partition(".")[0] == "numba" for name in loaded)


def test_the_text_of_the_project_speaks_of_the_project_alone() -> None:
    """No path of somebody's machine in code, tests or docs."""
    tracked = subprocess.run(["git", "ls-files"], capture_output=True, text=True, cwd=ROOT, check=False)
    if tracked.returncode:
        pytest.skip("not a git checkout")
    machine = re.compile(r"/(?:root|work)/\w+")
    for name in tracked.stdout.splitlines():
        path = ROOT / name
        if path.suffix in (".py", ".md", ".toml", ".yaml", ".yml", ".csv", ".ipynb") and path.exists():
            found = machine.findall(path.read_text(encoding="utf-8"))
            assert [] == found, name
