"""The repository keeps the promises its own files make to each other."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

from tests.unit.report.reading import Read
from tools import check_sizes, check_text, make_data


def run(*command: object, cwd: Path) -> str:
    """The standard output of a command that has to succeed."""
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def make_targets(root: Path) -> set[str]:
    return set(re.findall(r"^([a-z]+):", (root / "Makefile").read_text(), re.MULTILINE))


def table(output: str) -> str:
    """The demo's table, without the line that names engine and version."""
    return output.split("\n", 1)[1]


# --- one version -----------------------------------------------------------------------------


def test_the_version_is_written_once(root: Path) -> None:
    import backtrader
    import real_trade
    from backtrader._version import __version__

    project = tomllib.loads((root / "pyproject.toml").read_text())
    assert "version" in project["project"]["dynamic"]
    assert project["tool"]["hatch"]["version"]["path"] == "backtrader/_version.py"
    assert backtrader.__version__ == real_trade.__version__ == __version__
    assert metadata.version("backtrader") == __version__


def test_the_changelog_knows_the_version_being_made(root: Path) -> None:
    assert "## [Unreleased]" in (root / "CHANGELOG.md").read_text()


def test_every_console_script_leads_somewhere(root: Path) -> None:
    for script in metadata.distribution("backtrader").entry_points:
        assert callable(script.load()), script.name


# --- what is published -----------------------------------------------------------------------


def test_no_file_names_a_machine_a_registry_or_a_loose_end() -> None:
    assert [line for path in check_text.published_files() for line in check_text.findings(path)] == []


@pytest.mark.parametrize(
    "line", ["/ho" + "me/ada/data.csv", "see pypi" + ".org", "# TO" + "DO later", "/ro" + "ot/x"]
)
def test_the_text_check_finds_what_it_is_for(tmp_path: Path, line: str) -> None:
    (tmp_path / "note.md").write_text(f"fine\n{line}\n")
    (found,) = check_text.findings(tmp_path / "note.md", tmp_path)
    assert found.startswith("note.md:2: ")


def test_every_test_data_file_says_where_it_is_from(root: Path, data_dir: Path) -> None:
    readme = (data_dir / "README.md").read_text()
    unnamed = [
        path.name for path in data_dir.iterdir() if path.name != "README.md" and path.name not in readme
    ]
    assert unnamed == []


# --- sizes -----------------------------------------------------------------------------------


def test_nothing_has_outgrown_its_alarm() -> None:
    assert check_sizes.complaints() == []


def test_the_size_check_finds_long_files_and_functions(tmp_path: Path) -> None:
    package = tmp_path / "backtrader"
    package.mkdir()
    body = "\n".join(["    def long(self):", *["        pass"] * check_sizes.FUNCTION_LINES])
    (package / "a.py").write_text(f"class A:\n{body}\n")
    (package / "b.py").write_text("x = 1\n" * (check_sizes.FILE_LINES + 1))
    assert set(check_sizes.oversized(tmp_path)) == {"backtrader/a.py::A.long", "backtrader/b.py"}


def test_an_exception_needs_a_reason_and_must_still_be_one(tmp_path: Path) -> None:
    (tmp_path / "tools").mkdir()
    listed = tmp_path / "tools" / "size_exceptions.txt"
    listed.write_text("backtrader/short.py  # was long once\n")
    assert "not too long" in check_sizes.complaints(tmp_path)[0]
    listed.write_text("backtrader/short.py\n")
    with pytest.raises(SystemExit, match="has no reason"):
        check_sizes.complaints(tmp_path)


# --- the data generator ------------------------------------------------------------------------


def test_the_bundled_data_is_what_the_generator_makes(root: Path) -> None:
    differing = [
        name for name, text in make_data.files().items() if (root / name).read_bytes() != text.encode()
    ]
    assert differing == []


@pytest.mark.parametrize("name", sorted(make_data.files()))
def test_bundled_bars_are_possible(root: Path, name: str) -> None:
    rows = [line.split(",") for line in (root / name).read_text().splitlines()[1:]]
    stamps = [row[0] for row in rows]
    assert stamps == sorted(set(stamps)), "bars are in order, none twice"
    for row in rows:
        opened, high, low, close = map(float, row[1:5])
        assert 0 < low <= min(opened, close) <= max(opened, close) <= high, row
        assert int(row[5]) > 0, row


def test_bundled_minutes_stay_in_the_session(root: Path) -> None:
    rows = (root / "examples/data/acme-minutes.csv").read_text().splitlines()[1:]
    times = [row[11:19] for row in rows]
    assert (min(times), max(times)) == ("09:31:00", "16:00:00")
    assert len({row[:10] for row in rows}) * make_data.SESSION_MINUTES == len(rows)


# --- commands ----------------------------------------------------------------------------------


def test_documents_name_only_make_targets_that_exist(root: Path) -> None:
    pages = [root / "README.md", root / "CONTRIBUTING.md", *(root / "docs").rglob("*.md")]
    named = {
        target
        for page in pages
        for code in re.findall(r"```(?:sh|bash)\n(.*?)```|`(make [^`]*)`", page.read_text(), re.DOTALL)
        for target in re.findall(r"\bmake ([a-z]+)", "".join(code))
    }
    assert {"demo", "test"} <= named <= make_targets(root)


