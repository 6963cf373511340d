// Drawing on the canvases of uPlot: candles, volume, bars, levels, areas. Colours come from the style sheet.
const INKS = ["ink", "muted", "faint", "grid", "panel", "up", "down", "buy", "sell", "accent", "area", "loss"];
const inks = {};
function readInks() {
  const style = getComputedStyle(document.documentElement);
  for (const name of INKS) inks[name] = style.getPropertyValue(`--${name}`).trim();
}
const ink = (color) => (color === "ink" ? inks.ink : color);
const CANVAS_FONT =
  '11px Inter, system-ui, -apple-system, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif';

// Run `draw` with what is outside the pane cut off.
function within(u, draw) {
  const { ctx, bbox } = u;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  draw(ctx, bbox);
  ctx.restore();
}

function drawLevels(u, levels, ctx, bbox) {
  const dpr = devicePixelRatio;
  ctx.strokeStyle = inks.faint;
  ctx.lineWidth = dpr;
  ctx.setLineDash([4 * dpr, 4 * dpr]);
  for (const level of levels) {
    const y = Math.round(u.valToPos(level, "y", true)) + 0.5;
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
  }
  ctx.setLineDash([]);
}

// `shown`: columns of buckets {x, open, high, low, close, volume}, each `size` bars wide.
function drawCandles(u, shown, ctx) {
  const { x, open, high, low, close, size } = shown,
    dpr = devicePixelRatio;
  const step = u.valToPos(size, "x", true) - u.valToPos(0, "x", true);
  const width = Math.max(1, Math.min(Math.round(step * 0.68), 24 * dpr)),
    stick = Math.max(1, Math.round(Math.min(dpr, width)));
  for (const rising of [0, 1]) {
    ctx.fillStyle = rising ? inks.up : inks.down;
    for (let i = 0; i < x.length; i++) {
      if ((close[i] >= open[i] ? 1 : 0) !== rising || close[i] !== close[i]) continue;
      const left = Math.round(u.valToPos(x[i], "x", true) - width / 2),
        middle = left + Math.floor((width - stick) / 2);
      const top = u.valToPos(high[i], "y", true),
        bottom = u.valToPos(low[i], "y", true);
      ctx.fillRect(middle, Math.round(top), stick, Math.max(1, Math.round(bottom - top)));
      if (width <= 2) continue;
      const a = u.valToPos(Math.max(open[i], close[i]), "y", true),
        b = u.valToPos(Math.min(open[i], close[i]), "y", true);
      ctx.fillRect(left, Math.round(a), width, Math.max(dpr, Math.round(b - a)));
    }
  }
}

function drawVolume(u, shown, ctx, bbox, lift) {
  const { x, open, close, volume, size } = shown;
  let top = 0;
  for (const v of volume) if (v > top) top = v;
  if (!top) return;
  const step = u.valToPos(size, "x", true) - u.valToPos(0, "x", true),
    floor = bbox.top + bbox.height - lift;
  const width = Math.max(1, Math.min(Math.round(step * 0.68), 24 * devicePixelRatio));
  ctx.globalAlpha = 0.28;
  for (let i = 0; i < x.length; i++) {
    if (!(volume[i] > 0)) continue;
    const tall = Math.max(1, Math.round((volume[i] / top) * bbox.height * 0.15));
    ctx.fillStyle = close[i] >= open[i] ? inks.up : inks.down;
    ctx.fillRect(Math.round(u.valToPos(x[i], "x", true) - width / 2), floor - tall, width, tall);
  }
  ctx.globalAlpha = 1;
}

function drawBars(u, bars, ctx) {
  const step = u.valToPos(bars.size, "x", true) - u.valToPos(0, "x", true),
    zero = u.valToPos(0, "y", true);
  const width = Math.max(1, Math.min(Math.round(step * 0.68), 24 * devicePixelRatio));
  ctx.fillStyle = ink(bars.color);
  ctx.globalAlpha = 0.55;
  for (let i = 0; i < bars.x.length; i++) {
    if (bars.values[i] !== bars.values[i]) continue;
    const y = u.valToPos(bars.values[i], "y", true),
      tall = Math.max(1, Math.round(Math.abs(zero - y)));
    ctx.fillRect(Math.round(u.valToPos(bars.x[i], "x", true) - width / 2), Math.round(Math.min(y, zero)), width, tall);
  }
  ctx.globalAlpha = 1;
}

// The area between two columns of points, where the first is above, below, or anywhere.
function drawBetween(u, x, one, other, where, color, ctx) {
  const xs = x.map((v) => u.valToPos(v, "x", true));
  const sign = where === "below" ? -1 : 1;
  ctx.fillStyle = color;
  ctx.globalAlpha = 0.16;
  for (let i = 0; i + 1 < xs.length; i++) {
    let [a, b, c, d] = [one[i], one[i + 1], other[i], other[i + 1]];
    if ([a, b, c, d].some((v) => v === null || v === undefined)) continue;
    if (where !== "both" && sign * (a - c) < 0 && sign * (b - d) < 0) continue;
    if (where !== "both") ((a = sign * (a - c) < 0 ? c : a), (b = sign * (b - d) < 0 ? d : b));
    ctx.beginPath();
    ctx.moveTo(xs[i], u.valToPos(a, "y", true));
    ctx.lineTo(xs[i + 1], u.valToPos(b, "y", true));
    ctx.lineTo(xs[i + 1], u.valToPos(d, "y", true));
    ctx.lineTo(xs[i], u.valToPos(c, "y", true));
    ctx.fill();
  }
  ctx.globalAlpha = 1;
}
