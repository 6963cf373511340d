// Scores in the order of the runs with the best so far, and how scores are spread.
class History {
  constructor(host, onPick) {
    Object.assign(this, { host, onPick, plot: null });
    this.build();
  }

  build() {
    const { runs } = page;
    if (!runs || !runs.good.length) {
      if (this.plot) this.plot.destroy();
      this.plot = null;
      return void this.host.replaceChildren(empty(t("noGood")));
    }
    if (this.plot) return void this.plot.paint();
    this.plot = new Plot(this.host, { height: 250, margin: { left: 60 }, label: t("history"), draw: (plot) => this.draw(plot), hover: (x, y) => this.hover(x, y), click: (found) => this.onPick(found.row) });
  }

  draw(plot) {
    const { runs } = page,
      { box, ctx } = plot,
      up = runs.maximized("score");
    const seen = Array.from(runs.good, (i) => runs.score[i]).filter(Number.isFinite);
    if (!seen.length) return void plot.text(t("allEndless"), plot.width / 2, 60, { align: "center" });
    // a few failures of a strategy must not press all others flat
    seen.sort((a, b) => a - b);
    const at = (part) => seen[Math.round(part * (seen.length - 1))];
    const room = seen.length > 200 ? [up ? at(0.02) : seen[0], up ? seen[seen.length - 1] : at(0.98)] : [seen[0], seen[seen.length - 1]];
    const x = new Scale([0, Math.max(1, range(runs.number)[1])], box.left + 4, box.right - 4),
      y = new Scale(room, box.bottom, box.top, { pad: 0.06 });
    plot.axisY(y, objectiveTitle(page.objectives[0]));
    plot.axisX(x, t("runNumber"));
    const points = [],
      low = box.bottom - 2,
      rows = runs.sample(runs.good, 6000),
      size = rows.length > 2000 ? 1.4 : 2.4;
    ctx.fillStyle = inks.accent;
    ctx.globalAlpha = rows.length > 2000 ? 0.4 : 0.6;
    for (const i of rows) {
      const px = x.at(runs.number[i]),
        py = Math.max(box.top, Math.min(low, y.at(Number.isFinite(runs.score[i]) ? runs.score[i] : runs.score[i] > 0 ? y.b : y.a)));
      ctx.fillRect(px - size, py - size, size * 2, size * 2);
      points.push([px, py, i]);
    }
    ctx.globalAlpha = 1;
    const steps = [];
    let best = null;
    for (const i of runs.good) {
      const s = runs.score[i];
      if (best === null || (up ? s > best : s < best)) {
        if (best !== null) steps.push([x.at(runs.number[i]), y.at(best)]);
        best = s;
        steps.push([x.at(runs.number[i]), y.at(Number.isFinite(s) ? s : s > 0 ? y.b : y.a)]);
      }
    }
    steps.push([box.right, steps[steps.length - 1][1]]);
    plot.line(steps, inks.ink, 1.8);
    this.near = new Near(points);
  }

  hover(px, py) {
    const found = this.near && this.near.find(px, py);
    return found && { text: runTip(page.runs, found[2]), x: found[0], y: found[1], row: found[2] };
  }
}

class ScoreSpread {
  constructor(host) {
    Object.assign(this, { host, plot: null });
    this.build();
  }

  build() {
    const { runs } = page,
      known = runs ? Array.from(runs.good, (i) => runs.score[i]).filter(Number.isFinite).sort((a, b) => a - b) : []; // prettier-ignore
    if (!known.length) {
      if (this.plot) this.plot.destroy();
      this.plot = null;
      return void this.host.replaceChildren(empty(t("noGood")));
    }
    this.known = known;
    const bins = Math.max(8, Math.min(48, Math.round(Math.sqrt(known.length)) * 2)),
      low = known[0],
      wide = (known[known.length - 1] - low) / bins || 1;
    this.counts = new Float64Array(bins);
    for (const v of known) this.counts[Math.min(bins - 1, Math.floor((v - low) / wide))]++;
    Object.assign(this, { low, step: wide });
    if (this.plot) return void this.plot.paint();
    this.plot = new Plot(this.host, { height: 250, margin: { top: 24 }, label: t("scoreSpread"), draw: (plot) => this.draw(plot), hover: (x) => this.hover(x) });
  }

  draw(plot) {
    const { box, ctx } = plot,
      shade = new Shade(this.known, page.runs.maximized("score"));
    const x = new Scale([this.low, this.low + this.step * this.counts.length], box.left, box.right),
      y = new Scale([0, Math.max(...this.counts)], box.bottom, box.top);
    plot.axisY(y, t("runsWord"));
    plot.axisX(x, objectiveTitle(page.objectives[0]));
    this.counts.forEach((count, k) => {
      const left = x.at(this.low + k * this.step),
        right = x.at(this.low + (k + 1) * this.step);
      ctx.fillStyle = shade.color(this.low + (k + 0.5) * this.step);
      ctx.fillRect(left + 0.5, y.at(count), Math.max(1, right - left - 1), box.bottom - y.at(count));
    });
    const median = this.known[this.known.length >> 1];
    plot.line([[x.at(median), box.top - 4], [x.at(median), box.bottom]], inks.ink, 1, [4, 4]); // prettier-ignore
    const near = x.at(median) > box.right - 90;
    plot.text(`${t("median")} ${sig(median, 3)}`, x.at(median) + (near ? -6 : 6), box.top - 11, { color: inks.ink, align: near ? "right" : "left" });
    this.scale = x;
  }

  hover(px) {
    const k = Math.floor((this.scale.back(px) - this.low) / this.step);
    if (!(k >= 0 && k < this.counts.length)) return null;
    return { text: [`${sig(this.low + k * this.step, 3)} – ${sig(this.low + (k + 1) * this.step, 3)}`, t("runsOf", { n: fixed(this.counts[k], 0) })], x: px, y: 60 };
  }
}
