// Panes one above the other over one timeline. Bars are numbered, so nights and week-ends leave no holes;
// what is drawn is never more than a few values a pixel, however many bars there are.
const FADES = { price: true, indicator: true };
const LEAST_BARS = 10;
const CANDLE_ROOM = 4;

class Stack {
  constructor(host, { time, intraday, step, panes, marks = null, log = false }) {
    Object.assign(this, { host, time, intraday, step, marks, log, bars: time.length, hovered: null, ticks: [] });
    this.view = { min: -0.5, max: this.bars - 0.5 };
    this.listeners = { view: [], hover: [], point: [] };
    this.panes = panes.map((pane, i) => this._pane(pane, i === panes.length - 1));
    this.valueTag = el("div", { class: "tag value", hidden: true });
    this.timeTag = el("div", { class: "tag time", hidden: true });
    this.panes[this.panes.length - 1].box.append(this.timeTag);
    this._observer = new ResizeObserver(() => this.resize());
    this._observer.observe(host);
    this.show(this.view.min, this.view.max);
    this.flush();
  }

  on(what, listener) {
    this.listeners[what].push(listener);
  }

  destroy() {
    this._observer.disconnect();
    this.panes.forEach((pane) => pane.plot.destroy());
    this.host.replaceChildren();
  }

  // -- panes ------------------------------------------------------------------------------------------
  _pane(given, last) {
    const pane = {
      ...given,
      box: el("div", { class: "pane", "data-kind": given.kind }),
      legend: el("div", { class: "legend" }),
    };
    pane.box.append(pane.legend);
    this.host.append(pane.box);
    for (const series of pane.series)
      series.levels ||= series.style === "bar" ? new Levels(series.values, "far") : new LineLevels(series.values);
    if (pane.columns) pane.candles ||= candleLevels(pane.columns);
    pane.plot = new uPlot(paneOptions(this, pane, last), [[0], ...pane.series.map(() => [null])], pane.box);
    return pane;
  }

  _width() {
    return Math.max(this.host.clientWidth, 240);
  }

  // -- what is seen -----------------------------------------------------------------------------------
  show(min, max) {
    const least = Math.min(LEAST_BARS, this.bars),
      span = Math.min(Math.max(max - min, least), this.bars),
      centre = (min + max) / 2;
    const from = Math.max(-0.5, Math.min(centre - span / 2, this.bars - 0.5 - span));
    this.view = { min: from, max: from + span };
    this._later();
  }

  zoom(factor, centre = (this.view.min + this.view.max) / 2) {
    const { min, max } = this.view,
      least = Math.min(LEAST_BARS, this.bars);
    const f = Math.max(factor, least / (max - min));
    this.show(centre - (centre - min) * f, centre + (max - centre) * f);
  }

  move(bars) {
    this.show(this.view.min + bars, this.view.max + bars);
  }

  get whole() {
    return this.view.max - this.view.min >= this.bars;
  }

  _later() {
    this._pending ||= requestAnimationFrame(() => this.flush());
  }

  flush() {
    cancelAnimationFrame(this._pending);
    this._pending = 0;
    const { min, max } = this.view,
      room = this._width() - AXIS_WIDTH;
    this.ticks = timeTicks(this.time, min, max, room, this.step);
    for (const pane of this.panes) this._fill(pane, room);
    this._legends();
    this.host.dataset.from = Math.max(0, Math.ceil(min));
    this.host.dataset.to = Math.min(this.bars - 1, Math.floor(max));
    this.listeners.view.forEach((listener) => listener(this.view));
  }

  // The buckets of a level that lie in the view, and one more at each side.
  _buckets(room) {
    const { min, max } = this.view,
      level = levelFor(min, max, room),
      size = 2 ** level;
    const from = Math.max(0, Math.floor(min / size) - 1),
      to = Math.min(Math.ceil(this.bars / size), Math.ceil((max + 1) / size) + 1);
    return { level, size, from, to };
  }

  _centres({ size, from, to }) {
    return Float64Array.from({ length: to - from }, (_, i) =>
      Math.min((from + i) * size + (size - 1) / 2, this.bars - 1),
    );
  }

  _fill(pane, room) {
    const lines = this._buckets(room),
      coarse = this._buckets(room / CANDLE_ROOM);
    const centres = this._centres(coarse);
    pane.shown = pane.candles && { x: centres, size: coarse.size };
    for (const [name, levels] of Object.entries(pane.candles || {}))
      pane.shown[name] = levels.at(coarse.level).subarray(coarse.from, coarse.to);
    const x = lines.level ? pairs(lines, this.bars) : this._centres(lines);
    pane.bars = [];
    const data = [
      x,
      ...pane.series.map((series) => {
        if (series.style !== "bar") return series.levels.points(lines.level, lines.from, lines.to);
        pane.bars.push({
          x: centres,
          size: coarse.size,
          color: series.color,
          values: series.levels.at(coarse.level).subarray(coarse.from, coarse.to),
        });
        return new Array(x.length).fill(null);
      }),
    ];
    pane.points = data;
    pane.extent = this._extent(pane);
    // far out a line is a band of its extremes: it must not hide what is below it
    pane.plot.series.forEach((series, i) => i && (series.alpha = pane.kind in FADES && lines.size >= 8 ? 0.55 : 1));
    pane.plot.batch(() => {
      pane.plot.setData(data, false);
      pane.plot.setScale("x", this.view);
    });
  }

