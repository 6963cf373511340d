// Which parameters matter, and which of their values the best runs have.
function buildImportance(host) {
  const { analysis } = page.doc,
    list = analysis?.importance;
  if (!list || !list.length) return void host.replaceChildren(empty(analysis?.missing?.importance || analysis?.nothing || t("nothingVaried")));
  const way = () => (chosen.way === "fanova" && list.every((each) => each.fanova === null) ? "importance" : chosen.way);
  const room = el("div", { class: "bars" }),
    note = el("p", { class: "hint" });
  const draw = () => {
    const key = way(),
      top = Math.max(...list.map((each) => number(each[key]) || 0)) || 1;
    const sorted = [...list].sort((a, b) => (number(b[key]) || 0) - (number(a[key]) || 0));
    room.replaceChildren(
      ...sorted.map((each) => {
        const value = number(each[key]),
          bar = el("i", {});
        bar.style.setProperty("--part", `${((value || 0) / top) * 100}%`);
        return el("div", { class: "bar-row", title: t("importanceTip", { f: sig(number(each.f_statistic), 3), p: sig(number(each.p_value), 2), n: each.entries }) }, el("span", { class: "bar-name" }, each.name), bar, el("b", {}, value === value ? `${fixed(100 * value, 0, value < 0.1 ? 2 : 1)} %` : "–"));
      }),
    );
    note.replaceChildren(t(`way_${key}`));
  };
  host.replaceChildren(toggle("way", [["fanova", "fANOVA"], ["mean_decrease", t("meanDecrease")], ["importance", "η²"]], draw), room, note); // prettier-ignore
  draw();
}

class Spreads {
  constructor(host) {
    this.host = host;
    this.plots = [];
    this.build();
  }

  build() {
    const { runs } = page;
    this.plots.forEach((plot) => plot.destroy());
    this.plots = [];
    const params = runs && runs.good.length ? byImportance(runs).slice(0, 12) : [];
    if (!params.length) return void this.host.replaceChildren(empty(t(runs?.good.length ? "nothingVaried" : "noGood")));
    const room = el("div", { class: "smalls" });
    const top = Math.max(1, Math.round(runs.good.length / 10));
    this.host.replaceChildren(el("p", { class: "key" }, el("i", { class: "swatch all" }), t("allOf", { n: fixed(runs.good.length, 0) }), el("i", { class: "swatch best" }), t("bestTenth", { n: fixed(top, 0) })), room);
    for (const param of params) {
      const box = el("div", { class: "small-plot" });
      room.append(el("figure", { class: "small" }, el("figcaption", {}, el("b", {}, param.name)), box));
      this.plots.push(this.plot(box, param, runs.ranked.slice(0, top)));
    }
  }

  plot(host, param, best) {
    const { runs } = page,
      axis = new Axis(runs, param, 24);
    const count = (rows) => {
      const found = new Float64Array(axis.count);
      let sum = 0;
      for (const i of rows) if (param.data[i] === param.data[i]) (found[axis.place(param.data[i])]++, sum++);
      return found.map((c) => (sum ? (100 * c) / sum : 0));
    };
    const all = count(runs.good),
      top = count(best),
      most = Math.max(...all, ...top, 1e-9);
    return new Plot(host, {
      height: 120,
      margin: { left: 34, right: 8, top: 8, bottom: 22 },
      label: param.name,
      draw: (plot) => {
        const { box, ctx } = plot,
          y = new Scale([0, most], box.bottom, box.top),
          wide = box.width / axis.count,
          gap = wide > 6 ? 2 : 0;
        plot.axisY(y, "", (v) => `${short(v)}%`);
        ctx.fillStyle = inks.faint;
        ctx.globalAlpha = 0.35;
        all.forEach((v, k) => ctx.fillRect(box.left + k * wide + gap / 2, y.at(v), wide - gap, box.bottom - y.at(v)));
        ctx.globalAlpha = 1;
        ctx.fillStyle = inks.accent;
        top.forEach((v, k) => ctx.fillRect(box.left + k * wide + wide * 0.28, y.at(v), Math.max(1, wide * 0.44), box.bottom - y.at(v)));
        plot.rule(box.left, box.bottom, box.right, box.bottom, inks.line);
        plot.along(axis.shorts.map((words, k) => [box.left + (k + 0.5) * wide, plot.fit(words, 70)]));
      },
      hover: (px) => {
        const place = this.place(px, host, axis.count);
        return place === null ? null : { text: [`${param.name} ${axis.texts[place]}`, `${t("allRuns")} ${sig(all[place], 3)} %`, `${t("bestOnes")} ${sig(top[place], 3)} %`], x: px, y: 50 };
      },
    });
  }

  place(px, host, count) {
    const wide = host.clientWidth - 42,
      place = Math.floor(((px - 34) / wide) * count);
    return place >= 0 && place < count ? place : null;
  }
}
