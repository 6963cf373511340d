// Charts on uPlot: bars are numbered, so nights and week-ends leave no holes, and what is drawn is never
// more than a few values a pixel, however many bars there are.
"use strict";

const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const two = (n) => String(n).padStart(2, "0");

function moment(seconds, intraday) {
  const d = new Date(seconds * 1000);
  const day = `${d.getUTCFullYear()}-${two(d.getUTCMonth() + 1)}-${two(d.getUTCDate())}`;
  return intraday ? `${day} ${two(d.getUTCHours())}:${two(d.getUTCMinutes())}` : day;
}

function short(value, digits = 2) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  const size = Math.abs(value);
  if (size >= 1e9) return (value / 1e9).toFixed(2) + "G";
  if (size >= 1e6) return (value / 1e6).toFixed(2) + "M";
  if (size >= 1e4) return value.toLocaleString("en", { maximumFractionDigits: 0 });
  return value.toLocaleString("en", { maximumFractionDigits: size && size < 1 ? 5 : digits });
}

// A stack of panes over one timeline: `time` in seconds, and panes with columns of the same length.
class Stack {
  constructor(host, time, intraday, panes) {
    this.host = host;
    this.time = time;
    this.intraday = intraday;
    this.bars = time.length;
    this.view = { min: -0.5, max: this.bars - 0.5 };
    this.onHover = null;
    this.panes = panes.map((pane, i) => this._pane(pane, i === panes.length - 1));
    this._listen();
    this._observer = new ResizeObserver(() => this.resize());
    this._observer.observe(host);
    this.show(this.view.min, this.view.max);
  }

  destroy() {
    this._observer.disconnect();
    this.panes.forEach((pane) => pane.plot.destroy());
    this.host.replaceChildren();
  }

  _pane(pane, last) {
    const box = document.createElement("div");
    box.className = "pane";
    box.dataset.kind = pane.kind;
    const title = document.createElement("div");
    title.className = "pane-title";
    box.append(title);
    this.host.append(box);
    const own = { ...pane, box, title };
    for (const series of own.series) series.levels = series.levels || new Levels(series.values, join.last);
    const axis = { stroke: () => css("--faint"), grid: { stroke: () => css("--grid"), width: 1 }, ticks: { show: false },
      font: "11px system-ui, sans-serif" };
    const options = {
      width: this.host.clientWidth || 900, height: pane.height, padding: [8, 0, last ? 0 : 4, 8],
      legend: { show: false }, cursor: { y: false, drag: { x: false, y: false }, sync: undefined, points: { show: false } },
      scales: { x: { time: false, auto: false, range: () => [this.view.min, this.view.max] },
        y: { range: (u, low, high) => this._yRange(own, low, high) } },
      axes: [
        { ...axis, show: last, size: 26, space: 90, values: (u, splits) => splits.map((at) => this._label(at)),
          splits: (u, _, min, max) => this._splits(min, max, u.bbox.width / devicePixelRatio) },
        { ...axis, side: 1, size: 62, space: 34, values: (u, splits) => splits.map((v) => (pane.percent ? short(v) + "%" : short(v))) },
      ],
      series: [{}, ...own.series.map((s) => this._uSeries(s))],
      hooks: { drawClear: [(u) => this._under(u, own)], draw: [(u) => this._over(u, own)], setCursor: [(u) => this._hover(u, own)] },
    };
    if (pane.kind === "price") options.series.push({ label: "low", paths: () => null, points: { show: false } },
      { label: "high", paths: () => null, points: { show: false } });
    own.plot = new uPlot(options, this._blank(options.series.length), box);
    return own;
  }

  _blank(count) {
    return Array.from({ length: count }, () => [0]);
  }

  _uSeries(series) {
    const plain = { label: series.name, stroke: series.color, width: series.width || 1.4, points: { show: false }, spanGaps: false };
    if (series.dash) plain.dash = [5, 4];
    if (series.style === "points") return { ...plain, paths: () => null, points: { show: true, size: 5, fill: series.color, width: 0 } };
    if (series.style === "bar") return { ...plain, width: 0, fill: series.color + "99", paths: uPlot.paths.bars({ size: [0.8, 40], align: 0 }) };
    if (series.area) plain.fill = series.color + "2b";
    if (series.steps) plain.paths = uPlot.paths.stepped({ align: 1 });
    return plain;
  }

