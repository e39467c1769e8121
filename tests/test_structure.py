"""The shape of the project itself: what may import what, and a few habits that tools cannot hold.

One rule: every file has its layer, and imports run downward (docs/, DESIGN 3). To add a module,
put its name into LAYERS; a module that fits none is misplaced.
"""

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.settings import ENVIRONMENT

ROOT = Path(__file__).resolve().parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def name_of(file: Path) -> str:
    """Name a file as it is imported."""
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


# The modules that know no Django are the ones that mypy reads strictly; listed there alone.
PURE = [name_of(ROOT / pattern) for pattern in PYPROJECT["tool"]["mypy"]["files"]]

# From the top down: a module imports from its own layer and those below.
LAYERS = (
    ("config", "config.*", "manage"),
    ("incidents.urls",),
    (
        "incidents.admin",
        "incidents.admin.*",
        "incidents.apps",
        "incidents.management",
        "incidents.management.*",
        "incidents.migrations",
        "incidents.migrations.*",
        "incidents.templatetags",
        "incidents.templatetags.*",
        "incidents.seeing",
        "incidents.views",
    ),
    (
        "incidents.aggregates",
        "incidents.apart",
        "incidents.athand",
        "incidents.beside",
        "incidents.breakdowns",
        "incidents.changes",
        "incidents.charted",
        "incidents.codebook",
        "incidents.comparing",
        "incidents.finding",
        "incidents.controls",
        "incidents.demo",
        "incidents.desk",
        "incidents.entering",
        "incidents.detail",
        "incidents.evidence",
        "incidents.exports",
        "incidents.facets",
        "incidents.gaps",
        "incidents.kept",
        "incidents.listed",
        "incidents.loading",
        "incidents.ledgers",
        "incidents.mapped",
        "incidents.package",
        "incidents.packing",
        "incidents.periods",
        "incidents.phrases",
        "incidents.pictures.claims",
        "incidents.pictures.framing",
        "incidents.pictures.timeline",
        "incidents.recalling",
        "incidents.reckoning",
        "incidents.restoring",
        "incidents.records",
        "incidents.sheet",
        "incidents.sited",
        "incidents.slots",
        "incidents.soundness",
        "incidents.standing",
        "incidents.story",
        "incidents.streams",
        "incidents.importing.jobs",
        "incidents.importing.previewing",
        "incidents.importing.running",
        "incidents.summaries",
        "incidents.sums",
        "incidents.unpacking",
        "incidents.vocabulary",
        "incidents.telling",
        "incidents.waiting",
    ),
    (
        "incidents.actions",
        "incidents.columns",
        "incidents.expressions",
        "incidents.filters",
        "incidents.filterset",
        "incidents.forms",
        "incidents.forms.*",
        "incidents.importing.alike",
        "incidents.importing.articles",
        "incidents.importing.connecting",
        "incidents.importing.editions",
        "incidents.importing.following",
        "incidents.importing.planning",
        "incidents.importing.said_changes",
        "incidents.importing.saving",
        "incidents.importing.twice",
        "incidents.importing.updating",
        "incidents.keyset",
        "incidents.leaves",
        "incidents.mergeable",
        "incidents.merging",
        "incidents.moving",
        "incidents.naming",
        "incidents.packed",
        "incidents.parameters",
        "incidents.refusals",
        "incidents.signing",
        "incidents.triage",
        "incidents.whereabouts",
        "incidents.written",
        "incidents.unmerging",
    ),
    ("incidents.cautions", "incidents.foreseeing", "incidents.reasons"),
    (
        "incidents.bulk",
        "incidents.cells",
        "incidents.cited",
        "incidents.closed",
        "incidents.deriving",
        "incidents.gathering",
        "incidents.importing",
        "incidents.importing.archives",
        "incidents.importing.binding",
        "incidents.importing.blanks",
        "incidents.importing.building",
        "incidents.importing.chain",
        "incidents.importing.codewords",
        "incidents.importing.composing",
        "incidents.importing.folders",
        "incidents.importing.forgetting",
        "incidents.importing.guessing_columns",
        "incidents.importing.presets",
        "incidents.importing.resolving",
        "incidents.importing.targets",
        "incidents.importing.ucdp",
        "incidents.importing.understanding",
        "incidents.importing.uploading",
        "incidents.importing.values",
        "incidents.importing.writing",
        "incidents.importing.guessing",
        "incidents.importing.known",
        "incidents.importing.inside",
        "incidents.importing.limits",
        "incidents.importing.own",
        "incidents.importing.own_words",
        "incidents.importing.reading",
        "incidents.importing.rejected",
        "incidents.importing.rejected_rows",
        "incidents.importing.sharing",
        "incidents.importing.remembered",
        "incidents.importing.textfiles",
        "incidents.importing.workbooks",
        "incidents.importing.worksheets",
        "incidents.joined",
        "incidents.knots",
        "incidents.keysets",
        "incidents.likeness",
        "incidents.past",
        "incidents.mentions",
        "incidents.placing",
        "incidents.recognising",
        "incidents.searching",
        "incidents.settling",
        "incidents.summing",
        "incidents.turns",
        "incidents.untying",
        "incidents.verbatim",
    ),
    ("incidents.models", "incidents.models.*"),
    ("incidents.retelling",),
    (
        *("incidents", "incidents.seeds", "incidents.tables", "incidents.pictures"),
        *PURE,
    ),
)
LONGEST = 400
REGISTRIES = [".".join(parts) for parts in (("pypi", "org"), ("pythonhosted", "org"))]
REGISTRIES += [".".join(parts) for parts in (("npmjs", "org"), ("npmjs", "com"))]
READS = re.compile(r"env\.\w+|os\.environ\.get|os\.getenv")
INDEX_OPTIONS = ("--index-url", "--extra-index-url", "--find-links", "-i ", "-f ")

