"""Does compiled code land where it may be written, and never outlive the text it came from?"""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

from workbench.sim import compiled


def test_an_edit_in_any_source_leads_to_another_folder(tmp_path: Path) -> None:
    """A kernel compiled before the edit cannot answer after it."""
    kernel, helper = tmp_path / "kernel.py", tmp_path / "helper.py"
    kernel.write_text("a = 1")
    helper.write_text("b = 1")
    before = compiled.fingerprint(kernel, helper)

    helper.write_text("b = 2")

    assert before != compiled.fingerprint(kernel, helper)


def test_numba_cache_dir_is_respected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who names a folder gets that folder."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "named"))

    assert tmp_path / "named" == compiled.cache_root()


def test_a_read_only_installation_compiles_into_the_users_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The package's folder cannot be written to, so the user's own one serves."""
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setattr(compiled, "_user_cache", lambda: tmp_path)
    package = Path(compiled.__file__).resolve().parent
    writable = compiled._writable
    monkeypatch.setattr(compiled, "_writable", lambda f: not f.is_relative_to(package) and writable(f))

    assert tmp_path / "workbench" / "numba" == compiled.cache_root()


def test_a_folder_that_cannot_be_made_is_not_writable(tmp_path: Path) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "taken").write_text("")

    assert not compiled._writable(tmp_path / "taken" / "cache")


def test_only_the_newest_folders_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten edits leave three folders, the last one among them, and none of another file's."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    source, other = tmp_path / "kernel.py", tmp_path / "policy.py"
    other.write_text("b = 1")
    compiled.cache_folder(other)
    for edit in range(10):
        source.write_text(f"a = {edit}")
        newest = compiled.cache_folder(source)

    assert len(list(tmp_path.glob("sim-kernel-*"))) == compiled.KEEP
    assert len(list(tmp_path.glob("sim-policy-*"))) == 1
    assert newest.is_dir()


def test_compilation_is_announced_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message comes while the folder is empty, and not when code is there already."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    source = tmp_path / "kernel.py"
    source.write_text("a = 1")
    said: list[str] = []
    with compiled.compiling(source, announce=said.append):
        pass
    (compiled.cache_folder(source) / "kernel.nbi").write_text("")

    with compiled.compiling(source, announce=said.append):
        pass

    assert len(said) == 1


def test_a_later_process_finds_the_kernel_compiled() -> None:
    """Once this process has compiled it, another one says nothing of compiling."""
    importlib.import_module("workbench.sim.engines.fast_engine")
    words = [sys.executable, "-c", "import workbench.sim.engines.fast_engine"]
    done = subprocess.run(words, capture_output=True, text=True, check=True)

    assert done.stderr == ""


def test_every_file_that_the_kernel_takes_from_decides_its_folder() -> None:
    """Constants are compiled in: a file that is imported from and not named would leave them stale."""
    kernel = importlib.import_module("workbench.sim.kernel")
    text = Path(kernel.__file__).read_text(encoding="utf-8")
    taken = set(
        re.findall(r"^from (workbench\.\S+) import \(?$|^from (workbench\.\S+) import [A-Z]", text, re.M)
    )
    modules = {a or b for a, b in taken} - {"workbench.sim.compiled"}
    files = {Path(importlib.import_module(name).__file__ or "") for name in modules}

    assert len(files) >= 5
    assert files <= set(kernel.SOURCES)
