// Parallel coordinates: a line a run through all its parameters. Dragging along an axis keeps a part of it.
class Parallel {
  constructor(host, onKeep) {
    Object.assign(this, { host, onKeep, kept: new Map(), drag: null });
    this.room = el("div", {});
    this.note = el("div", { class: "under" });
    host.replaceChildren(this.room, this.note);
    this.plot = null;
    this.build();
  }

  build() {
    const { runs } = page;
    if (!runs || !runs.good.length || !runs.varied.length) {
      if (this.plot) this.plot.destroy();
      this.plot = null;
      this.note.replaceChildren();
      return void this.room.replaceChildren(empty(t(runs?.good.length ? "nothingVaried" : "noGood")));
    }
    if (!this.plot) {
      this.plot = new Plot(this.room, {
        height: 340,
        margin: { left: 44, right: 44, top: 30, bottom: 24 },
        label: t("parallel"),
        draw: (plot) => this.draw(plot),
        hover: (x, y) => this.hover(x, y),
      });
      this.listen();
    }
    this.update();
  }

  update() {
    const { runs } = page;
    if (!this.plot) return this.build();
    const scores = page.objectives.length > 1 ? page.objectives.map((_, k) => `score:${k}`) : ["score"];
    const params = byImportance(runs).slice(0, 12);
    this.axes = [...params.map((p) => this.axisOf(p)), ...scores.map((key) => ({ key, title: columnTitle(key), data: runs.column(key), room: range(runs.good.length ? Array.from(runs.good, (i) => runs.column(key)[i]) : []) }))];
    this.axes = this.axes.filter((axis) => axis.room);
    for (const key of this.kept.keys()) if (!this.axes.some((axis) => axis.key === key)) this.kept.delete(key);
    this.shade = new Shade(Array.from(runs.good, (i) => runs.score[i]), runs.maximized("score")); // prettier-ignore
    this.choose();
    this.plot.paint();
  }

  axisOf(param) {
    const { runs } = page,
      room = param.labels ? [0, param.labels.length - 1] : range(param.data);
    const { values } = runs.levels(param);
    return { key: `param:${param.name}`, title: param.name, data: param.data, room, labels: param.labels, log: !param.labels && room[0] > 0 && room[1] / room[0] > 100 && values.length > 3 };
  }

  keeps(i) {
    for (const [key, [low, high]] of this.kept) {
      const value = this.axes.find((axis) => axis.key === key).data[i];
      if (!(value >= low && value <= high)) return false;
    }
    return true;
  }

  choose() {
    const { runs } = page,
      some = this.kept.size ? runs.good.filter((i) => this.keeps(i)) : runs.good;
    this.count = some.length;
    this.front = runs.sample(some, 2000);
    this.back = this.kept.size ? runs.sample(runs.good, 700) : [];
    const parts = [this.shade.legend(columnTitle("score"))];
    const hint = this.kept.size ? t("keptHint", { n: fixed(this.count, 0), m: fixed(runs.good.length, 0) }) : t("parallelHint");
    parts.push(el("p", { class: "hint" }, hint, this.front.length < this.count ? ` ${t("sampled", { n: fixed(this.front.length, 0), m: fixed(this.count, 0) })}` : ""));
    if (this.kept.size) parts.push(el("button", { type: "button", class: "quiet", "data-do": "release", onclick: () => this.release() }, t("release")));
    this.note.replaceChildren(...parts);
  }

  release() {
    this.kept.clear();
    this.changed();
  }

  changed() {
    this.choose();
    this.plot.paint();
    this.onKeep(this.kept.size ? (i) => page.runs.isGood(i) && this.keeps(i) : null);
  }

  draw(plot) {
    if (!this.axes) return;
    const { box, ctx } = plot,
      last = Math.max(1, this.axes.length - 1);
    this.axes.forEach((axis, k) => {
      axis.x = box.left + (this.axes.length > 1 ? (k / last) * box.width : box.width / 2);
      axis.scale = new Scale(axis.room, box.bottom, box.top, { log: axis.log, pad: 0.02 });
    });
    const trace = (i) => {
      ctx.beginPath();
      let down = false;
      for (const axis of this.axes) {
        const v = axis.data[i];
        if (!Number.isFinite(v)) down = false;
        else if (down) ctx.lineTo(axis.x, axis.scale.at(v));
        else (ctx.moveTo(axis.x, axis.scale.at(v)), (down = true));
      }
      ctx.stroke();
    };
    ctx.lineWidth = 1;
    ctx.strokeStyle = inks.line;
    for (const i of this.back) trace(i);
    // the best are drawn last
    const sorted = Array.from(this.front).sort((a, b) => this.shade.part(page.runs.score[a]) - this.shade.part(page.runs.score[b]));
    const alpha = sorted.length > 600 ? 0.35 : sorted.length > 120 ? 0.55 : 0.85;
    sorted.forEach((i, k) => {
      const top = k >= sorted.length - 20;
      ctx.lineWidth = top ? 1.8 : 1;
      ctx.strokeStyle = this.shade.color(page.runs.score[i], top ? 1 : alpha);
      trace(i);
    });
    this.labelAxes(plot);
  }

