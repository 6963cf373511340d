// What is around the best: the score along each parameter, all others kept.
function buildAround(host) {
  const { analysis } = page.doc,
    around = analysis?.around;
  if (!around) return void host.replaceChildren(empty(analysis?.missing?.around || t("noGood")));
  const verdict = t(`verdict_${around.verdict}`),
    moved = around.robust.number !== around.best.number;
  const lines = [
    el("p", { class: `said ${{ plateau: "good", spike: "bad" }[around.verdict] || ""}` }, el("b", {}, verdict), " ", t(`verdictText_${around.verdict}`)),
    moved
      ? el("p", { class: "note" }, t("robustIs", { n: around.robust.number, score: sig(number(around.robust.score)), params: paramsText(around.robust.params) }))
      : el("p", { class: "note" }, t("robustSame")),
  ];
  if (around.edges?.length) lines.push(el("p", { class: "note" }, t("atEdge", { names: around.edges.join(", ") })));
  const room = el("div", { class: "smalls" });
  host.replaceChildren(...lines, room);
  if (!around.parameters.length) room.replaceChildren(el("p", { class: "note" }, t("noNeighbours")));
  for (const each of around.parameters) {
    const box = el("div", { class: "small-plot" });
    const steps = each.one_step === null ? t("unknownStep") : t("stepLoss", { n: sig(100 * number(each.one_step), 2) });
    room.append(el("figure", { class: "small" }, el("figcaption", {}, el("b", {}, each.name), " ", el("span", { class: "faint", title: t("stepTip") }, `${steps}${each.source === "model" ? ` · ${t("byModel")}` : ""}`)), box));
    aroundPlot(box, each);
  }
}

const paramsText = (params) =>
  Object.entries(params)
    .map(([name, value]) => `${name} ${typeof value === "number" ? sig(value, 6) : value}`)
    .join(", ");

function aroundPlot(host, { name, value, values, scores }) {
  const points = values.map((v, i) => [Number(v), number(scores[i])]);
  let near = null;
  return new Plot(host, {
    height: 130,
    margin: { left: 46, right: 10, top: 8, bottom: 22 },
    label: name,
    draw: (plot) => {
      const { box } = plot,
        ys = range(points.map((p) => p[1])),
        xs = range(points.map((p) => p[0]));
      if (!ys || !xs) return;
      const x = new Scale(xs, box.left + 6, box.right - 6, { log: xs[0] > 0 && xs[1] / xs[0] > 100 }),
        y = new Scale(ys, box.bottom, box.top, { pad: 0.1 });
      plot.axisY(y, "");
      plot.along(points.map(([v]) => [x.at(v), sig(v, 3)]));
      plot.line(points.map(([a, b]) => [x.at(a), y.at(b)]), inks.accent, 1.6); // prettier-ignore
      const spots = points.map(([a, b]) => [x.at(a), y.at(b), a, b]).filter((p) => Number.isFinite(p[1]));
      for (const [a, b, v] of spots) {
        plot.dot(a, b, v === Number(value) ? 5 : 2.6, v === Number(value) ? inks.ink : inks.accent);
      }
      near = new Near(spots, 30);
    },
    hover: (px, py) => {
      const found = near && near.find(px, py);
      return found && { text: [`${name} ${sig(found[2], 6)}`, `${objectiveTitle(page.objectives[0])} ${sig(found[3])}`], x: found[0], y: found[1] };
    },
  });
}
