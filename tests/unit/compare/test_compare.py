"""The same script under the original and here: what is equal, and the first thing that is not."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

from backtrader.compare import ORIGINAL_VERSION, OriginalMissing, compare, find_original, original, run_script
from backtrader.compare.cli import main
from backtrader.compare.process import Outcome, own_folder

SCRIPTS = ["averages", "brackets", "rebalance", "weekly_trend", "sweep"]

#: A script that does on purpose what {change} says, under one engine only.
DIFFERING = """
import sys
import backtrader as bt

here = not bt.__version__.startswith("1.9")

class Idle(bt.Analyzer):
    def get_analysis(self):
        return {{"inner": {{"figure": 1.5 + {figure} * here, "same": float("nan")}}}}

class Trader(bt.Strategy):
    def next(self):
        if len(self) % 20 == 5:
            self.buy(size=10 + {size} * (here and len(self) > 60))
        elif len(self) % 20 == 15 and not ({silent} and here and len(self) > 60):
            self.close()
        if {crash} and here and len(self) == 30:
            raise KeyError("only here")

cerebro = bt.Cerebro()
cerebro.adddata(bt.feeds.GenericCSVData(dataname={data!r}, dtformat="%Y-%m-%d"))
cerebro.addstrategy(Trader)
cerebro.addanalyzer(Idle, _name="idle")
for _ in range(1 + {again} * here):
    cerebro.run()
print(cerebro.broker.getvalue())
"""


@pytest.fixture(scope="session")
def engine(oracle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds nothing but the original."""
    code = "import backtrader, os; print(os.path.dirname(os.path.dirname(backtrader.__file__)))"
    found = subprocess.run([oracle, "-I", "-c", code], capture_output=True, text=True, check=True)
    folder = tmp_path_factory.mktemp("original")
    for name in ("backtrader", f"backtrader-{ORIGINAL_VERSION}.dist-info"):
        (folder / name).symlink_to(Path(found.stdout.strip()) / name)
    return folder


