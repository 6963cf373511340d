// In words: what stood in the way of trades, how fills got their price, and what ran where.
function buildWhy(host) {
  const {
    headline: [sent, done],
    reasons,
  } = page.doc.why;
  const head = el(
    "p",
    { class: "headline" },
    sent ? t("sent", { n: fixed(sent, 0), m: fixed(done, 0) }) : t("noOrderSent"),
  );
  const items = reasons.map((reason) =>
    el(
      "li",
      { "data-code": reason.code },
      el("b", {}, pick(CAUSES[reason.code], reason.code)),
      reason.count > 1 ? el("span", { class: "count" }, `× ${fixed(reason.count, 0)}`) : null,
      el("p", { lang: "en" }, reason.text),
    ),
  );
  host.replaceChildren(head, items.length ? el("ul", { class: "reasons" }, items) : empty(t("nothingInTheWay")));
}

function buildRules(host) {
  const { fills, band } = page.doc;
  if (!fills.ref.length) return host.replaceChildren(empty(t(page.doc.bounded ? "notKept" : "noFills")));
  const counts = new Map();
  for (const rule of fills.rule) counts.set(rule, (counts.get(rule) || 0) + 1);
  const rows = [...counts]
    .sort((a, b) => b[1] - a[1])
    .map(([rule, count]) =>
      el(
        "li",
        {},
        el("span", { class: "count" }, fixed(count, 0)),
        el("span", {}, pick(RULES[rule], rule)),
        el("i", { class: "share", style: `--part:${((100 * count) / fills.ref.length).toFixed(1)}%` }),
      ),
    );
  const said = band.ambiguous
    ? t("band", {
        n: fixed(band.ambiguous, 0),
        final: money(band.final),
        worst: money(band.worst),
        best: money(band.best),
      })
    : t("noBand");
  host.replaceChildren(
    el("ul", { class: "rules" }, rows),
    ...(band.ambiguous ? [bandScale(band)] : []),
    el("p", { class: "note" }, said),
  );
}

function bandScale({ worst, final, best }) {
  const part = best > worst ? (100 * (final - worst)) / (best - worst) : 50;
  return el(
    "div",
    { class: "band", "aria-hidden": "true" },
    el("span", {}, money(worst)),
    el("i", { style: `--part:${part.toFixed(1)}%` }),
    el("span", {}, money(best)),
  );
}

function pairsTable(rows) {
  return el(
    "table",
    { class: "pairs" },
    el(
      "tbody",
      {},
      rows.map(([name, value, help]) =>
        el("tr", { title: help }, el("th", { scope: "row" }, name), el("td", {}, value)),
      ),
    ),
  );
}

function buildMetrics(host) {
  host.replaceChildren(
    el(
      "dl",
      { class: "numbers" },
      page.doc.metrics.map((metric) => {
        const [title, help] = metricWords(metric);
        return el("div", { title: help }, el("dt", {}, title), el("dd", {}, ofUnit(metric.value, metric.unit)));
      }),
    ),
  );
}

function buildParams(host) {
  host.replaceChildren(
    ...page.doc.strategies.flatMap(({ name, params }) => [
      el("h3", {}, name),
      params.length ? pairsTable(params) : empty(t("noParams", { name })),
    ]),
  );
}

function buildEnvironment(host) {
  const feeds = page.doc.feeds.map((feed) => [feed.name, `${frameWord(feed.timeframe)}, ${barsWord(feed.seen)}`]);
  const { benchmark } = page.doc;
  host.replaceChildren(
    pairsTable(page.doc.environment),
    el("h3", {}, t("feed")),
    feeds.length
      ? pairsTable([...feeds, [t("benchmark"), benchmark ? benchmark.name : t("none")]])
      : empty(t("noFeed")),
  );
}
