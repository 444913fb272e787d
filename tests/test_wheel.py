"""Is the wheel alone enough to work?

It is built from the clone and installed into an empty environment. The libraries it declares are lent to
that environment by a path to those already installed, which `pip check` holds against what the wheel
asks for, and a test below against what the code imports; downloading them anew would prove no more.
"""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import sysconfig
import tomllib
import venv
from collections.abc import Sequence
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from workbench import coverage, resources

ROOT = Path(__file__).resolve().parents[1]
WINDOWS = os.name == "nt"
ONLY_FOR_TESTS = {"pandera": "workbench/intake/schema.py"}
"""Imported lazily by a module that nothing but tests calls."""


class Installed:
    """An environment that holds the wheel, away from the clone."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.programs = place / "env" / ("Scripts" if WINDOWS else "bin")
        self.elsewhere = place / "elsewhere"
        self.elsewhere.mkdir()

    def run(self, program: str, *words: str) -> str:
        """Run a program of the environment, in a folder that is not the clone, with a home of its own."""
        kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "TEMP") if name in os.environ}
        done = subprocess.run(
            [str(self.programs / program), *words],
            cwd=self.elsewhere,
            env={**kept, "HOME": str(self.place / "home"), "PYTHONUTF8": "1"},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def python(self, code: str) -> object:
        """Return what `code` prints as JSON."""
        return json.loads(self.run("python", "-c", code))


def build(arguments: Sequence[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The wheel of this clone in an environment of its own."""
    place = tmp_path_factory.mktemp("wheel")
    build(["hatchling", "build", "--target", "wheel", "--directory", str(place / "dist")])
    (wheel,) = (place / "dist").glob("*.whl")
    venv.create(place / "env", with_pip=False, symlinks=not WINDOWS)
    environment = Installed(place)
    target = str(environment.programs / "python")
    build(
        [
            "pip",
            "--python",
            target,
            "install",
            "--quiet",
            "--no-deps",
            "--no-index",
            "--no-cache-dir",
            str(wheel),
        ]
    )
    own = Path(
        str(environment.python("import json, sysconfig; print(json.dumps(sysconfig.get_path('purelib')))"))
    )
    lent = dict.fromkeys(sysconfig.get_path(kind) for kind in ("purelib", "platlib"))
    # A path in a .pth file lends the packages and not the clone: .pth files in there are not followed.
    (own / "lent.pth").write_text("\n".join(lent), encoding="utf-8")
    return environment


def test_the_package_comes_from_the_wheel_and_not_from_the_clone(installed: Installed) -> None:
    """Otherwise nothing below would prove anything."""
    found = installed.python(
        "import json, sys, workbench; print(json.dumps([workbench.__file__, workbench.__version__, sys.path]))"
    )

    assert isinstance(found, list)
    file, version, path = found
    assert Path(file).is_relative_to(installed.place / "env")
    assert (
        tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"] == version
    )
    assert str(ROOT) not in path


def test_what_the_wheel_asks_for_is_there(installed: Installed) -> None:
    """The lent libraries satisfy every requirement in the wheel's metadata, by name and version."""
    asked = """
import json, re
from importlib.metadata import requires, version
from packaging.requirements import Requirement
wrong = []
for line in requires("contact-centre-workbench"):
    one = Requirement(line)
    if one.marker is None or one.marker.evaluate({"extra": ""}):
        if not one.specifier.contains(version(one.name), prereleases=True):
            wrong.append(line)
print(json.dumps(wrong))
"""
    assert [] == installed.python(asked)


def test_the_commands_work_away_from_the_clone_and_know_as_much(installed: Installed) -> None:
    """The console script is there; what serves the method is told from the installed code alone."""
    assert "method" in installed.run("workbench", "--help")
    assert coverage.as_json(coverage.chosen()) == json.loads(installed.run("workbench", "method", "--json"))


@pytest.mark.parametrize("kind", ["templates", "notebooks", "example"])
def test_templates_notebooks_and_example_clients_are_in_the_wheel(installed: Installed, kind: str) -> None:
    """File by file what the clone has."""
    found = installed.python(
        "import json; from workbench.resources import folder; "
        f"place = folder({kind!r}); "
        "print(json.dumps(sorted(p.relative_to(place).as_posix() for p in place.rglob('*') if p.is_file())))"
    )

    here = resources.folder(kind)
    expected = sorted(p.relative_to(here).as_posix() for p in here.rglob("*") if p.is_file())
    assert [name for name in expected if not name.endswith(".pyc") and "checkpoint" not in name] == found
    assert expected, f"the clone has no {kind}"


def test_nothing_is_written_to_the_home_directory(installed: Installed) -> None:
    """Listing and helping leave no trace."""
    installed.run("workbench", "method")

    assert not (installed.place / "home").exists()
    assert [] == list(installed.elsewhere.iterdir())


def imported_packages() -> dict[str, str]:
    """Every package that the code imports from elsewhere, with a file that does."""
    found: dict[str, str] = {}
    for path in sorted((ROOT / "workbench").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Import():
                    names = [alias.name for alias in node.names]
                case ast.ImportFrom(module=str(module), level=0):
                    names = [module]
                case _:
                    continue
            for name in names:
                found.setdefault(name.partition(".")[0], str(path.relative_to(ROOT)))
    return {n: p for n, p in found.items() if n not in sys.stdlib_module_names and n != "workbench"}


def test_every_library_that_the_code_imports_is_declared() -> None:
    """What is installed for development only, or by accident of another library, is not relied upon."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [*project["dependencies"], *project["optional-dependencies"]["cluster"]]
    # a library may come as the extra of another: dask[distributed] brings distributed
    declared = {name.lower() for line in lines for name in re.findall(r"[\w.-]+", re.split("[<>=]", line)[0])}
    providers = packages_distributions()

    undeclared = {
        name: path
        for name, path in imported_packages().items()
        if ONLY_FOR_TESTS.get(name) != path
        and not {one.lower() for one in providers.get(name, [name])} & declared
    }
    assert {} == undeclared
