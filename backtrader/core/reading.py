"""Looking at a run that is over: pictures and numbers, asked of Cerebro."""

from __future__ import annotations

from typing import Any

from .display import cerebro_card
from .parts import part_of

__all__ = ["Reading"]


class Reading:
    """What Cerebro can tell and show of its last run."""

    runstrats: list[Any]
    _exactbars: int
    _repr_html_ = cerebro_card

    def summary(self, show: bool = True, trading_days: float = 252.0) -> Any:
        """The numbers of the last run, as a `Summary`; printed as a table unless ``show`` is False.

        Strategies that ran together share an account and are counted together.  ``trading_days`` is the
        number of days a year has for what is traded: 365 where markets never close.
        """
        from .summary import summarise

        summary = summarise(self._last_run("summary"), trading_days)
        if show:
            summary.show()
        return summary

    def why(self) -> Any:
        """Why nothing, or so little, was traded in the last run: a `Why`; print it to read it."""
        from .why import explain

        return explain(self, self._last_run("why"))

    def fills(self) -> Any:
        """All fills of the last run with the rule that gave each its price, as a `FillBook`.

        It also counts the fills that depend on what a bar does not tell, and how far the final value
        could be off for it.
        """
        from .rulebook import read_fills

        self._last_run("fills")
        return read_fills(self)

    def report(
        self,
        path: Any,
        benchmark: Any = None,
        theme: str = "auto",
        language: str = "auto",
        rising: str = "auto",
        title: str = "",
        datas: Any = None,
        trading_days: float = 252.0,
    ) -> Any:
        """Write the last run as one interactive HTML page, and return its path.

        ``benchmark`` is a feed or its name, a pandas Series of prices, or a pair (moments, prices).
        ``theme`` is ``light`` or ``dark``, ``language`` ``en`` or ``zh``, ``rising`` the colour of what
        rises, ``green`` or ``red``; ``auto`` leaves each to the reader's browser.  ``datas`` are the feeds
        to draw, by name, number or as such: all of them by default.
        """
        from .reportdata import write_report

        strategies = self._last_run("report")
        looks = {"theme": theme, "language": language, "rising": rising, "title": title}
        return write_report(self, strategies, path, benchmark, datas, trading_days, looks)

    def _last_run(self, what: str) -> list[Any]:
        runs = getattr(self, "runstrats", [])
        if not runs or not runs[0]:
            raise RuntimeError(f"cerebro.{what}() tells about a run: call cerebro.run() first")
        if len(runs) > 1 or not hasattr(runs[0][0], "_results"):
            raise RuntimeError(f"cerebro.{what}() tells about one run, and this was an optimisation")
        return list(runs[0])

    def _drawable(self) -> list[list[Any]]:
        """The strategies of the last run, with their lines."""
        runs: list[list[Any]] = getattr(self, "runstrats", [])
        if not runs:
            raise RuntimeError("cerebro.plot() draws a run: call cerebro.run() first")
        if any(not hasattr(strategy, "datas") for run in runs for strategy in run):
            raise RuntimeError(
                "cerebro.plot() draws lines, and an optimisation does not keep them: run it with "
                "optreturn=False, or run the strategy that is to be drawn by itself"
            )
        return runs

    def plot(
        self,
        plotter: Any = None,
        numfigs: int = 1,
        iplot: bool = True,
        start: Any = None,
        end: Any = None,
        width: int = 16,
        height: int = 9,
        dpi: int = 300,
        tight: bool = True,
        use: Any = None,
        **kwargs: Any,
    ) -> Any:
        """Draw the last run with matplotlib; returns the figures, a list for each strategy.

        ``numfigs`` divides the bars between so many figures; ``start`` and ``end`` choose some of them,
        by number or date.  Other keywords are settings of the scheme, see `backtrader.plot.PlotScheme`.
        ``plotter`` draws instead of `backtrader.plot.Plot`.  ``width`` and ``height`` (inches) count in
        notebooks; `Plot.savefig` has its own.  A run with ``exactbars`` above 0 has not kept its bars:
        None is returned.
        """
        if self._exactbars > 0:
            return None
        own = plotter is None
        if own:
            from ..utils.optional import require

            require("matplotlib", extra="plot", why="cerebro.plot()")
            plotter = part_of("plot", "cerebro.plot()").Plot(**kwargs)
        options: dict[str, Any] = {"numfigs": numfigs, "iplot": iplot, "start": start, "end": end, "use": use}
        if own:
            options["figsize"] = width, height
        figures = []
        for strategies in self._drawable():
            for index, strategy in enumerate(strategies):
                figures.append(plotter.plot(strategy, figid=index * 100, **options))
        plotter.show()
        return figures