  labelAxes(plot) {
    const { box, ctx } = plot,
      room = this.axes.length > 1 ? box.width / (this.axes.length - 1) - 10 : 200;
    this.axes.forEach((axis, k) => {
      plot.rule(axis.x, box.top, axis.x, box.bottom, inks.faint);
      const align = k === 0 ? "left" : k === this.axes.length - 1 ? "right" : "center";
      const at = k === 0 ? 4 : k === this.axes.length - 1 ? plot.width - 4 : axis.x;
      plot.text(plot.fit(axis.title, align === "center" ? room : room / 2 + box.left - 4), at, 10, { align, color: inks.ink, bold: true });
      const kept = this.kept.get(axis.key);
      if (kept) {
        const [a, b] = kept.map((v) => axis.scale.at(Math.max(axis.room[0], Math.min(axis.room[1], v))));
        ctx.fillStyle = inks.area;
        ctx.strokeStyle = inks.accent;
        ctx.lineWidth = 1.5;
        ctx.fillRect(axis.x - 8, Math.min(a, b) - 2, 16, Math.abs(a - b) + 4);
        ctx.strokeRect(axis.x - 8, Math.min(a, b) - 2, 16, Math.abs(a - b) + 4);
      }
      const marks = axis.labels ? axis.labels.map((words, code) => [code, words]) : axis.scale.ticks(5).map((v) => [v, short(v)]);
      let end = Infinity;
      for (const [v, words] of marks) {
        const y = axis.scale.at(v);
        if (y > end - 14 || y < box.top - 2 || y > box.bottom + 2) continue;
        end = y;
        const said = plot.fit(words, Math.min(80, room - 12)),
          last = k === this.axes.length - 1 && k > 0;
        ctx.fillStyle = inks.panel;
        ctx.globalAlpha = 0.75;
        const wide = ctx.measureText(said).width;
        ctx.fillRect(last ? axis.x - 9 - wide : axis.x + 5, y - 7, wide + 4, 14);
        ctx.globalAlpha = 1;
        plot.text(said, last ? axis.x - 7 : axis.x + 7, y, { align: last ? "right" : "left", color: inks.muted });
      }
    });
  }

  nearest(x) {
    let best = null;
    for (const axis of this.axes) if (!best || Math.abs(axis.x - x) < Math.abs(best.x - x)) best = axis;
    return best && Math.abs(best.x - x) < 24 ? best : null;
  }

  listen() {
    const { stage } = this.plot;
    const y = (event) => Math.max(this.plot.box.top, Math.min(this.plot.box.bottom, event.clientY - stage.getBoundingClientRect().top));
    stage.addEventListener("pointerdown", (event) => {
      const axis = this.nearest(event.clientX - stage.getBoundingClientRect().left);
      if (!axis) return;
      this.drag = { axis, from: y(event), to: y(event) };
      stage.setPointerCapture(event.pointerId);
      event.preventDefault();
    });
    stage.addEventListener("pointermove", (event) => {
      if (!this.drag) return void (stage.style.cursor = this.axes && this.nearest(event.clientX - stage.getBoundingClientRect().left) ? "ns-resize" : "");
      this.drag.to = y(event);
      const { axis, from, to } = this.drag;
      if (Math.abs(from - to) < 3) return;
      const ends = [axis.scale.back(from), axis.scale.back(to)].sort((a, b) => a - b);
      this.kept.set(axis.key, ends);
      this.choose();
      this.plot.paint();
    });
    for (const name of ["pointerup", "pointercancel"])
      stage.addEventListener(name, () => {
        if (!this.drag) return;
        const { axis, from, to } = this.drag;
        this.drag = null;
        if (Math.abs(from - to) < 3) this.kept.delete(axis.key);
        this.changed();
      });
  }

  // The line nearest to the pointer, between its two axes.
  hover(px, py) {
    if (this.drag || !this.axes || this.axes.length < 2) return null;
    const after = this.axes.findIndex((axis) => axis.x > px);
    if (after < 1) return null;
    const a = this.axes[after - 1],
      b = this.axes[after],
      part = (px - a.x) / (b.x - a.x);
    let best = -1,
      least = 8;
    for (const i of this.front) {
      const y = a.scale.at(a.data[i]) * (1 - part) + b.scale.at(b.data[i]) * part,
        far = Math.abs(y - py);
      if (far < least) ((least = far), (best = i));
    }
    if (best < 0) return null;
    return {
      text: runTip(page.runs, best),
      x: px,
      y: py,
      row: best,
      mark: (ctx) => {
        ctx.strokeStyle = inks.ink;
        ctx.lineWidth = 2.2;
        ctx.beginPath();
        this.axes.forEach((axis, k) => (k ? ctx.lineTo(axis.x, axis.scale.at(axis.data[best])) : ctx.moveTo(axis.x, axis.scale.at(axis.data[best]))));
        ctx.stroke();
      },
    };
  }
}