  _yRange(pane, low, high) {
    for (const level of pane.levels || []) {
      low = Math.min(low ?? level, level);
      high = Math.max(high ?? level, level);
    }
    if (low === null || high === null || !Number.isFinite(low)) return [0, 1];
    if (pane.zero) high = Math.max(high, 0), (low = Math.min(low, 0));
    const room = (high - low || Math.abs(high) || 1) * 0.06;
    return [low - (pane.kind === "price" ? room * 2.5 : room), high + room];
  }

  _splits(min, max, width) {
    const wanted = Math.max(2, Math.floor(width / 110)), step = Math.max(1, Math.round((max - min) / wanted));
    const found = [];
    for (let at = Math.ceil(Math.max(min, 0) / step) * step; at <= Math.min(max, this.bars - 1); at += step) found.push(at);
    return found;
  }

  _label(at) {
    const time = this.time[Math.round(at)];
    if (time === undefined) return "";
    const text = moment(time, this.intraday), span = this.view.max - this.view.min;
    const perBar = this.bars > 1 ? (this.time[this.bars - 1] - this.time[0]) / (this.bars - 1) : 86400;
    return this.intraday && span * perBar < 5 * 86400 ? text.slice(5) : text.slice(0, 10);
  }

  // -- what is seen ---------------------------------------------------------------------------------
  show(min, max) {
    const least = Math.min(12, this.bars);
    if (max - min < least) max = min + least;
    const width = Math.min(max - min, this.bars);
    min = Math.max(-0.5, Math.min(min, this.bars - 0.5 - width));
    this.view = { min, max: min + width };
    const room = Math.max(200, this.host.clientWidth - 70);
    for (const pane of this.panes) this._feed(pane, room);
    this.host.dataset.from = Math.max(0, Math.ceil(this.view.min));
    this.host.dataset.to = Math.min(this.bars - 1, Math.floor(this.view.max));
  }

  _feed(pane, room) {
    const candles = pane.kind === "price", level = levelFor(this.view.min, this.view.max, candles ? room / 2 : room);
    const size = 2 ** level, count = Math.ceil(this.bars / size);
    const from = Math.max(0, Math.floor(this.view.min / size) - 1), to = Math.min(count, Math.ceil(this.view.max / size) + 2);
    const part = (levels) => levels.at(level).subarray(from, to);
    const x = new Float64Array(to - from);
    for (let i = 0; i < x.length; i++) x[i] = Math.min((from + i) * size + (size - 1) / 2, this.bars - 1);
    const clean = (values) => Array.from(values, (v) => (Number.isNaN(v) ? null : v));
    const data = [x, ...pane.series.map((s) => clean(part(s.levels)))];
    if (candles) {
      const b = pane.bars;
      pane.shown = { x, size, open: part(b.open), high: part(b.high), low: part(b.low), close: part(b.close), volume: part(b.volume) };
      data.push(pane.shown.low, pane.shown.high);
    }
    pane.plot.batch(() => {
      pane.plot.setData(data, false);
      pane.plot.setScale("x", { min: this.view.min, max: this.view.max });
    });
  }

  resize() {
    const width = this.host.clientWidth;
    if (!width || width === this._width) return;
    this._width = width;
    for (const pane of this.panes) pane.plot.setSize({ width, height: pane.height });
    this.show(this.view.min, this.view.max);
  }

  redraw() {
    this.panes.forEach((pane) => pane.plot.redraw());
  }

  // -- drawing of our own ---------------------------------------------------------------------------
  _under(u, pane) {
    const { ctx, bbox } = u;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    ctx.strokeStyle = css("--faint");
    ctx.setLineDash([4 * devicePixelRatio, 4 * devicePixelRatio]);
    for (const level of pane.levels || []) {
      const y = Math.round(u.valToPos(level, "y", true)) + 0.5;
      ctx.beginPath();
      ctx.moveTo(bbox.left, y);
      ctx.lineTo(bbox.left + bbox.width, y);
      ctx.stroke();
    }
    ctx.setLineDash([]);
    if (pane.kind === "price" && pane.shown) this._candles(u, pane.shown, ctx);
    ctx.restore();
  }