@pytest.fixture
def kept(engine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command finds the original without installing it."""
    monkeypatch.setenv(original.FOLDER_VARIABLE, str(engine))


def differing(tmp_path: Path, root: Path, **changes: Any) -> str:
    values = dict.fromkeys(("figure", "size", "silent", "crash", "again"), 0) | changes
    script = tmp_path / "script.py"
    script.write_text(DIFFERING.format(data=str(root / "examples/data/acme-daily.csv"), **values))
    return str(script)


# --- equal -------------------------------------------------------------------------------------


@pytest.mark.parity
@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("name", SCRIPTS)
def test_the_scripts_of_the_guide_are_equal(
    root: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--plain", str(root / f"examples/moving_over/{name}.py")]) == 0
    output = capsys.readouterr().out
    assert "Equal: every order, trade, value and analysis is the same." in output
    assert "differs" not in output
    shown = re.search(r"cerebro\.run\(\) 1 +\d+\.\d{3} +\d+\.\d{3} \(\d+\.\d+x\)", output)
    assert shown, output


@pytest.mark.parity
def test_the_guide_shows_what_the_command_prints(root: Path, engine: Path) -> None:
    page = (root / "docs/guide/moving-over.md").read_text()
    for name in SCRIPTS:
        script = str(root / f"examples/moving_over/{name}.py")
        theirs, ours = run_script(engine, script), run_script(own_folder(), script)
        assert compare(theirs, ours).equal
        assert f"examples/moving_over/{name}.py" in page
        for row in compare(theirs, ours).rows[0]:
            assert re.search(rf"{re.escape(row.label)} +{re.escape(row.original)} ", page), (name, row)


@pytest.mark.parity
def test_something_was_recorded(root: Path, engine: Path) -> None:
    script = str(root / "examples/moving_over/averages.py")
    for folder in (engine, own_folder()):
        outcome = run_script(folder, script)
        assert outcome.error is None
        ((run,), (curves,)) = outcome.runs, outcome.curves
        (strategy,) = run["strategies"]
        assert strategy["bars"] == 1517
        assert len(strategy["orders"]) == 3 * 46
        assert len(strategy["trades"]) == 2 * 23
        assert [name for name, _ in strategy["analyzers"]] == ["trades", "drawdown", "sharpe"]
        assert [len(curve) for curve in curves] == [1517] * 3
        assert curves[2][-1] == run["value"]
        assert f"final value {run['value']:.2f}" in outcome.output


@pytest.mark.parity
def test_two_engines_ran(tmp_path: Path, engine: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text("import backtrader, sys\nprint(backtrader.__version__, sys.argv[1:])\n")
    theirs = run_script(engine, str(script), ["-x", "1"])
    ours = run_script(own_folder(), str(script), ["-x", "1"])
    assert theirs.output == f"{ORIGINAL_VERSION} ['-x', '1']\n"
    assert ours.output.startswith("2.")
    assert theirs.version != ours.version


@pytest.mark.parity
@pytest.mark.usefixtures("kept")
def test_the_script_does_not_see_that_it_is_watched(tmp_path: Path, root: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        textwrap.dedent(f"""
        import backtrader as bt
        cerebro = bt.Cerebro()
        cerebro.adddata(bt.feeds.GenericCSVData(
            dataname={str(root / "tests/data/acme-2020.csv")!r}, dtformat="%Y-%m-%d"))
        cerebro.addanalyzer(bt.analyzers.SQN)
        for _ in range(2):
            (strategy,) = cerebro.run()
            assert strategy.analyzers.getnames() == ["sqn"], strategy.analyzers.getnames()
            assert len(strategy.analyzers) == 1 and len(cerebro.analyzers) == 1
        figure = cerebro.plot(style="candle")[0][0]
        figure.axes[0].set_title("not drawn")
        figure.set_size_inches(16, 9)
        for figures in cerebro.plot():
            for number, one in enumerate(figures):
                one.savefig("figure-%d.png" % number)
        assert cerebro.plot()
        assert __name__ == "__main__"
        """)
    )
    assert main([str(script), "--once"]) == 0


def test_an_option_behind_the_script_is_pointed_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    script = tmp_path / "script.py"
    script.write_text("raise SystemExit(3)")
    monkeypatch.setattr("backtrader.compare.cli.find_original", lambda tell: own_folder())
    assert main([str(script), "--once", "--fast=5"]) == 2
    told = capsys.readouterr().err
    assert "note: --once goes to the script" in told
    assert "--fast" not in told


# --- different ---------------------------------------------------------------------------------------


@pytest.mark.parity
@pytest.mark.usefixtures("kept")
def test_the_first_difference_is_explained(
    tmp_path: Path, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--once", "--plain", "--all", differing(tmp_path, root, size=1)]) == 1
    output = capsys.readouterr().out
    first = next(line for line in output.splitlines() if line.startswith("First difference"))
    # the order of bar 65 is told on the next one
    assert first.startswith(
        "First difference, run 1: bar 66 (2018-04-05): order 7 (Buy 10 acme-daily, Market)"
    )
    assert "size is 10 in the original, 11 here" in first
    assert "the bar's open, high, low, close" in first
    assert re.search(r"final value +[\d,.]+ +[\d,.]+ +differs", output)
    assert re.search(r"\n  7 +2018-04-05 Buy 10 .* 2018-04-05 Buy 11 .* differs", output)
    assert "bar 67 " not in first


@pytest.mark.parity
@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"figure": 0.25}, "analyzer idle, inner.figure: 1.5 in the original, 1.75 here"),
        ({"silent": 1}, "in the original at bar 76 .* order 8 .Sell .*; here at bar 86 .* order 8 .Buy"),
        ({"again": 1}, "the original calls cerebro.run.. 1 times, this engine 2 times"),
        ({"crash": 1}, "no error in the original and with an error .KeyError: 'only here' .script.py, line"),
    ],
)
def test_differences_of_every_kind(
    tmp_path: Path, root: Path, engine: Path, changes: dict[str, Any], text: str
) -> None:
    script = differing(tmp_path, root, **changes)
    found = compare(run_script(engine, script), run_script(own_folder(), script))
    assert not found.equal
    assert found.first is not None
    assert re.search(text, found.first.text), found.first.text


@pytest.mark.parity
@pytest.mark.usefixtures("kept")
def test_a_tolerance_lets_small_differences_pass(tmp_path: Path, root: Path) -> None:
    script = differing(tmp_path, root, figure=1e-9)
    assert main(["--once", script]) == 1
    assert main(["--once", "--tolerance", "1e-6", script]) == 0


@pytest.mark.parity
@pytest.mark.usefixtures("kept")
def test_json(tmp_path: Path, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--json", differing(tmp_path, root, size=1)]) == 1
    document = json.loads(capsys.readouterr().out)
    assert document["equal"] is False
    assert document["first_difference"]["bar"] == 66
    assert [len(seconds) for seconds in document["seconds"]] == [1, 1]


# --- cannot be compared ----------------------------------------------------------------------------------


@pytest.mark.parity
@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1 / 0", "fails under both engines. Original: ZeroDivisionError"),
        ("import backtrader", "does not call cerebro.run"),
        ("import sys; sys.exit(3)", "exit status 3"),
        ("def (", "SyntaxError"),
    ],
)
def test_scripts_that_do_not_run(
    tmp_path: Path, text: str, reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "script.py").write_text(text + "\n")
    assert main([str(tmp_path / "script.py")]) == 2
    assert reason in capsys.readouterr().err


@pytest.mark.parity
@pytest.mark.usefixtures("kept")
def test_a_script_that_does_not_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "script.py").write_text("import time; time.sleep(60)\n")
    assert main(["--timeout", "1", str(tmp_path / "script.py")]) == 2
    assert "not finished after 1 seconds" in capsys.readouterr().err


def test_a_script_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "gone.py")]) == 2
    assert "no such file" in capsys.readouterr().err


# --- the original gets into the cache ------------------------------------------------------------------------


def pip_that(makes: str, status: int = 0) -> Any:
    """A stand-in for subprocess.run that puts ``makes`` where pip is told to."""

    def run(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        assert command[1:3] == ["-m", "pip"]
        assert command[-1] == f"backtrader=={ORIGINAL_VERSION}"
        assert "--no-deps" in command
        target = Path(command[command.index("--target") + 1])
        if makes:
            (target / "backtrader").mkdir()
            (target / "backtrader" / "__init__.py").write_text("")
            (target / f"backtrader-{makes}.dist-info").mkdir()
            (target / f"backtrader-{makes}.dist-info" / "METADATA").write_text("")
        return subprocess.CompletedProcess(command, status, "", "some lines\nno network")

    return run


def test_it_is_installed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(original.FOLDER_VARIABLE, raising=False)
    monkeypatch.setenv(original.CACHE_VARIABLE, str(tmp_path))
    monkeypatch.setattr(subprocess, "run", pip_that(ORIGINAL_VERSION))
    said: list[str] = []
    folder = find_original(said.append)
    assert folder == tmp_path / f"original-{ORIGINAL_VERSION}"
    assert len(said) == 1
    monkeypatch.setattr(subprocess, "run", lambda *a, **k: pytest.fail("installed again"))
    assert find_original(said.append) == folder
    assert len(said) == 1
    assert [path.name for path in tmp_path.iterdir()] == [folder.name], "nothing half-finished stays"


def test_what_cannot_be_installed_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(original.FOLDER_VARIABLE, raising=False)
    monkeypatch.setenv(original.CACHE_VARIABLE, str(tmp_path))
    monkeypatch.setattr(subprocess, "run", pip_that("", status=1))
    with pytest.raises(OriginalMissing, match=r"no network\. Install it elsewhere.*BACKTRADER_ORIGINAL_DIR"):
        find_original()
    monkeypatch.setattr(subprocess, "run", pip_that("2.0"))
    with pytest.raises(OriginalMissing, match="could not be installed"):
        find_original()
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setenv(original.FOLDER_VARIABLE, str(tmp_path))
    with pytest.raises(OriginalMissing, match=r"no backtrader 1\.9\.78\.123 in there"):
        find_original()


def test_the_cache_is_where_the_system_keeps_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(original.CACHE_VARIABLE, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", "/some/cache")
    monkeypatch.setattr(sys, "platform", "linux")
    assert original.cache_folder() == Path("/some/cache/backtrader")


# --- comparing records ---------------------------------------------------------------------------------------


def record(**changes: Any) -> Outcome:
    """A record made by hand."""
    order = {
        "order": 1, "parent": None, "feed": "a", "side": "Buy", "type": "Market", "status": "Completed",
        "size": 1, "price": 2.0, "limit price": None, "executed size": 1, "executed price": 2.0,
        "executed value": 2.0, "commission": 0.0, "profit": 0.0,
    }  # fmt: skip
    strategy = {
        "class": "S", "params": {"map": []}, "analyzers": [["x", {"map": [["a", [1, 2.0, float("nan")]]]}]],
        "bars": 3, "feeds": [["a", 3]], "positions": [["a", 1, 2.0]], "equity": 0,
        "orders": [[2, 737000.0, order | changes.pop("order", {}), [1.0, 1.0, 1.0, 1.0]]],
        "trades": [],
    }  # fmt: skip
    curves = [
        ([737000.0 - 1 + i for i in range(3)], [10.0, 8.0, 8.0], changes.pop("value", [10.0, 10.0, 11.0]))
    ]
    run = {"seconds": 1.0, "sweep": False, "cash": 8.0, "value": 11.0, "strategies": [strategy | changes]}
    return Outcome(version="x", runs=[run], curves=curves)


def test_equal_records_are_equal() -> None:
    assert compare(record(), record()).equal


@pytest.mark.parametrize(
    ("changes", "bar", "text"),
    [
        ({"order": {"executed price": 2.5}}, 2, "executed price is 2.0 in the original, 2.5 here"),
        ({"order": {"status": "Margin"}}, 2, "told as Completed; here at bar 2"),
        ({"value": [10.0, 10.5, 11.0]}, 2, "bar 2 (2018-11-02): value is 10.0 in the original, 10.5 here"),
        ({"value": [10.0, 10.0]}, 3, "value was told 3 times in the original, 2 times here"),
        ({"orders": []}, 2, "order 1 (Buy 1 a, Market) is told as Completed only in the original"),
    ],
)
def test_a_difference_is_placed_at_its_bar(changes: dict[str, Any], bar: int, text: str) -> None:
    first = compare(record(), record(**changes)).first
    assert first is not None
    assert first.bar == bar
    assert text in first.text


def test_an_order_explains_the_value_of_its_bar() -> None:
    first = compare(record(), record(order={"executed price": 2.5}, value=[10.0, 9.5, 10.5])).first
    assert first is not None
    assert "executed price" in first.text


@pytest.mark.parametrize(
    ("analysis", "text"),
    [
        (
            [["x", {"map": [["a", [1, 2.5, float("nan")]]]}]],
            "analyzer x, a[1]: 2.0 in the original, 2.5 here",
        ),
        ([["x", {"map": []}]], "analyzer x, a: 1, 2, nan in the original, None here"),
        ([], "analyzer x is missing here"),
        ([["x", {"map": [["a", [1, 2.0, float("nan")]]]}], ["y", None]], "analyzer y is only here"),
    ],
)
def test_analyses_are_compared_to_the_last_figure(analysis: Any, text: str) -> None:
    first = compare(record(), record(analyzers=analysis)).first
    assert first is not None
    assert first.text == text


# --- showing it -----------------------------------------------------------------------------------------------


def test_a_terminal_with_rich_gets_tables(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("rich")
    from backtrader.compare.show import Plain, Rich, printer, show

    assert type(printer(plain=False)) is Plain, "what is not a terminal gets plain text"
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    assert type(printer(plain=True)) is Plain
    monkeypatch.setenv("COLUMNS", "160")
    out = printer(plain=False)
    assert isinstance(out, Rich)
    outcomes = record(), record(order={"executed price": 2.5})
    show(compare(*outcomes), outcomes, None, 5, out)
    output = re.sub(r"\x1b\[[\d;]*m", "", capsys.readouterr().out)
    assert re.search(r"orders +│ +1 │ +1 │ = ", output), output
    assert re.search(r"Buy 1 a at 2 filled.*Buy 1 a at 2\.5 filled.*differs", output), output
    assert "First difference, run 1: bar 2" in output
