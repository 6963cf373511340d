"""A page that shows the bars of a report with Lightweight Charts: what the report was compared with.

The library is not part of the package; its script comes from its npm package, ``lightweight-charts``.
"""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

__all__ = ["rival_page"]

_PAGE = """<!doctype html><meta charset="utf-8"><div id="chart" style="width:1360px;height:620px"></div>
%(data)s
<script>%(library)s</script>
<script type="module">
%(reading)s
const doc = JSON.parse(new TextDecoder().decode(await inflate(take("document")))), feed = doc.feeds[0];
const [time, open, high, low, close, volume] = await Promise.all(["time", "open", "high", "low", "close", "volume"].map((n) => decode(feed[n])));
const L = LightweightCharts;
const chart = L.createChart(document.getElementById("chart"), {
  timeScale: { minBarSpacing: 0.0005, enableConflation: true, timeVisible: true }, layout: { attributionLogo: true },
});
const candles = chart.addSeries(L.CandlestickSeries);
candles.setData(Array.from(time, (t, i) => ({ time: t, open: open[i], high: high[i], low: low[i], close: close[i] })));
const bars = chart.addSeries(L.HistogramSeries, { priceScaleId: "" });
bars.priceScale().applyOptions({ scaleMargins: { top: 0.85, bottom: 0 } });
bars.setData(Array.from(time, (t, i) => ({ time: t, value: volume[i] })));
let pane = 0;
for (const each of feed.panes[0]) {
  for (const series of each.series) {
    const values = await decode(series.values);
    const line = chart.addSeries(L.LineSeries, { lineWidth: 1, color: series.color, priceLineVisible: false }, pane);
    line.setData(Array.from(time, (t, i) => (Number.isNaN(values[i]) ? { time: t } : { time: t, value: values[i] })));
  }
  pane++;
}
L.createSeriesMarkers(candles, doc.fills.bar.map((bar, i) => ({ time: time[bar], position: doc.fills.size[i] > 0 ? "belowBar" : "aboveBar",
  shape: doc.fills.size[i] > 0 ? "arrowUp" : "arrowDown", color: "#2563eb" })));
chart.timeScale().setVisibleLogicalRange({ from: 0, to: time.length });
requestAnimationFrame(() => setTimeout(() => {
  performance.mark("first-chart");
  Object.assign(window, { chart, count: time.length });
  Object.assign(document.documentElement.dataset, { chart: "drawn", ready: "yes" });
}));
</script>
"""

# The library draws in the next frame; a frame of our own asked for after it ends when that is done.
_MOVE = """(async () => {
  const times = [], n = count;
  for (let i = 0; i < %(steps)d; i++) {
    const span = n * Math.pow(1440 / n, Math.sin((Math.PI * i) / %(steps)d)), from = ((n - span) * i) / %(steps)d;
    await new Promise(requestAnimationFrame);
    const began = performance.now();
    chart.timeScale().setVisibleLogicalRange({ from, to: from + span });
    const asked = performance.now() - began;
    times.push(asked + await new Promise((done) => requestAnimationFrame((frame) => done(performance.now() - frame))));
  }
  return times;
})()"""


def rival_page(report: Path, library: Path, folder: Path, steps: int) -> tuple[Path, str]:
    """Write the page, from the columns of a report; and the script that moves about in it."""
    text = report.read_text(encoding="utf-8")
    data = "\n".join(
        re.findall(r'<script type="text/plain" id="(?:document|column-\d+)">[^<]*</script>', text)
    )
    assets = files("backtrader.report") / "assets"
    reading = "const byId = (id) => document.getElementById(id);\n" + (assets / "columns.js").read_text(
        encoding="utf-8"
    )
    page = folder / "rival.html"
    parts = {"data": data, "library": library.read_text(encoding="utf-8"), "reading": reading}
    page.write_text(_PAGE % parts, encoding="utf-8")
    return page, _MOVE % {"steps": steps}