  _candles(u, shown, ctx) {
    const { x, open, high, low, close, volume, size } = shown, { bbox } = u;
    const gap = u.valToPos(size, "x", true) - u.valToPos(0, "x", true);
    const width = Math.max(1, Math.floor(Math.min(gap * 0.72, 22 * devicePixelRatio)));
    let top = 0;
    for (const v of volume) if (v > top) top = v;
    const colors = [css("--down"), css("--up")], floor = bbox.top + bbox.height;
    for (const rising of [0, 1]) {
      ctx.fillStyle = colors[rising];
      for (let i = 0; i < x.length; i++) {
        if ((close[i] >= open[i] ? 1 : 0) !== rising || Number.isNaN(close[i])) continue;
        const at = u.valToPos(x[i], "x", true), left = Math.round(at - width / 2);
        if (top > 0) {
          ctx.globalAlpha = 0.22;
          const tall = Math.round((volume[i] / top) * bbox.height * 0.16);
          ctx.fillRect(left, floor - tall, width, tall);
          ctx.globalAlpha = 1;
        }
        const yh = u.valToPos(high[i], "y", true), yl = u.valToPos(low[i], "y", true);
        const yo = u.valToPos(open[i], "y", true), yc = u.valToPos(close[i], "y", true);
        const stick = Math.max(1, Math.round(devicePixelRatio));
        ctx.fillRect(Math.round(at - stick / 2), Math.round(yh), stick, Math.max(1, Math.round(yl - yh)));
        if (width > 2) ctx.fillRect(left, Math.round(Math.min(yo, yc)), width, Math.max(1, Math.round(Math.abs(yo - yc))));
      }
    }
  }

  _over(u, pane) {
    if (pane.kind !== "price" || !pane.fills) return;
    const { ctx, bbox } = u, fills = pane.fills;
    const from = lowerBound(fills.bar, Math.ceil(this.view.min)), to = lowerBound(fills.bar, Math.floor(this.view.max) + 1);
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    const few = to - from <= 250;
    if (few) this._tripLines(u, pane, ctx);
    const r = (few ? 6 : to - from <= 1500 ? 3.5 : 2) * devicePixelRatio;
    for (let i = from; i < to; i++) {
      const x = u.valToPos(fills.bar[i], "x", true), buy = fills.size[i] > 0;
      const y = u.valToPos(fills.price[i], "y", true);
      ctx.fillStyle = css(buy ? "--buy" : "--sell");
      ctx.strokeStyle = css("--panel");
      ctx.beginPath();
      const d = buy ? 1 : -1;
      ctx.moveTo(x, y);
      ctx.lineTo(x - r * 0.85, y + d * r * 1.5);
      ctx.lineTo(x + r * 0.85, y + d * r * 1.5);
      ctx.closePath();
      ctx.fill();
      if (few) ctx.stroke();
    }
    if (pane.picked) this._mark(u, pane.picked, ctx);
    ctx.restore();
  }

  _tripLines(u, pane, ctx) {
    ctx.lineWidth = 1.2 * devicePixelRatio;
    ctx.setLineDash([3 * devicePixelRatio, 3 * devicePixelRatio]);
    for (const trip of pane.trips || []) {
      if (trip.exit === null || trip.to < this.view.min || trip.from > this.view.max) continue;
      ctx.strokeStyle = css(trip.net >= 0 ? "--buy" : "--sell");
      ctx.beginPath();
      ctx.moveTo(u.valToPos(trip.from, "x", true), u.valToPos(trip.entry, "y", true));
      ctx.lineTo(u.valToPos(trip.to, "x", true), u.valToPos(trip.exit, "y", true));
      ctx.stroke();
    }
    ctx.setLineDash([]);
  }

  _mark(u, trip, ctx) {
    const left = u.valToPos(trip.from - 0.5, "x", true), right = u.valToPos(trip.to + 0.5, "x", true);
    ctx.globalAlpha = 0.12;
    ctx.fillStyle = css("--accent");
    ctx.fillRect(left, u.bbox.top, Math.max(right - left, 2), u.bbox.height);
    ctx.globalAlpha = 1;
  }

