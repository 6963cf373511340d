// Two searches, or two sets of parameters, side by side.
function buildComparison(host) {
  const { comparison: found } = page.doc,
    [a, b] = found.names,
    s = found.significance;
  const shown = (value, unit) => (value === null || value === undefined ? "–" : typeof value === "number" || value === "inf" || value === "-inf" ? inUnit(value, unit, 5) : String(value));
  const section = (title, rows) =>
    rows.length
      ? [
          el("tr", { class: "part" }, el("th", { colspan: 4 }, title)),
          ...rows.map((row) =>
            el(
              "tr",
              {},
              el("th", { scope: "row" }, rowTitle(row.name)),
              el("td", { class: row.better === "a" ? "better" : "" }, shown(row.a, row.unit)),
              el("td", { class: row.better === "b" ? "better" : "" }, shown(row.b, row.unit)),
              el("td", { class: "faint" }, row.difference === null ? "" : `${number(row.difference) > 0 ? "+" : ""}${sig(number(row.difference), 4)}`),
            ),
          ),
        ]
      : [];
  const table = el(
    "table",
    { class: "versus" },
    el("thead", {}, el("tr", {}, el("th", {}), el("th", {}, a), el("th", {}, b), el("th", {}, t("difference")))),
    el("tbody", {}, section(t("params"), found.params), section(t("metrics"), found.metrics), section(t("searches"), found.searches)),
  );
  const parts = [el("p", { class: "said" }, el("b", {}, s ? (s.p_value < 0.05 ? t("isBetter", { name: s.sharpe_difference > 0 ? b : a }) : t("maybeChance")) : t("chanceUnknown")))];
  if (s) parts.push(intervalOf(s, a, b), el("p", { class: "note" }, t("bootstrapText", { p: sig(s.p_value, 2), n: fixed(s.periods, 0), m: fixed(s.resamples, 0), c: sig(number(s.correlation), 2) })));
  for (const note of found.notes) parts.push(el("p", { class: "note" }, note.includes("keep_returns") ? t("noReturns") : note));
  host.replaceChildren(...parts, el("div", { class: "scroll-x" }, table));
}

const rowTitle = (name) => WORDS[page.language][`r_${name.replaceAll(" ", "_")}`] ?? metricTitle(name);

function intervalOf(s, a, b) {
  const host = el("div", {});
  queueMicrotask(
    () =>
      new Plot(host, {
        height: 84,
        margin: { left: 30, right: 30, top: 22, bottom: 34 },
        label: t("sharpeDifference"),
        draw: (plot) => {
          const { box } = plot,
            x = new Scale(range([s.low, s.high, s.sharpe_difference, 0]), box.left, box.right, { pad: 0.15 }),
            middle = (box.top + box.bottom) / 2;
          plot.axisX(x, t("sharpeDifference"));
          plot.line([[x.at(0), box.top - 6], [x.at(0), box.bottom]], inks.muted, 1.2, [3, 3]); // prettier-ignore
          plot.text(`◂ ${a}`, x.at(0) - 8, 8, { align: "right" });
          plot.text(`${b} ▸`, x.at(0) + 8, 8);
          plot.line([[x.at(s.low), middle], [x.at(s.high), middle]], inks.accent, 5); // prettier-ignore
          plot.dot(x.at(s.sharpe_difference), middle, 6, inks.ink);
        },
      }),
  );
  return host;
}
