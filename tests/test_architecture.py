"""The layers hold: a module imports only from modules above it, and the declared dependencies agree."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "discourse"
ORDER = re.findall(r"^\| `([a-z_]+)(?:\.py|/)` ", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), flags=re.M)
MODULES = [path for path in SOURCE.rglob("*.py") if path.name != "__init__.py" or path.parent != SOURCE]


def layer(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    """Modules of this package that a file imports anywhere, inside functions too."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "discourse":
            names.update(alias.name for alias in node.names if not alias.name.startswith("__"))
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("discourse."):
            names.add((node.module or "").split(".")[1])
        elif isinstance(node, ast.Import):
            names.update(alias.name.split(".")[1] for alias in node.names if alias.name.startswith("discourse."))
    return names


def test_every_module_has_its_place_in_the_list() -> None:
    assert sorted({layer(path) for path in MODULES}) == sorted(ORDER)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_a_module_imports_only_from_above(path: Path) -> None:
    own = layer(path)
    below = {name for name in imported(path) if name != own and ORDER.index(name) > ORDER.index(own)}
    assert not below, f"{own} imports {below}, which stand below it in CONTRIBUTING.md"


def test_relative_imports_are_not_used() -> None:
    for path in MODULES:
        relative = [n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.ImportFrom) and n.level]
        assert not relative, path


def test_the_conda_environment_lists_the_same_dependencies() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    conda = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    plain = {spec for spec in conda if isinstance(spec, str)} - {"pip"}
    assert plain == {*project["dependencies"], f"python{project['requires-python']}"}
    assert {"pip": ["-e ."]} in conda


def test_every_direct_dependency_is_pinned_without_addresses() -> None:
    pins = (ROOT / "constraints.txt").read_text()
    assert not re.search(r"https?:|file:|@", pins)
    pinned = {line.split("==")[0].lower().replace("_", "-") for line in pins.splitlines() if "==" in line}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = [spec for extra in ("static", "dask", "dev") for spec in project["optional-dependencies"][extra]]
    names = {re.split(r"[>=\[]", spec)[0].lower() for spec in [*project["dependencies"], *extras]} - {"discourse"}
    assert names <= pinned


def test_nothing_downloads_nltk_data() -> None:
    for path in MODULES:
        calls = [n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.Call)]
        assert not [c for c in calls if isinstance(c.func, ast.Attribute) and c.func.attr == "download"], path
