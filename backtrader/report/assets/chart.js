// The chart of one feed under one strategy, with its controls.
const PRICE_TALL = 400,
  PANE_TALL = 108;
const RANGES = [
  ["1D", DAY],
  ["1W", 7 * DAY],
  ["1M", 30.5 * DAY],
  ["3M", 91 * DAY],
  ["1Y", 365.25 * DAY],
  ["5Y", 5 * 365.25 * DAY],
];
const RANGES_ZH = { "1D": "1天", "1W": "1周", "1M": "1月", "3M": "3月", "1Y": "1年", "5Y": "5年" };

class Chart {
  constructor(host, onPoint) {
    Object.assign(this, {
      host,
      onPoint,
      feed: 0,
      strategy: 0,
      log: false,
      shown: { marks: true, lines: true },
      stack: null,
    });
    this.bar = el("div", { class: "chart-bar" });
    this.panes = el("div", { class: "panes", role: "application" });
    this.strip = el("div", { class: "navigator" });
    this.tip = el("div", { class: "tip", role: "status", hidden: true });
    this.help = el("p", { class: "hint" });
    host.replaceChildren(this.bar, el("div", { class: "stage" }, this.panes, this.tip), this.strip, this.help);
  }

  get doc() {
    return page.doc.feeds[this.feed];
  }

  // Build the panes anew: another feed or strategy, another scale.
  async build(view = null) {
    const turn = (this.turn = (this.turn || 0) + 1),
      { doc } = this; // the last one to ask is served
    if (!doc || !doc.bars) return this.nothing(doc);
    const time = await decode(doc.time),
      panes = await this.readPanes(doc);
    const marks = this.shown.marks ? readMarks(this.feed, this.strategy) : null;
    if (turn !== this.turn) return;
    this.close();
    this.positive = minMax(panes.find((pane) => pane.columns).columns.low.values)[0] > 0; // prices have been below zero
    this.log &&= this.positive;
    this.stack = new Stack(this.panes, {
      time,
      intraday: doc.intraday,
      step: usualStep(time),
      panes,
      marks,
      log: this.log,
    });
    handle(this.stack);
    this.stack.on("hover", (bar, pane, left, top) => this.hover(pane, left, top));
    this.stack.on("point", (event) => this.point(event));
    this.stack.on("view", () => this.ranges());
    this.navigator = new Navigator(this.strip, this.stack, panes.find((p) => p.kind === "price").columns.close.values);
    if (view) (this.stack.show(view.min, view.max), this.stack.flush());
    this.words();
  }

  close() {
    if (!this.stack) return;
    this.stack.destroy();
    this.navigator.destroy();
    const fresh = this.panes.cloneNode(false); // its listeners belong to the old stack
    this.panes.replaceWith(fresh);
    this.panes = fresh;
    this.stack = null;
  }

  nothing(doc) {
    this.close();
    this.panes.replaceChildren(empty(t(!doc ? "noFeed" : doc.seen ? "noBars" : "emptyFeed")));
    this.strip.hidden = this.help.hidden = true;
    this.controls();
  }

  async readPanes(doc) {
    const columns = {};
    for (const name of ["open", "high", "low", "close", "volume"])
      columns[name] = { values: await decode(doc[name]), digits: doc[name].digits };
    const panes = doc.panes[Math.min(this.strategy, doc.panes.length - 1)];
    return Promise.all(
      panes
        .filter((pane) => this.shown.lines || pane.kind === "price")
        .map(async (pane) => ({
          ...pane,
          height: pane.kind === "price" ? PRICE_TALL : PANE_TALL,
          columns: pane.kind === "price" ? columns : undefined,
          series: this.shown.lines
            ? await Promise.all(
                pane.series.map(async (s) => ({ ...s, digits: s.values.digits, values: await decode(s.values) })),
              )
            : [],
        })),
    );
  }

  // -- controls ---------------------------------------------------------------------------------------
  controls() {
    const { feeds, strategies } = page.doc;
    const choice = (word, names, now, take) =>
      names.length < 2
        ? null
        : el(
            "label",
            { class: "choice" },
            el("span", {}, t(word)),
            el(
              "select",
              { "data-choice": word, onchange: (event) => take(Number(event.target.value)) },
              names.map((name, i) => el("option", { value: i, selected: i === now }, name)),
            ),
          );
    const toggle = (name, word, on, take) =>
      el(
        "button",
        { type: "button", class: "chip", "data-toggle": name, "aria-pressed": String(on), onclick: take },
        t(word),
      );
    this.rangeBox = el("div", { class: "ranges" });
    this.bar.replaceChildren(
      ...[
        choice(
          "feed",
          feeds.map((f) => f.name),
          this.feed,
          (n) => this.switch({ feed: n }),
        ),
        choice(
          "strategy",
          strategies.map((s) => s.name),
          this.strategy,
          (n) => this.switch({ strategy: n }),
        ),
        this.stack ? this.rangeBox : null,
        this.stack
          ? el(
              "div",
              { class: "chips" },
              toggle("marks", "marks", this.shown.marks, () => this.toggle("marks")),
              toggle("lines", "lines", this.shown.lines, () => this.toggle("lines")),
              this.positive
                ? toggle("log", "log", this.log, () => ((this.log = !this.log), this.build(this.stack.view)))
                : "",
            )
          : null,
      ].filter(Boolean),
    );
    if (this.stack) this.ranges();
  }