def test_make_runs_only_scripts_that_exist(root: Path) -> None:
    makefile = (root / "Makefile").read_text()
    scripts = re.findall(r"\$\(PY\) (\S+\.py)", makefile)
    assert scripts
    assert [script for script in scripts if not (root / script).is_file()] == []

    modules = [name for name in re.findall(r"\$\(PY\) -m (\S+)", makefile) if name not in ("pip", "pytest")]
    paths = [root / name.replace(".", "/") for name in modules]
    assert paths
    missing = [
        path for path in paths if not (path.with_suffix(".py").is_file() or (path / "__main__.py").is_file())
    ]
    assert missing == []


def test_make_alone_lists_every_target(root: Path) -> None:
    listed = re.findall(r"^  ([a-z]+)", run("make", cwd=root), re.MULTILINE)
    assert set(listed) == make_targets(root)


def test_an_interpreter_that_does_not_run_is_passed_over(root: Path, tmp_path: Path) -> None:
    shim = tmp_path / "python3.13"
    shim.write_text("#!/bin/sh\necho 'python3.13: not installed here' >&2\nexit 127\n")
    shim.chmod(0o755)
    (tmp_path / "python3").symlink_to(sys.executable)
    path = f"PATH={tmp_path}:/usr/bin:/bin"
    found = run("env", path, "sh", root / "tools/find_python.sh", cwd=tmp_path).strip()
    assert found
    assert Path(found).name != "python3.13" or Path(found).parent != tmp_path

    done = subprocess.run(
        ["sh", root / "tools/find_python.sh", str(shim)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "not installed here" in done.stderr
    assert "3.11 or newer" in done.stderr


# --- the demo ------------------------------------------------------------------------------------

ROWS = [
    "Start value", "Final value", "Net profit", "Total return", "Return a year (CAGR)", "Max draw-down",
    "Sharpe ratio (a year)", "SQN", "Trades closed", "Win rate", "Profit factor", "Commission paid", "2018", "2023",
]  # fmt: skip


def test_the_demo_prints_what_a_trader_looks_for(root: Path, tmp_path: Path) -> None:
    report = tmp_path / "out" / "report.html"
    output = run(sys.executable, "examples/quickstart.py", "--report", report, cwd=root)
    figures = dict(re.findall(r"^(\S.*?)  +(\S.*)$", output, re.MULTILINE))
    assert [row for row in ROWS if row not in figures] == []
    assert figures["Start value"].split() == ["100,000.00", "100,000.00"]
    assert int(figures["Trades closed"].split()[0]) > 5

    page = Read(report)
    numbers = {each["key"]: each["value"] for each in page["metrics"]}
    assert f"{numbers['final_value']:,.2f}" == figures["Final value"].split()[0], (
        "page and terminal show one run"
    )
    assert len(page["trips"]["ref"]) >= int(figures["Trades closed"].split()[0])
    assert page["benchmark"]["name"] == page["feeds"][0]["name"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--data", "examples/data/acme-minutes.csv"], "acme-minutes.csv, row 2: .* dtformat is '%Y-%m-%d'"),
        (["--start", "2019-13-01"], "'2019-13-01' is no date; write it like 2020-01-31"),
        (["--fast", "0"], "'0' is no number of bars"),
    ],
)
def test_the_demo_answers_a_mistake_with_a_sentence(root: Path, arguments: list[str], said: str) -> None:
    script = [sys.executable, "examples/quickstart.py", *arguments]
    done = subprocess.run(script, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode
    assert re.search(said, done.stderr)
    assert "Traceback" not in done.stderr


@pytest.mark.parity
def test_the_demo_says_that_the_original_writes_no_reports(root: Path, tmp_path: Path, oracle: Path) -> None:
    script = [oracle, root / "examples" / "quickstart.py", "--report", tmp_path / "r.html"]
    done = subprocess.run(script, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "writes no reports" in done.stderr


@pytest.mark.parity
def test_the_demo_prints_the_same_under_the_original(root: Path, tmp_path: Path, oracle: Path) -> None:
    script = root / "examples" / "quickstart.py"
    here, original = (run(python, script, cwd=tmp_path) for python in (sys.executable, oracle))
    assert table(here) == table(original)
    assert here != original, "the first line names the engine: two engines ran"


@pytest.fixture
def readme_example(root: Path, tmp_path: Path) -> Path:
    """The README's script as a file outside the repository, so that no engine lies beside it."""
    (example,) = re.findall(r"```python\n(.*?)```", (root / "README.md").read_text(), re.DOTALL)
    assert sum(bool(line.strip()) for line in example.splitlines()) <= 16
    script = tmp_path / "example.py"
    script.write_text(example)
    return script


def test_the_readme_example_runs(root: Path, readme_example: Path) -> None:
    assert re.fullmatch(r"\d+\.\d\d\n", run(sys.executable, readme_example, cwd=root))


@pytest.mark.parity
def test_the_readme_example_gives_what_the_original_gives(
    root: Path, readme_example: Path, oracle: Path
) -> None:
    assert run(sys.executable, readme_example, cwd=root) == run(oracle, readme_example, cwd=root)
