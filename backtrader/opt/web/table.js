// All runs as a table, and one of them in full.
class Table {
  constructor(host) {
    this.host = host;
    this.extra = null;
    this.build();
  }

  build() {
    const { runs } = page;
    if (this.grid) this.grid.destroy();
    this.search = el("input", { type: "search", placeholder: t("filter"), "aria-label": t("filter"), value: this.search?.value ?? "", oninput: () => this.later() });
    this.shown = el("span", { class: "shown" });
    const save = el("button", { type: "button", class: "quiet", "data-do": "csv", onclick: () => this.save() }, t("export"));
    this.room = el("div", { class: "grid-room" });
    this.detail = el("div", { class: "detail", hidden: true });
    this.host.replaceChildren(el("div", { class: "table-bar" }, el("h2", {}, t("runs")), el("div", { class: "tools" }, this.shown, this.search, save)), this.room, this.detail);
    this.columns = this.columnsOf(runs);
    const sort = this.grid?.sort || { key: "score", down: runs.maximized("score") };
    this.grid = new Grid(this.room, { columns: this.columns, count: runs.n, label: t("runs"), sort, onPick: (i) => this.show(i), help: this.help });
    this.none = el("p", { class: "empty", hidden: true }, t("nothingMatches"));
    this.room.append(this.none);
    this.arrange();
  }

  columnsOf(runs) {
    this.help = { score: t("scoreTip") };
    const columns = [
      { key: "number", title: "#", width: 64, value: (i) => runs.number[i], text: (i) => fixed(runs.number[i], 0), plain: (i) => String(runs.number[i]) },
      { key: "state", title: t("state"), width: 96, left: true, value: (i) => this.stateOf(i), text: (i) => this.stateOf(i), tone: (i) => (runs.isGood(i) ? "" : runs.state[i] > 1 ? "loss" : "faint") },
    ];
    const numeric = (key, title, width, data, digits = 5) => columns.push({ key, title, width, value: (i) => (data()[i] === data()[i] ? data()[i] : null), text: (i) => sig(data()[i], digits), plain: (i) => (data()[i] === data()[i] ? String(digits === 6 ? data()[i] : Number(data()[i].toPrecision(7))) : "") });
    if (page.objectives.length > 1) page.objectives.forEach((o, k) => numeric(k ? `score${k + 1}` : "score", objectiveTitle(o), 110, () => runs.scores[k]));
    else numeric("score", objectiveTitle(page.objectives[0]), 110, () => runs.score);
    const score = columns.find((c) => c.key === "score"),
      given = score.value;
    score.value = (i) => (runs.isGood(i) ? given(i) : null); // what does not count is not best
    const names = new Set(columns.map((c) => c.key));
    for (const param of runs.params) {
      const key = names.has(param.name) ? `param_${param.name}` : param.name;
      names.add(key);
      if (param.labels) columns.push({ key, title: param.name, width: 110, left: true, words: true, value: (i) => runs.paramText(param, i), text: (i) => runs.paramText(param, i) });
      else numeric(key, param.name, Math.max(param.whole ? 80 : 112, param.name.length * 7.4 + 26), () => param.data, 6);
    }
    const own = new Set(page.objectives.map((o) => o.name));
    for (const metric of runs.metrics) {
      if (own.has(metric.key) || !range(metric.data)) continue;
      const key = names.has(metric.key) ? `metric_${metric.key}` : metric.key;
      this.help[key] = chinese() ? metricTitle(metric.key) : metric.text || metric.key;
      numeric(key, metricTitle(metric.key), Math.max(100, metricTitle(metric.key).length * 7.4 + 26), () => metric.data);
    }
    numeric("seconds", t("seconds"), 90, () => runs.seconds, 3);
    if (runs.stage) columns.push({ key: "stage", title: t("stage"), width: 100, left: true, words: true, value: (i) => runs.stages[runs.stage[i]] || "", text: (i) => runs.stages[runs.stage[i]] || "–" });
    return columns;
  }

  stateOf(i) {
    const { runs } = page;
    return runs.state[i] === 0 && !runs.isGood(i) ? t(runs.score[i] === runs.score[i] ? "invalid" : "noScore") : stateTitle(runs.state[i]);
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.arrange(), page.runs.n > 5000 ? 250 : 0);
  }

  // Words are looked for where there are words: in states, choices and stages.
  arrange() {
    const searched = this.columns.map((c) => (c.words || c.key === "state" ? c : { key: c.key, value: c.value, text: () => "" }));
    const own = parseFilter(this.search.value, searched),
      extra = this.extra;
    const keep = own && extra ? (i) => own(i) && extra(i) : own || extra;
    this.grid.arrange(keep || null);
    this.none.hidden = this.grid.order.length > 0 || !page.runs.n;
    this.shown.replaceChildren(t("shown", { n: fixed(this.grid.order.length, 0), m: fixed(page.runs.n, 0) }));
  }

  narrow(extra) {
    this.extra = extra;
    this.arrange();
  }

  // More runs: where the reader is in the table, he stays.
  grow() {
    const { scroll } = this.grid,
      top = scroll.scrollTop;
    this.grid.count = page.runs.n;
    this.arrange();
    scroll.scrollTop = top;
    this.grid.draw();
  }

  find(i) {
    if (!this.grid.find(i)) {
      this.search.value = "";
      this.extra = null;
      this.arrange();
      this.grid.find(i);
    }
    this.show(i);
  }

  show(i) {
    const { runs } = page,
      failure = page.failureOf?.get(runs.number[i]);
    const params = runs.params.filter((p) => p.data[i] === p.data[i]).map((p) => [p.name, runs.paramText(p, i)]);
    const metrics = runs.metrics.filter((m) => m.data[i] === m.data[i]).map((m) => [metricTitle(m.key), inUnit(m.data[i], m.unit, 5)]);
    const list = (rows) => el("dl", { class: "numbers" }, rows.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value)))); // prettier-ignore
    const close = el("button", { type: "button", class: "quiet", onclick: () => (this.detail.hidden = true) }, t("close"));
    const copy = el("button", { type: "button", class: "quiet", "data-do": "copy", onclick: () => this.copy(i, copy) }, t("copyParams"));
    this.detail.replaceChildren(
      el("div", { class: "table-bar" }, el("h2", {}, t("runTitle", { n: fixed(runs.number[i], 0) }), " ", el("span", { class: "faint" }, `${this.stateOf(i)} · ${ago(runs.seconds[i])}`)), el("div", { class: "tools" }, copy, close)),
      list(params),
      ...(metrics.length ? [el("h3", {}, t("metrics")), list(metrics)] : []),
      ...(failure ? [el("h3", {}, t("errorWord")), el("pre", { class: "trace" }, failure.trace || failure.kind)] : []),
    );
    this.detail.hidden = false;
  }

  async copy(i, button) {
    const { runs } = page;
    const given = Object.fromEntries(runs.params.filter((p) => p.data[i] === p.data[i]).map((p) => [p.name, p.labels ? p.labels[p.data[i]] : p.data[i]]));
    try {
      await navigator.clipboard.writeText(JSON.stringify(given));
      button.textContent = t("copied");
    } catch {
      button.textContent = JSON.stringify(given); // a page from a file may not write to the clipboard
    }
  }

  save() {
    const text = toCsv(this.columns, this.grid.order);
    const link = el("a", { href: URL.createObjectURL(new Blob([text], { type: "text/csv" })), download: `${page.doc.name || "runs"}.csv` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }
}
