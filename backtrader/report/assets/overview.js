// The head of the page: what ran, and the numbers people look at first.
const FIRST = [
  "total_return",
  "annual_return",
  "sharpe_ratio",
  "max_drawdown_pct",
  "win_rate",
  "profit_factor",
  "trades",
  "exposure",
];

function buildOverview(host) {
  const { metrics, start_value: start } = page.doc,
    by = Object.fromEntries(metrics.map((m) => [m.key, m]));
  const tile = (key) => {
    const metric = by[key],
      [title, help] = metricWords(metric);
    const toned = metric.unit === "%" && ["total_return", "annual_return"].includes(key);
    const value =
      key === "max_drawdown_pct" && metric.value
        ? `−${ofUnit(metric.value, metric.unit)}`
        : (toned && metric.value > 0 ? "+" : "") + ofUnit(metric.value, metric.unit);
    return el(
      "div",
      { class: "tile", title: help, "data-metric": key },
      el("span", { class: "name" }, title),
      el("strong", { class: toned ? tone(metric.value) : "" }, value),
    );
  };
  const final = by.final_value,
    gain = final.value - start;
  const lead = el(
    "div",
    { class: "tile lead", "data-metric": "final_value" },
    el("span", { class: "name" }, metricWords(final)[0]),
    el("strong", {}, money(final.value)),
    el(
      "span",
      { class: "note" },
      el("em", { class: tone(gain) }, signed(gain)),
      " ",
      t("startValue", { n: money(start) }),
    ),
  );
  host.replaceChildren(lead, ...FIRST.map(tile));
}

function metricWords(metric) {
  return (chinese() && METRICS_ZH[metric.key]) || [metric.title, metric.text];
}

function frameWord([name, count]) {
  return FRAMES[page.language](name, count);
}

async function buildTitle() {
  const { doc } = page,
    names = doc.strategies.map((s) => s.name).join(", "),
    feed = doc.feeds[0];
  byId("title").textContent = doc.page.title || names;
  const parts = [doc.page.title ? names : null];
  if (feed) {
    const time = await decode(feed.time);
    parts.push(doc.feeds.length > 1 ? t("feedsOf", { n: doc.feeds.length }) : feed.name, frameWord(feed.timeframe));
    if (time.length) parts.push(`${moment(time[0], false)} ${t("to")} ${moment(time[time.length - 1], false)}`);
    parts.push(barsWord(feed.seen));
  }
  byId("subtitle").replaceChildren(...parts.filter(Boolean).map((part) => el("span", {}, part)));
}
