// The account over time: equity beside the benchmark, draw-down, rolling Sharpe ratio, exposure.
const HALF_YEAR = 126;

async function readAccount() {
  const { account, start_value: start, benchmark, per_year: perYear } = page.doc;
  const time = await decode(account.time),
    values = await decode(account.values);
  const units = account.units ? await decode(account.units) : values;
  const base = account.units ? units[0] : start;
  const { ends, returns } = byDay(time, units, base),
    found = { time, values, units, start: base, ends, returns, perYear, ...drawdowns(units, base) };
  found.digits = account.values.digits;
  found.exposure = await decode(account.exposure);
  found.window = Math.min(HALF_YEAR, Math.floor(returns.length / 3));
  if (found.window >= 10) found.sharpe = everyPlace(time.length, ends, rollingSharpe(returns, found.window, perYear));
  if (benchmark) {
    const there = asOf(time, await decode(benchmark.time), await decode(benchmark.values)),
      first = there.find(isNumber);
    found.benchmark = { name: benchmark.name, values: there.map((v) => (v / first) * start) };
  }
  return found;
}

function accountPanes(account) {
  const line = (name, values, color, digits, more = {}) => ({
    name: "",
    word: null,
    of: null,
    color,
    values,
    digits,
    style: "line",
    ...more,
  });
  const top = [
    line("", account.values, inks.accent, Math.max(account.digits, 2), {
      area: inks.area,
      word: account.benchmark ? "equity" : null,
    }),
  ];
  if (account.benchmark)
    top.push(
      line(account.benchmark.name, account.benchmark.values, "#98865f", 2, {
        name: account.benchmark.name,
        dash: true,
      }),
    );
  const panes = [
    { kind: "equity", word: ["equity"], height: 210, series: top },
    {
      kind: "drawdown",
      word: ["drawdown"],
      height: 110,
      percent: true,
      ceiling: 0,
      levels: [],
      series: [line("", account.depth, inks.down, 2, { area: inks.loss })],
    },
  ];
  if (account.sharpe && account.sharpe.some(isNumber))
    panes.push({
      kind: "sharpe",
      word: ["sharpe", { n: account.window }],
      height: 100,
      levels: [0],
      series: [line("", account.sharpe, "#8a63d2", 2)],
    });
  if (account.exposure.some((v) => v > 0))
    panes.push({
      kind: "exposure",
      word: ["exposure"],
      height: 84,
      percent: true,
      zero: true,
      series: [line("", account.exposure, "#5b74a8", 1, { steps: true, area: inks.area })],
    });
  return panes;
}

class Performance {
  constructor(host) {
    Object.assign(this, { host, panes: el("div", { class: "panes", role: "application" }), stack: null });
    host.replaceChildren(this.panes);
  }

  build(account) {
    this.account = account;
    if (account.time.length < 2) return this.panes.replaceChildren(empty(t("noReturns")));
    const intraday = page.doc.feeds.length ? page.doc.feeds[0].intraday : false;
    this.stack = new Stack(this.panes, {
      time: account.time,
      intraday,
      step: usualStep(account.time),
      panes: accountPanes(account),
    });
    handle(this.stack);
    this.words();
  }

  // New colours need new panes: areas and lines have theirs from the style sheet.
  repaint() {
    if (!this.stack) return;
    const { view } = this.stack,
      panes = accountPanes(this.account);
    this.stack.panes.forEach((pane, i) =>
      pane.series.forEach((series, k) =>
        Object.assign(series, { color: panes[i].series[k].color, area: panes[i].series[k].area }),
      ),
    );
    this.stack.show(view.min, view.max);
    this.words();
  }

  words() {
    this.panes.setAttribute("aria-label", t("performance"));
    if (!this.stack) return void (this.account && this.build(this.account));
    this.stack.redraw();
  }
}
