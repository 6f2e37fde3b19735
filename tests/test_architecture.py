"""The structure of the code, read from its syntax tree and its templates."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CHAIN = ["publishing", "hospitals", "branches", "articles", "config"]
FORBIDDEN_NAMES = {"utils", "helpers", "services", "common", "core", "misc"}


def modules(package: str) -> list[Path]:
    return [path for path in (ROOT / package).rglob("*.py") if "migrations" not in path.parts]


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("package", CHAIN)
def test_imports_go_only_to_the_left_of_the_chain(package):
    right = set(CHAIN[CHAIN.index(package) + 1 :])
    wrong = {str(path.relative_to(ROOT)): imports(path) & right for path in modules(package)}
    assert not {path: names for path, names in wrong.items() if names}


def test_config_holds_no_models_and_filters_nothing():
    sources = {path: path.read_text(encoding="utf-8") for path in modules("config")}
    assert not [path for path in sources if path.name == "models.py"]
    assert not [str(path) for path, text in sources.items() if ".filter(" in text]


@pytest.mark.parametrize("package", CHAIN)
def test_no_module_is_a_drawer_for_everything(package):
    assert not [path for path in modules(package) if path.stem in FORBIDDEN_NAMES]


def view_modules() -> list[Path]:
    return [
        path for package in CHAIN for path in modules(package) if "views" in path.parts[-2:] or path.stem == "views"
    ]


def test_views_get_and_render_and_neither_filter_nor_write():
    pattern = re.compile(r"\.(filter|exclude|update|create|save|delete)\(")
    wrong = {str(path): pattern.findall(path.read_text(encoding="utf-8")) for path in view_modules()}
    assert view_modules()
    assert not {path: calls for path, calls in wrong.items() if calls}


def test_only_the_workflow_changes_a_status():
    pattern = re.compile(r"\.status\s*=[^=]|update\([^)]*status=")
    wrong = [
        str(path.relative_to(ROOT))
        for package in CHAIN
        for path in modules(package)
        if path.name != "workflow.py" and pattern.search(path.read_text(encoding="utf-8"))
    ]
    assert not wrong


def test_migrations_import_no_models_of_the_applications():
    """They run against the models of their time. Functions that a field refers to (upload_to) are no models."""
    wrong = [
        str(path.relative_to(ROOT))
        for package in CHAIN
        for path in (ROOT / package).rglob("migrations/0*.py")
        if re.search(r"^from (hospitals|branches|articles)", path.read_text(encoding="utf-8"), re.MULTILINE)
        and path.name != "0001_initial.py"
    ]
    assert not wrong


TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_templates_carry_no_inline_style_or_script(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", text)


@pytest.mark.parametrize(
    "path",
    [path for path in TEMPLATES if path.parent.name == "components"],
    ids=lambda path: path.name,
)
def test_a_component_says_what_it_takes(path):
    assert path.read_text(encoding="utf-8").startswith("{# Takes: ")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_a_component_is_given_only_what_it_declares(path):
    includes = re.findall(r"{% include \"components/[^%]*%}", path.read_text(encoding="utf-8"))
    assert not [include for include in includes if " only " not in include]


def test_only_sanitised_fields_are_printed_as_they_are():
    uses = {
        match
        for path in TEMPLATES
        for match in re.findall(r"{{\s*([\w.]+)\s*\|\s*safe", path.read_text(encoding="utf-8"))
    }
    assert uses <= {"activity.story", "block.html"}