  // Stretches of time that the run is longer than; the one shown is pressed.
  ranges() {
    if (!this.rangeBox) return;
    const { time, view, bars } = this.stack,
      last = time[bars - 1],
      span = last - time[0];
    const fits = RANGES.filter(
      ([, seconds]) => seconds < span && lowerBound(time, last - seconds) < bars - LEAST_BARS,
    ).slice(-5);
    const button = (text, on, take) =>
      el("button", { type: "button", class: "chip", "aria-pressed": String(on), onclick: take }, text);
    const near = (a, b) => Math.abs(a - b) < 1;
    this.rangeBox.replaceChildren(
      el(
        "button",
        {
          type: "button",
          class: "chip icon",
          title: t("zoomOut"),
          "aria-label": t("zoomOut"),
          onclick: () => this.stack.zoom(1.6),
        },
        "−",
      ),
      el(
        "button",
        {
          type: "button",
          class: "chip icon",
          title: t("zoomIn"),
          "aria-label": t("zoomIn"),
          onclick: () => this.stack.zoom(1 / 1.6),
        },
        "+",
      ),
      ...fits.map(([text, seconds]) => {
        const from = lowerBound(time, last - seconds) - 0.5;
        return button(chinese() ? RANGES_ZH[text] : text, near(view.min, from) && near(view.max, bars - 0.5), () =>
          this.stack.show(from, bars - 0.5),
        );
      }),
      button(t("all"), this.stack.whole, () => this.stack.show(-0.5, bars - 0.5)),
    );
  }

  async switch(to) {
    const view = to.strategy !== undefined && this.stack ? this.stack.view : null;
    Object.assign(this, to);
    await this.build(view);
  }

  async toggle(name) {
    this.shown[name] = !this.shown[name];
    await this.build(this.stack.view);
  }

  words() {
    this.controls();
    this.help.textContent = t("help");
    this.panes.setAttribute("aria-label", `${t("chart")} ${this.doc ? this.doc.name : ""}`);
    this.strip.hidden = this.help.hidden = !this.stack;
    if (this.stack) (this.stack.redraw(), this.navigator.draw());
  }

  // -- marks ------------------------------------------------------------------------------------------
  hover(pane, left, top) {
    const { marks, view } = this.stack,
      found = pane.kind === "price" && marks && left >= 0 ? marks.under(pane.plot, view, left, top) : null;
    this.panes.classList.toggle("pointing", Boolean(found));
    this.under = found;
    if (!found) return void (this.tip.hidden = true);
    this.tip.replaceChildren(...describe(found));
    this.tip.hidden = false;
    const over = pane.plot.over.getBoundingClientRect(),
      stage = this.panes.getBoundingClientRect(),
      wide = this.tip.offsetWidth,
      tall = this.tip.offsetHeight;
    const x = over.left - stage.left + left,
      y = over.top - stage.top + top;
    this.tip.style.left = `${Math.max(4, x + 18 + wide > stage.width ? x - wide - 18 : x + 18)}px`;
    this.tip.style.top = `${Math.max(4, Math.min(y - tall / 2, stage.height - tall - 4))}px`;
  }

  // A finger has no hover: what it touches is what it asks about.
  point(event) {
    const pane = this.stack.panes.find((each) => each.kind === "price"),
      box = pane.plot.over.getBoundingClientRect();
    this.hover(pane, event.clientX - box.left, event.clientY - box.top);
    if (this.under) this.onPoint(this.under);
  }

  // Bring an entry of a table into view.
  async jump(tab, i) {
    const table = page.doc[tab],
      feed = table.data[i],
      strategy = table.strategy[i];
    if (feed === null) return;
    if (feed !== this.feed || (strategy !== null && strategy !== this.strategy) || !this.shown.marks) {
      this.shown.marks = true;
      await this.switch({ feed, strategy: strategy ?? this.strategy });
    }
    if (!this.stack) return;
    const from = (tab === "fills" ? table.bar : table.from)[i],
      to = tab === "fills" ? from : (table.to[i] ?? (tab === "trips" ? this.stack.bars - 1 : from));
    if (from === null) return;
    const room = Math.max((to - from) * 0.6, 30);
    this.stack.marks.picked = { from, to };
    this.stack.show(from - room, to + room);
    this.stack.flush();
  }
}
