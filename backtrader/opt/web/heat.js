// Two parameters and what came of them: the places of a map, from above.
class Axis {
  constructor(runs, param, most = 40) {
    const { values, texts } = runs.levels(param);
    this.param = param;
    this.name = param.name;
    if (!param.labels && values.length > most) {
      const low = values[0],
        high = values[values.length - 1],
        log = low > 0 && high / low > 100;
      this.count = 24;
      this.edges = Array.from({ length: this.count + 1 }, (_, i) => (log ? low * (high / low) ** (i / this.count) : low + ((high - low) * i) / this.count));
      this.place = (v) => {
        const part = log ? Math.log(v / low) / Math.log(high / low) : (v - low) / (high - low);
        return Math.min(this.count - 1, Math.max(0, Math.floor(part * this.count)));
      };
      this.texts = this.edges.slice(0, -1).map((from, i) => `${sig(from, 3)}–${sig(this.edges[i + 1], 3)}`);
      this.shorts = this.edges.slice(0, -1).map((from, i) => sig((from + this.edges[i + 1]) / 2, 3));
    } else {
      const places = new Map(values.map((v, i) => [v, i]));
      this.count = values.length;
      this.place = (v) => places.get(v);
      this.texts = this.shorts = texts;
    }
  }
}

// For each pair of values the mean, best or worst of the runs that have it, and how many there are.
function cellsOf(runs, x, y, key, how) {
  const values = runs.column(key),
    up = runs.maximized(key),
    count = x.count * y.count;
  const sums = new Float64Array(count).fill(NaN),
    counts = new Uint32Array(count),
    rows = new Int32Array(count).fill(-1);
  const px = x.param.data,
    py = y.param.data;
  for (const i of runs.good) {
    const value = values[i];
    if (px[i] !== px[i] || py[i] !== py[i] || value !== value) continue;
    const at = y.place(py[i]) * x.count + x.place(px[i]);
    const better = rows[at] < 0 || (up ? value > values[rows[at]] : value < values[rows[at]]);
    if (how === "mean") sums[at] = counts[at] ? sums[at] + value : value;
    else if (!counts[at] || better === (how === "best")) sums[at] = value;
    if (better) rows[at] = i;
    counts[at]++;
  }
  if (how === "mean") for (let at = 0; at < count; at++) if (counts[at]) sums[at] /= counts[at];
  return { values: sums, counts, rows, up };
}

function drawHeat(plot, map) {
  const { box, ctx } = plot,
    { x, y, cells, shade } = map;
  const wide = box.width / x.count,
    tall = box.height / y.count,
    gap = Math.min(wide, tall) > 7 ? 1 : 0;
  ctx.fillStyle = inks.grid;
  ctx.fillRect(box.left, box.top, box.width, box.height);
  const withText = wide > 40 && tall > 17;
  map.room = { wide, tall };
  for (let j = 0; j < y.count; j++)
    for (let i = 0; i < x.count; i++) {
      const value = cells.values[j * x.count + i];
      if (value !== value) continue;
      const left = box.left + i * wide,
        top = box.bottom - (j + 1) * tall,
        part = shade.part(value);
      ctx.fillStyle = rampColor(part);
      ctx.fillRect(left, top, wide - gap, tall - gap);
      if (withText) {
        ctx.textAlign = "center";
        ctx.textBaseline = "middle";
        ctx.fillStyle = rampIsLight(part) ? "#14202b" : "#ffffff";
        ctx.fillText(sig(value, 3), left + wide / 2, top + tall / 2);
      }
    }
  const best = map.best;
  if (best >= 0) {
    ctx.strokeStyle = inks.ink;
    ctx.lineWidth = 2;
    ctx.strokeRect(box.left + (best % x.count) * wide, box.bottom - (Math.floor(best / x.count) + 1) * tall, wide - gap, tall - gap);
  }
  plot.along(x.shorts.map((words, i) => [box.left + (i + 0.5) * wide, plot.fit(words, 90)]));
  plot.text(plot.fit(x.name, box.width), (box.left + box.right) / 2, plot.tall - 7, { align: "center" });
  let end = Infinity;
  y.shorts.forEach((words, j) => {
    const at = box.bottom - (j + 0.5) * tall;
    if (at > end - 14) return;
    plot.text(plot.fit(words, box.left - 26), box.left - 7, at, { align: "right", color: inks.faint });
    end = at;
  });
  plot.text(plot.fit(y.name, box.height), 11, (box.top + box.bottom) / 2, { align: "center", turn: -Math.PI / 2 });
}

function hoverHeat(plot, map, px, py) {
  const { box } = plot,
    { x, y, cells } = map;
  const i = Math.floor(((px - box.left) / box.width) * x.count),
    j = Math.floor(((box.bottom - py) / box.height) * y.count);
  if (i < 0 || j < 0 || i >= x.count || j >= y.count) return null;
  const at = j * x.count + i,
    { wide, tall } = map.room;
  const text = cells.counts[at]
    ? [`${columnTitle(map.key)} ${sig(cells.values[at])}`, `${x.name}  ${x.texts[i]}`, `${y.name}  ${y.texts[j]}`, t(cells.counts[at] === 1 ? "oneRun" : "runsOf", { n: fixed(cells.counts[at], 0) })]
    : [t("notTried"), `${x.name}  ${x.texts[i]}`, `${y.name}  ${y.texts[j]}`];
  const left = box.left + i * wide,
    top = box.bottom - (j + 1) * tall;
  return {
    text,
    x: left + wide,
    y: top + tall / 2,
    row: cells.rows[at],
    mark: (ctx) => {
      ctx.strokeStyle = inks.accent;
      ctx.lineWidth = 2;
      ctx.strokeRect(left, top, wide, tall);
    },
  };
}