  _extent(pane) {
    let low = Infinity,
      high = -Infinity;
    const see = (v) => {
      if (v === null || v !== v) return;
      if (v < low) low = v;
      if (v > high) high = v;
    };
    for (const values of pane.points.slice(1)) values.forEach(see);
    if (pane.shown) (pane.shown.low.forEach(see), pane.shown.high.forEach(see));
    for (const bars of pane.bars) (see(0), bars.values.forEach(see));
    (pane.levels || []).forEach(see);
    if (pane.zero) see(0);
    if (low > high) return [0, 1];
    const room = (high - low || Math.abs(high) || 1) * 0.07,
      price = pane.kind === "price";
    if (this.log && price && low > 0) return [low * 0.98, high * 1.04];
    const titled = room * (pane.height < 150 ? 3 : 1.6); // the legend stands at the top
    return [
      low - room * (price ? 2.6 : pane.zero && low === 0 ? 0.5 : 1),
      pane.ceiling !== undefined && high <= pane.ceiling ? pane.ceiling + titled : high + titled,
    ];
  }

  resize() {
    const width = this._width();
    if (width === this._lastWidth) return;
    this._lastWidth = width;
    this.panes.forEach((pane) => pane.plot.setSize({ width, height: pane.plot.height }));
    this.flush();
  }

  // -- drawing ----------------------------------------------------------------------------------------
  _under(u, pane) {
    within(u, (ctx, bbox) => {
      if (pane.levels) drawLevels(u, pane.levels, ctx, bbox);
      if (pane.shown) {
        const lift =
          this.marks && this.marks.crowded(this.view, bbox.width / devicePixelRatio) ? (RUG + 2) * devicePixelRatio : 0;
        drawVolume(u, pane.shown, ctx, bbox, lift);
        drawCandles(u, pane.shown, ctx);
      }
      for (const bars of pane.bars || []) drawBars(u, bars, ctx);
      if (pane.points) this._areas(u, pane, ctx);
    });
  }

  _areas(u, pane, ctx) {
    pane.series.forEach((series, i) => {
      for (const fill of series.fills || []) {
        const other = pane.series.findIndex((each) => each.line === fill.line && each.of === series.of);
        if (fill.line !== undefined && other < 0) continue;
        const values = fill.line !== undefined ? pane.points[other + 1] : pane.points[0].map(() => fill.level);
        drawBetween(
          u,
          Array.from(pane.points[0]),
          pane.points[i + 1],
          values,
          fill.where,
          ink(fill.color || series.color),
          ctx,
        );
      }
    });
  }

  _over(u, pane) {
    if (pane.kind === "price" && this.marks) within(u, (ctx, bbox) => this.marks.draw(u, this.view, ctx, bbox));
  }

  redraw() {
    this._legends();
    this.ticks = timeTicks(this.time, this.view.min, this.view.max, this._width() - AXIS_WIDTH, this.step);
    this.panes.forEach((pane) => pane.plot.redraw(false, true));
  }

  // -- the pointer ------------------------------------------------------------------------------------
  _snap(u, left) {
    const bar = Math.round(u.posToVal(left, "x"));
    return u.valToPos(Math.max(0, Math.min(bar, this.bars - 1)), "x");
  }

  _hover(u, pane) {
    if (this._sharing) return;
    const { left, top } = u.cursor,
      bar = left < 0 ? null : Math.round(u.posToVal(left, "x"));
    this._sharing = true;
    for (const other of this.panes)
      if (other !== pane) other.plot.setCursor({ left: bar === null ? -10 : left, top: -10 }, false);
    this._sharing = false;
    this.hovered = bar === null || bar < 0 || bar >= this.bars ? null : bar;
    this._legends();
    this._tags(u, pane, left, top);
    this.listeners.hover.forEach((listener) => listener(this.hovered, pane, left, top));
  }

  // The value and the time pointed at, on the axes.
  _tags(u, pane, left, top) {
    this.valueTag.hidden = this.timeTag.hidden = this.hovered === null;
    if (this.hovered === null) return;
    if (this.valueTag.parentNode !== pane.box) pane.box.append(this.valueTag);
    this.valueTag.textContent = short(u.posToVal(top, "y")) + (pane.percent ? "%" : "");
    this.valueTag.style.top = `${top + u.bbox.top / devicePixelRatio}px`;
    this.timeTag.textContent = moment(this.time[this.hovered], this.intraday);
    const half = this.timeTag.offsetWidth / 2;
    this.timeTag.style.left = `${Math.max(half, Math.min(left, this._width() - AXIS_WIDTH - half))}px`;
  }

  _legends() {
    const last = Math.max(0, Math.min(this.bars - 1, Math.floor(this.view.max)));
    for (const pane of this.panes)
      pane.legend.replaceChildren(...legendOf(pane, this.hovered ?? last, this.time, this.intraday));
  }
}