FILES = {
    name_of(file): file
    for file in (ROOT / "manage.py", *(ROOT / "config").rglob("*.py"))
    + tuple((ROOT / "incidents").rglob("*.py"))
}
TREES = {name: ast.parse(file.read_bytes()) for name, file in FILES.items()}
WRITTEN = {name: tree for name, tree in TREES.items() if ".migrations." not in name}


@cache
def nodes(tree: ast.AST) -> tuple[ast.AST, ...]:
    """List every node of a file, gone through once for all questions."""
    return tuple(ast.walk(tree))


def every(kind: type[ast.AST], tree: ast.AST) -> Iterator:
    """Find every node of a kind in a file."""
    return (node for node in nodes(tree) if isinstance(node, kind))


def imported(tree: ast.AST) -> set[str]:
    """List what a file imports, by full name; `from package import module` names the module."""
    found = {alias.name for node in every(ast.Import, tree) for alias in node.names}
    for node in every(ast.ImportFrom, tree):
        meant = {f"{node.module}.{alias.name}" for alias in node.names}
        found |= {name if name in FILES else node.module for name in meant}
    return found


def layers_of(name: str) -> list[int]:
    """List the layers whose patterns a module fits, counted from the top."""
    return [
        depth
        for depth, patterns in enumerate(LAYERS)
        if any(fnmatch(name, pattern) for pattern in patterns)
    ]


IMPORTS = {name: imported(tree) & FILES.keys() for name, tree in TREES.items()}


@pytest.mark.parametrize("name", FILES)
def test_module_belongs_to_one_layer(name):
    assert len(layers_of(name)) == 1, f"put {name} into one layer of LAYERS"


@pytest.mark.parametrize("name", FILES)
def test_imports_run_downward(name):
    upward = {other for other in IMPORTS[name] if layers_of(other) < layers_of(name)}
    assert not upward, f"{name} imports from above: {sorted(upward)}"


def test_imports_make_no_circle():
    try:
        TopologicalSorter(IMPORTS).prepare()
    except CycleError as circle:
        pytest.fail(" > ".join(circle.args[1]))


@pytest.mark.parametrize("name", FILES)
def test_imports_stand_at_the_top(name):
    functions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
    inside = [
        node.lineno
        for function in every(functions, TREES[name])
        for node in every((ast.Import, ast.ImportFrom), function)
    ]
    assert not inside, f"{FILES[name]} imports inside a function, line {inside}"


