// Two measures against each other, with the runs that no other beats in both.
class Scatter {
  constructor(host, onPick) {
    Object.assign(this, { host, onPick, plot: null });
    this.bar = el("div", { class: "chart-bar" });
    this.room = el("div", {});
    this.note = el("div", { class: "under" });
    host.replaceChildren(this.bar, this.room, this.note);
    this.build();
  }

  build() {
    const { runs } = page;
    if (!runs || !runs.good.length) {
      if (this.plot) this.plot.destroy();
      this.plot = null;
      this.bar.replaceChildren();
      this.note.replaceChildren();
      return void this.room.replaceChildren(empty(t("noGood")));
    }
    const options = measures(runs, true);
    if (chosen.scatterX === undefined) {
      const has = (key) => options.some(([value]) => value === key);
      const wanted = page.objectives.length > 1 ? ["score:0", "score:1"] : ["metric:max_drawdown_pct", "score"];
      [chosen.scatterX, chosen.scatterY] = has(wanted[0]) && has(wanted[1]) ? wanted : [options[Math.min(1, options.length - 1)][0], options[0][0]];
    }
    const again = () => this.update();
    this.bar.replaceChildren(choice(t("across"), "scatterX", options, again), choice(t("up"), "scatterY", options, again));
    if (!this.plot) this.plot = new Plot(this.room, { height: 360, margin: { left: 66, bottom: 38 }, label: t("tradeOff"), draw: (plot) => this.draw(plot), hover: (x, y) => this.hover(x, y), click: (found) => this.onPick(found.row) });
    this.update();
  }

  update() {
    const { runs } = page;
    if (!this.plot) return this.build();
    this.x = runs.column(chosen.scatterX);
    this.y = runs.column(chosen.scatterY);
    const measured = ![chosen.scatterX, chosen.scatterY].some((key) => key.startsWith("param:"));
    this.front = measured && chosen.scatterX !== chosen.scatterY ? this.frontOf(runs) : [];
    const [ux, uy] = [chosen.scatterX, chosen.scatterY].map((key) => t(runs.maximized(key) ? "large" : "small"));
    this.shade = new Shade(Array.from(runs.good, (i) => runs.score[i]), runs.maximized("score")); // prettier-ignore
    this.note.replaceChildren(
      this.shade.legend(columnTitle("score")),
      el("p", { class: "hint" }, this.front.length ? t("frontHint", { n: this.front.length, x: columnTitle(chosen.scatterX), ux, y: columnTitle(chosen.scatterY), uy }) : ""),
    );
    this.plot.paint();
  }

  frontOf(runs) {
    const sx = runs.maximized(chosen.scatterX) ? 1 : -1,
      sy = runs.maximized(chosen.scatterY) ? 1 : -1;
    const rows = Array.from(runs.good).filter((i) => Number.isFinite(this.x[i]) && Number.isFinite(this.y[i]));
    rows.sort((a, b) => sx * (this.x[b] - this.x[a]) || sy * (this.y[b] - this.y[a]));
    const front = [];
    let best = -Infinity;
    for (const i of rows) if (sy * this.y[i] > best) ((best = sy * this.y[i]), front.push(i));
    return front;
  }

  draw(plot) {
    if (!this.x) return;
    const { runs } = page,
      { box } = plot,
      good = runs.sample(runs.good, 8000);
    const rooms = [this.x, this.y].map((data) => range(Array.from(runs.good, (i) => data[i])));
    if (!rooms[0] || !rooms[1]) return void plot.text(t("allEndless"), plot.width / 2, 60, { align: "center" });
    const says = [chosen.scatterX, chosen.scatterY].map((key) => {
      const param = key.startsWith("param:") && runs.param(key.slice(6));
      return param?.labels ? (v) => param.labels[v] ?? "" : short;
    });
    const x = new Scale(rooms[0], box.left, box.right, { pad: 0.04 }),
      y = new Scale(rooms[1], box.bottom, box.top, { pad: 0.06 });
    plot.axisY(y, columnTitle(chosen.scatterY), says[1]);
    plot.axisX(x, columnTitle(chosen.scatterX), says[0]);
    const points = [],
      size = good.length > 3000 ? 1.8 : good.length > 500 ? 2.6 : 3.6;
    for (const i of good) {
      const px = x.at(this.x[i]),
        py = y.at(this.y[i]);
      if (!Number.isFinite(px) || !Number.isFinite(py)) continue;
      plot.dot(px, py, size, this.shade.color(runs.score[i], 0.75));
      points.push([px, py, i]);
    }
    if (this.front.length) {
      const steps = [];
      this.front.forEach((i, k) => {
        const [px, py] = [x.at(this.x[i]), y.at(this.y[i])];
        if (k) steps.push([steps[steps.length - 1][0], py]);
        steps.push([px, py]);
        points.push([px, py, i]);
      });
      plot.line(steps, inks.ink, 1.5);
      if (this.front.length < 200) for (const i of this.front) (plot.dot(x.at(this.x[i]), y.at(this.y[i]), 4.6, inks.ink), plot.dot(x.at(this.x[i]), y.at(this.y[i]), 3, this.shade.color(runs.score[i])));
    }
    this.near = new Near(points);
  }

  hover(px, py) {
    const found = this.near && this.near.find(px, py);
    if (!found) return null;
    const i = found[2];
    const more = [chosen.scatterX, chosen.scatterY].filter((key) => !/^(score|score:0|param:.*)$/.test(key)).map((key) => `${columnTitle(key)}  ${sig(page.runs.column(key)[i])}`);
    return { text: runTip(page.runs, i, more), x: found[0], y: found[1], row: i };
  }
}
