// The card with the map of two parameters; of a single one, what came of each of its values.
class Maps {
  constructor(host, onPick) {
    Object.assign(this, { host, onPick, relief: new Relief() });
    this.relief.on = () => chosen.view === "surface";
    this.bar = el("div", { class: "chart-bar" });
    this.room = el("div", { class: "map-room" });
    this.note = el("div", { class: "under" });
    host.replaceChildren(this.bar, this.room, this.note);
    this.plot = null;
    this.build();
  }

  build() {
    const { runs } = page,
      params = runs ? byImportance(runs) : [];
    if (!params.length) return void (this.clear(), this.room.replaceChildren(empty(t("nothingVaried"))));
    if (!runs.good.length) return void (this.clear(), this.room.replaceChildren(empty(t("noGood"))));
    const names = params.map((p) => [p.name, p.name]);
    const again = () => this.update();
    const parts = [choice(t("across"), "mapX", names, again)];
    if (params.length > 1) {
      if (chosen.mapY === undefined || !runs.param(chosen.mapY)) chosen.mapY = names.find(([name]) => name !== chosen.mapX)[0];
      parts.push(choice(t("up"), "mapY", names, again), choice(t("painted"), "mapKey", measures(runs), again));
      parts.push(choice(t("ofSeveral"), "how", [["mean", t("mean")], ["best", t("bestOf")], ["worst", t("worstOf")]], again)); // prettier-ignore
      parts.push(toggle("view", [["map", t("map")], ["surface", t("surface")]], again)); // prettier-ignore
    } else parts.push(choice(t("painted"), "mapKey", measures(runs), again));
    this.bar.replaceChildren(...parts);
    if (!this.plot) {
      this.plot = new Plot(this.room, {
        height: (width) => Math.max(300, Math.min(560, width * 0.5)),
        margin: { left: 78, right: 12, top: 8, bottom: 36 },
        label: t("map"),
        draw: (plot) => this.draw(plot),
        hover: (x, y) => this.hover(x, y),
        click: (found) => found.row >= 0 && !this.turned && this.onPick(found.row),
      });
      this.relief.listen(this.plot);
    }
    this.update();
  }

  clear() {
    if (this.plot) this.plot.destroy();
    this.plot = null;
    this.bar.replaceChildren();
    this.note.replaceChildren();
  }

  update() {
    const { runs } = page;
    if (!this.plot) return;
    const x = runs.param(chosen.mapX),
      y = chosen.mapY && runs.param(chosen.mapY),
      key = chosen.mapKey;
    this.single = runs.varied.length < 2 || !y || x === y;
    if (this.single) return this.updateSingle(x, key);
    const map = { x: new Axis(runs, x), y: new Axis(runs, y), key };
    map.cells = cellsOf(runs, map.x, map.y, key, chosen.how);
    map.shade = new Shade(map.cells.values, map.cells.up, true);
    const span = map.shade.high - map.shade.low;
    map.relative = (v) => (span > 0 ? Math.max(0, Math.min(1, (v - map.shade.low) / span)) : 0.5);
    map.best = -1;
    map.cells.values.forEach((v, at) => {
      if (v === v && (map.best < 0 || (map.cells.up ? v > map.cells.values[map.best] : v < map.cells.values[map.best]))) map.best = at;
    });
    this.map = map;
    const tried = map.cells.counts.reduce((n, c) => n + (c > 0), 0);
    this.note.replaceChildren(
      map.shade.legend(columnTitle(key)),
      el("p", { class: "hint" }, t(chosen.view === "surface" ? "turnHint" : "mapHint", { n: fixed(tried, 0), m: fixed(map.cells.counts.length, 0) })),
    );
    this.plot.paint();
  }

  updateSingle(x, key) {
    const { runs } = page,
      values = runs.column(key);
    const axis = new Axis(runs, x, 60),
      sums = new Float64Array(axis.count),
      counts = new Uint32Array(axis.count);
    for (const i of runs.good)
      if (x.data[i] === x.data[i] && Number.isFinite(values[i])) {
        const place = axis.place(x.data[i]);
        sums[place] += values[i];
        counts[place]++;
      }
    this.map = { x: axis, key, means: sums.map((sum, k) => (counts[k] ? sum / counts[k] : NaN)) };
    this.note.replaceChildren(el("p", { class: "hint" }, t("singleHint")));
    this.plot.paint();
  }

  draw(plot) {
    if (!this.map) return;
    if (this.single) this.drawSingle(plot);
    else if (chosen.view === "surface") this.relief.draw(plot, this.map);
    else drawHeat(plot, this.map);
  }

  hover(x, y) {
    if (!this.map) return null;
    if (this.single) {
      const near = this.near && this.near.find(x, y);
      return near && { text: runTip(page.runs, near[2]), x: near[0], y: near[1], row: near[2] };
    }
    return chosen.view === "surface" ? this.relief.hover(this.map, x, y) : hoverHeat(this.plot, this.map, x, y);
  }

  drawSingle(plot) {
    const { runs } = page,
      { box } = plot,
      { x: axis, key, means } = this.map,
      values = runs.column(key);
    const room = range(values);
    if (!room) return;
    const y = new Scale(room, box.bottom, box.top, { pad: 0.06 }),
      shade = new Shade(values, runs.maximized(key));
    plot.axisY(y, columnTitle(key));
    const wide = box.width / axis.count,
      points = [];
    for (const i of runs.sample(runs.good, 4000)) {
      const v = axis.param.data[i];
      if (v !== v || !Number.isFinite(values[i])) continue;
      const point = [box.left + (axis.place(v) + 0.5) * wide, y.at(values[i]), i];
      plot.dot(point[0], point[1], 3, shade.color(values[i], 0.85));
      points.push(point);
    }
    plot.line(Array.from(means, (v, k) => [box.left + (k + 0.5) * wide, y.at(v)]).filter(([, v]) => v === v), inks.accent, 2); // prettier-ignore
    plot.rule(box.left, box.bottom, box.right, box.bottom, inks.line);
    plot.along(axis.shorts.map((words, i) => [box.left + (i + 0.5) * wide, plot.fit(words, 90)]));
    plot.text(axis.name, (box.left + box.right) / 2, plot.tall - 7, { align: "center" });
    this.near = new Near(points);
  }
}
