// The runs of a search as columns; rows may be added while a study goes on.
const STATES = ["complete", "pruned", "failed", "timeout", "lost"];

async function readColumn(column) {
  const data = column.digits === -2 ? await readFloats(column) : await decode(column);
  if (column.gaps || column.plus || column.minus)
    for (const [name, endless] of [
      ["plus", Infinity],
      ["minus", -Infinity],
    ])
      if (column[name]) for (const place of await decode(column[name])) data[place] = endless;
  return data;
}

// 32-bit floats, bytes of the same rank together.
async function readFloats(column) {
  const raw = await inflate(take(`column-${column.data}`)),
    count = raw.length / 4,
    plain = new Uint8Array(raw.length);
  for (let rank = 0; rank < 4; rank++) for (let i = 0, from = rank * count; i < count; i++) plain[i * 4 + rank] = raw[from + i];
  return spread(column, Float64Array.from(new Float32Array(plain.buffer)));
}

class Runs {
  static async read(doc) {
    const runs = new Runs();
    runs.n = doc.n;
    runs.stages = doc.stages;
    for (const name of ["number", "state", "valid", "score", "seconds", "started"]) runs[name] = await readColumn(doc[name]);
    runs.stage = doc.stage ? await readColumn(doc.stage) : null;
    runs.scores = await Promise.all(doc.scores.map(readColumn));
    runs.params = await Promise.all(doc.params.map(async ({ column, ...rest }) => ({ ...rest, data: await readColumn(column) })));
    runs.metrics = await Promise.all(doc.metrics.map(async ({ column, ...rest }) => ({ ...rest, data: await readColumn(column) })));
    runs.changed();
    return runs;
  }

  changed() {
    const good = [];
    for (let i = 0; i < this.n; i++) if (this.isGood(i)) good.push(i);
    this.good = Uint32Array.from(good);
    this.cache = new Map();
  }

  // Ran to the end, keeps to the constraints, has a score.
  isGood(i) {
    return this.state[i] === 0 && this.valid[i] === 1 && this.score[i] === this.score[i];
  }

  get varied() {
    return this.remember("varied", () =>
      this.params.filter(({ data }) => {
        let first;
        for (const value of data)
          if (value === value) {
            if (first === undefined) first = value;
            else if (value !== first) return true;
          }
        return false;
      }),
    );
  }

  remember(key, work) {
    if (!this.cache.has(key)) this.cache.set(key, work());
    return this.cache.get(key);
  }

  param(name) {
    return this.params.find((p) => p.name === name);
  }

  // "score", "score:1", "metric:sqn", "param:fast", "seconds", "number": what axes and colours are chosen from.
  column(key) {
    const [kind, rest] = key.split(/:(.*)/s);
    if (kind === "score") return rest ? this.scores[Number(rest)] : this.score;
    if (kind === "metric") return (this.metrics.find((m) => m.key === rest) || { data: new Float64Array(this.n).fill(NaN) }).data;
    if (kind === "param") return this.param(rest).data;
    return this[kind];
  }

  // Whether more of it is better.
  maximized(key) {
    const [kind, rest] = key.split(/:(.*)/s);
    if (kind === "score") return page.objectives[Number(rest || 0)]?.maximize ?? true;
    const metric = kind === "metric" && this.metrics.find((m) => m.key === rest);
    return metric ? metric.better !== "low" : true;
  }

  // What the values of a parameter are, in order, and which one each run has.
  levels(param) {
    return this.remember(`levels:${param.name}`, () => {
      if (param.labels) return { values: param.labels.map((_, i) => i), texts: param.labels };
      const values = [...new Set(param.data)].filter((v) => v === v).sort((a, b) => a - b);
      return { values, texts: values.map((v) => sig(v, 6)) };
    });
  }

  // The row of the best run, by the first objective.
  get best() {
    return this.remember("best", () => {
      const up = this.maximized("score");
      let best = -1;
      for (const i of this.good) if (best < 0 || (up ? this.score[i] > this.score[best] : this.score[i] < this.score[best])) best = i;
      return best;
    });
  }

  // Good rows, best first.
  get ranked() {
    return this.remember("ranked", () => {
      const sign = this.maximized("score") ? -1 : 1;
      return Uint32Array.from([...this.good].sort((a, b) => sign * inOrder(this.score[a], this.score[b]) || a - b));
    });
  }

  // Rows to draw: all, or the best and some of the rest, the same ones each time.
  sample(rows, most) {
    if (rows.length <= most) return rows;
    const chosen = new Set(),
      allowed = rows === this.good ? null : new Set(rows);
    for (const i of this.ranked) {
      if (chosen.size >= most / 40) break;
      if (!allowed || allowed.has(i)) chosen.add(i);
    }
    const step = rows.length / (most - chosen.size);
    for (let at = 0; at < rows.length; at += step) chosen.add(rows[Math.floor(at)]);
    return Uint32Array.from([...chosen].sort((a, b) => a - b));
  }

  paramText(param, i) {
    const value = param.data[i];
    if (value !== value || value === undefined) return "–";
    return param.labels ? param.labels[value] : sig(value, 6);
  }

  words(i) {
    return this.params
      .filter((p) => p.data[i] === p.data[i])
      .map((p) => `${p.name} ${this.paramText(p, i)}`)
      .join(", ");
  }

  // Runs that ended meanwhile; a parameter or choice that was not there before gets its place.
  append(rows) {
    const old = this.n,
      n = old + rows.length;
    const grown = (data, value) => {
      const out = new Float64Array(n);
      out.set(data);
      rows.forEach((row, k) => (out[old + k] = number(value(row))));
      return out;
    };
    for (const name of ["number", "state", "valid", "score", "seconds", "started"]) this[name] = grown(this[name], (row) => row[name]);
    this.scores = this.scores.map((data, place) => grown(data, (row) => row.scores[place]));
    for (const row of rows)
      for (const [name, value] of Object.entries(row.params)) {
        if (!this.param(name))
          this.params.push({ name, data: new Float64Array(old).fill(NaN), labels: typeof value === "string" ? [] : undefined });
        const { labels } = this.param(name);
        if (labels && !labels.includes(String(value))) labels.push(String(value));
      }
    for (const param of this.params)
      param.data = grown(param.data, (row) => {
        const value = row.params[param.name];
        return value === undefined || !param.labels ? value : param.labels.indexOf(String(value));
      });
    this.metrics.forEach((metric, place) => (metric.data = grown(metric.data, (row) => row.metrics[place])));
    const stages = rows.map((row) => row.stage);
    if (stages.some((stage) => !this.stages.includes(stage))) for (const stage of stages) if (!this.stages.includes(stage)) this.stages.push(stage);
    if (this.stages.length > 1) this.stage = grown(this.stage || new Float64Array(old), (row) => this.stages.indexOf(row.stage));
    this.n = n;
    this.changed();
  }
}

const number = (value) => (value === null || value === undefined ? NaN : value === "inf" ? Infinity : value === "-inf" ? -Infinity : Number(value));
const inOrder = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