@pytest.mark.parametrize("name", FILES)
def test_imports_name_the_package(name):
    relative = [node.lineno for node in every(ast.ImportFrom, TREES[name]) if node.level]
    assert not relative, f"{FILES[name]} imports relatively, line {relative}"


@pytest.mark.parametrize("pattern", PURE)
def test_pure_module_exists(pattern):
    assert any(fnmatch(name, pattern) for name in FILES)


@pytest.mark.parametrize(
    "name", [name for name in FILES if any(fnmatch(name, pattern) for pattern in PURE)]
)
def test_pure_module_knows_no_django(name):
    everything = imported(TREES[name])
    assert not {other for other in everything if other.partition(".")[0] == "django"}
    impure = {other for other in IMPORTS[name] if not any(fnmatch(other, p) for p in PURE)}
    assert not impure, f"{name} imports {sorted(impure)}, which mypy does not read strictly"


@pytest.mark.parametrize("name", WRITTEN)
def test_module_says_what_it_is_for(name):
    tree = TREES[name]
    assert not tree.body or ast.get_docstring(tree), f"{FILES[name]} has no docstring"


@pytest.mark.parametrize("name", WRITTEN)
def test_module_is_not_too_long(name):
    lines = len(FILES[name].read_text(encoding="utf-8").splitlines())
    assert lines <= LONGEST, f"{FILES[name]} has {lines} lines; it may hold two subjects"


@pytest.mark.parametrize("name", FILES)
def test_nothing_hides_doubled_rows(name):
    assert not lines_calling("distinct", TREES[name]), "use Exists instead of .distinct()"


@pytest.mark.parametrize("name", [name for name in FILES if name.startswith("incidents.views")])
def test_view_does_not_filter(name):
    assert not lines_calling("filter", TREES[name]), "put the question into a queryset word"


def lines_calling(method: str, tree: ast.AST) -> list[int]:
    """List the lines that call a method of this name on anything."""
    return [
        call.lineno
        for call in every(ast.Call, tree)
        if isinstance(call.func, ast.Attribute) and call.func.attr == method
    ]


def kept_files() -> list[Path]:
    """List the files that are, or would be, in the repository."""
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-coz", "--exclude-standard"],  # noqa: S607 git is wherever PATH has it
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    files = [ROOT / path for path in listed.stdout.decode().split("\0") if path]
    return [file for file in files if file.is_file()]


def test_no_file_names_a_package_registry():
    naming = [
        f"{file.relative_to(ROOT)}: {registry}"
        for file in kept_files()
        for registry in REGISTRIES
        if registry.encode() in file.read_bytes()
    ]
    assert not naming


@pytest.mark.parametrize("lock", sorted(ROOT.glob("*.lock")), ids=lambda lock: lock.name)
def test_lock_file_leaves_the_index_open(lock):
    lines = lock.read_text(encoding="utf-8").splitlines()
    assert not [line for line in lines if line.startswith(INDEX_OPTIONS) or "://" in line]


def read_from_environment(tree: ast.AST) -> set[str]:
    """List the variables that a file reads: env.str("X"), os.environ["X"], os.environ.get("X")."""
    calls = [call for call in every(ast.Call, tree) if call.args]
    read = {
        call.args[0].value
        for call in calls
        if READS.fullmatch(ast.unparse(call.func)) and isinstance(call.args[0], ast.Constant)
    }
    return read | {
        node.slice.value
        for node in every(ast.Subscript, tree)
        if ast.unparse(node.value) == "os.environ" and isinstance(node.slice, ast.Constant)
    }


SETTINGS = read_from_environment(TREES["config.settings"])
VARIABLES = set().union(*map(read_from_environment, TREES.values())) - {"DJANGO_SETTINGS_MODULE"}


def test_variables_are_found():
    assert {"DATABASE_URL", "DEMO_PASSWORD", "SECRET_KEY", "SOLO_REVIEW"} <= VARIABLES


@pytest.mark.parametrize("variable", sorted(VARIABLES))
@pytest.mark.parametrize("page", ["README.md", ".env.example"])
def test_variable_is_documented(variable, page):
    assert variable in (ROOT / page).read_text(encoding="utf-8")


def test_no_setting_reaches_the_tests_from_outside():
    assert ENVIRONMENT.keys() == SETTINGS