  // -- hands ----------------------------------------------------------------------------------------
  _hover(u, pane) {
    const at = u.cursor.left >= 0 ? Math.round(u.posToVal(u.cursor.left, "x")) : null;
    if (this._moving) return;
    this._moving = true;
    const bar = at === null || at < 0 || at >= this.bars ? null : at;
    for (const other of this.panes)
      if (other !== pane) other.plot.setCursor({ left: bar === null ? -10 : u.cursor.left, top: 0 }, false);
    this._moving = false;
    this.hovered = bar;
    for (const each of this.panes) this._title(each, bar);
    if (this.onHover) this.onHover(bar, u, pane);
  }

  _title(pane, bar) {
    const at = bar === null ? this.bars - 1 : bar, parts = [];
    if (pane.kind === "price") {
      const b = pane.bars, w = WORDS[page.language];
      const o = b.open.levels[0][at], c = b.close.levels[0][at];
      parts.push(`<b>${escapeHtml(pane.title)}</b><span class="when">${moment(this.time[at], this.intraday)}</span>`);
      for (const [k, v] of [["open", o], ["high", b.high.levels[0][at]], ["low", b.low.levels[0][at]], ["close", c]])
        parts.push(`<span><i>${w[k]}</i> <em class="${c >= o ? "up" : "down"}">${exact(v)}</em></span>`);
      if (b.volume.levels[0][at] > 0) parts.push(`<span><i>${w.volume}</i> ${short(b.volume.levels[0][at])}</span>`);
    } else parts.push(`<b>${escapeHtml(pane.title)}</b>`);
    for (const s of pane.series)
      parts.push(`<span style="color:${s.color}">${escapeHtml(s.name === pane.title ? "" : s.name)} ${exact(s.levels.levels[0][at])}${pane.percent ? "%" : ""}</span>`);
    pane.title_html = parts.join(" ");
    pane.title.innerHTML = pane.title_html;
  }

  get titles() {
    return this.panes.map((pane) => pane.title);
  }

  _listen() {
    const over = () => this.panes[0].plot.over;
    const at = (x) => this.view.min + ((x - over().getBoundingClientRect().left) / over().clientWidth) * (this.view.max - this.view.min);
    this.host.addEventListener("wheel", (event) => {
      event.preventDefault();
      const span = this.view.max - this.view.min;
      if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        const by = (event.deltaX / over().clientWidth) * span;
        this.show(this.view.min + by, this.view.max + by);
        return;
      }
      const centre = at(event.clientX), factor = Math.exp(Math.sign(event.deltaY) * Math.min(Math.abs(event.deltaY), 120) / 400);
      this.show(centre - (centre - this.view.min) * factor, centre + (this.view.max - centre) * factor);
    }, { passive: false });
    this.host.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      this._grab = { x: event.clientX, view: { ...this.view } };
      this.host.setPointerCapture(event.pointerId);
      this.host.focus({ preventScroll: true });
    });
    this.host.addEventListener("pointermove", (event) => {
      if (!this._grab) return;
      const by = ((this._grab.x - event.clientX) / over().clientWidth) * (this._grab.view.max - this._grab.view.min);
      this.show(this._grab.view.min + by, this._grab.view.max + by);
    });
    for (const name of ["pointerup", "pointercancel"]) this.host.addEventListener(name, () => (this._grab = null));
    this.host.addEventListener("dblclick", () => this.show(-0.5, this.bars - 0.5));
    this.host.tabIndex = 0;
    this.host.addEventListener("keydown", (event) => {
      const span = this.view.max - this.view.min, centre = (this.view.max + this.view.min) / 2;
      const step = { ArrowLeft: -0.1, ArrowRight: 0.1, PageUp: -0.9, PageDown: 0.9 }[event.key];
      const zoom = { "+": 0.7, "=": 0.7, "-": 1.4 }[event.key];
      if (step) this.show(this.view.min + step * span, this.view.max + step * span);
      else if (zoom) this.show(centre - (span / 2) * zoom, centre + (span / 2) * zoom);
      else if (event.key === "Home") this.show(-0.5, this.bars - 0.5);
      else return;
      event.preventDefault();
    });
  }
}

function exact(value) {
  return value === undefined || value === null || Number.isNaN(value) ? "–" : value.toLocaleString("en", { maximumFractionDigits: 6 });
}

function escapeHtml(text) {
  return String(text).replace(/[&<>"']/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" })[c]);
}
