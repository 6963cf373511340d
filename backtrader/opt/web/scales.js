// Scales, ticks and colours.
const INKS = ["ink", "muted", "faint", "line", "grid", "panel", "page", "up", "down", "accent", "soft", "area", "loss"];
const inks = {};
function readInks() {
  const style = getComputedStyle(document.documentElement);
  for (const name of INKS) inks[name] = style.getPropertyValue(`--${name}`).trim();
}
const FONT =
  '11px Inter, system-ui, -apple-system, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif';

// From bad to good: readable without telling red from green, on white and on black.
const STOPS = [
  [68, 1, 84], [71, 45, 123], [59, 82, 139], [44, 114, 142], [33, 145, 140], [40, 174, 128], [94, 201, 98], [173, 220, 48], [253, 231, 37],
]; // prettier-ignore
const RAMP = Array.from({ length: 256 }, (_, i) => {
  const at = (i / 255) * (STOPS.length - 1),
    low = Math.min(Math.floor(at), STOPS.length - 2);
  return STOPS[low].map((c, k) => Math.round(c + (STOPS[low + 1][k] - c) * (at - low)));
});
const rampColor = (part, alpha = 1) => {
  const [r, g, b] = RAMP[Math.max(0, Math.min(255, Math.round(part * 255)))];
  return `rgba(${r},${g},${b},${alpha})`;
};
const rampIsLight = (part) => part > 0.62;

// Where a value is between bad (0) and good (1). Few values far off do not take the colours of all others.
class Shade {
  constructor(values, up, whole = false) {
    const known = Array.from(values).filter(Number.isFinite);
    known.sort((a, b) => a - b);
    const at = (part) => known[Math.round(part * (known.length - 1))];
    this.low = known.length ? at(whole || known.length < 40 ? 0 : 0.02) : 0;
    this.high = known.length ? at(whole || known.length < 40 ? 1 : 0.98) : 1;
    this.up = up;
  }

  part(value) {
    const span = this.high - this.low;
    const part = span > 0 ? Math.max(0, Math.min(1, (value - this.low) / span)) : 0.5;
    return this.up ? part : 1 - part;
  }

  color(value, alpha) {
    return rampColor(this.part(value), alpha);
  }

  // The bar that says which colour is what.
  legend(label) {
    const stops = [0, 0.25, 0.5, 0.75, 1].map((p) => rampColor(this.up ? p : 1 - p)).join(",");
    const bar = el("i", { class: "ramp" });
    bar.style.background = `linear-gradient(to right, ${stops})`;
    return el("div", { class: "ramp-legend" }, el("span", {}, label), el("b", {}, sig(this.low, 3)), bar, el("b", {}, sig(this.high, 3)));
  }
}

function range(values) {
  let low = Infinity,
    high = -Infinity;
  for (const v of values)
    if (Number.isFinite(v)) {
      if (v < low) low = v;
      if (v > high) high = v;
    }
  return low <= high ? [low, high] : null;
}

// A line of numbers along pixels; with `log`, equal ratios take equal room.
class Scale {
  constructor([low, high], from, to, { log = false, pad = 0 } = {}) {
    this.log = log && low > 0;
    if (!(high > low)) {
      const room = Math.abs(low) * 0.1 || 1;
      [low, high] = this.log ? [low / 1.1, high * 1.1] : [low - room, high + room];
    }
    this.a = this.into(low);
    this.b = this.into(high);
    const room = (this.b - this.a) * pad;
    this.a -= room;
    this.b += room;
    Object.assign(this, { from, to });
  }
  into(v) {
    return this.log ? Math.log10(v) : v;
  }
  at(v) {
    return this.from + ((this.into(v) - this.a) / (this.b - this.a)) * (this.to - this.from);
  }
  back(pixel) {
    const v = this.a + ((pixel - this.from) / (this.to - this.from)) * (this.b - this.a);
    return this.log ? 10 ** v : v;
  }
  ticks(count) {
    if (this.log) {
      const found = [];
      for (let e = Math.floor(this.a); e <= Math.ceil(this.b); e++)
        for (const m of this.b - this.a > 3 ? [1] : [1, 2, 5]) found.push(m * 10 ** e);
      return found.filter((v) => this.into(v) >= this.a - 1e-9 && this.into(v) <= this.b + 1e-9);
    }
    const rough = (this.b - this.a) / Math.max(1, count),
      size = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 2.5, 5, 10].map((m) => m * size).find((s) => s >= rough * 0.999) || size * 10;
    const found = [];
    for (let v = Math.ceil(this.a / step - 1e-9) * step; v <= this.b + step * 1e-9; v += step) found.push(Math.abs(v) < step * 1e-9 ? 0 : v);
    return found;
  }
}

// Few characters with so many digits that count.
function sig(value, digits = 4) {
  if (value === null || value === undefined || value !== value) return "–";
  if (value === "inf" || value === Infinity) return "∞";
  if (value === "-inf" || value === -Infinity) return "−∞";
  const size = Math.abs(value);
  if (size && (size < 1e-4 || size >= 1e9)) return value.toExponential(Math.max(0, digits - 2)).replace("-", "−").replace(/\.?0+e/, "e");
  const kept = Number(value.toPrecision(Math.max(digits, size >= 1 ? Math.ceil(Math.log10(size + 1)) : 1)));
  return fixed(kept, 0, 10);
}
