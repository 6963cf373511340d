// A walk-forward: the account that went through all windows, and each window by itself.
async function readWalk(walk) {
  const found = { time: await decode(walk.time), values: await decode(walk.values) };
  if (walk.hindsight) found.hindsight = { time: await decode(walk.hindsight.time), values: await decode(walk.hindsight.values) };
  return found;
}

function buildWalk(host) {
  const { walk } = page.doc,
    lines = page.walk;
  const numbers = walk.numbers;
  const facts = [
    ["walkReturn", walk.metrics.find((m) => m.key === "annual_return")],
    ["sharpe_ratio", walk.metrics.find((m) => m.key === "sharpe_ratio")],
    ["max_drawdown_pct", walk.metrics.find((m) => m.key === "max_drawdown_pct")],
  ].map(([key, m]) => [key === "walkReturn" ? t(key) : metricTitle(key), m ? inUnit(m.value, m.unit, 3) : "–", ""]);
  facts.push([t("efficiency"), sig(number(numbers.efficiency), 3), t("efficiencyText")]);
  facts.push([t("decay"), sig(number(numbers.decay), 3), t("decayText")]);
  facts.push([t("winning"), numbers.winning === null ? "–" : `${sig(100 * numbers.winning, 3)} %`, t("winningText")]);
  facts.push([t("probabilistic"), numbers.probabilistic_sharpe === null ? "–" : `${sig(100 * numbers.probabilistic_sharpe, 3)} %`, t("probabilisticText")]);
  const tiles = el("div", { class: "walk-facts" }, facts.map(([name, value, text]) => el("div", { title: text }, el("span", {}, name), el("strong", {}, value)))); // prettier-ignore
  const account = el("div", {}),
    scores = el("div", {}),
    params = el("div", { class: "smalls" });
  const legend = el("p", { class: "key" }, el("i", { class: "swatch out" }), t("walkLine"), ...(lines.hindsight ? [el("i", { class: "swatch in" }), t("hindsightLine")] : []));
  host.replaceChildren(
    el("p", { class: "note" }, t("walkText", { n: walk.windows.length })),
    tiles,
    legend,
    account,
    el("h3", {}, t("inAndOut")),
    el("p", { class: "key" }, el("i", { class: "swatch all" }), t("inSample"), el("i", { class: "swatch best" }), t("outSample")),
    scores,
    el("h3", {}, t("paramsByWindow")),
    params,
    walkTable(walk),
  );
  accountPlot(account, walk, lines);
  windowScores(scores, walk);
  for (const { name, changes, drift } of walk.stability) {
    const box = el("div", { class: "small-plot" });
    params.append(el("figure", { class: "small" }, el("figcaption", {}, el("b", {}, name), " ", el("span", { class: "faint" }, t("stability", { c: sig(100 * number(changes), 2), d: sig(number(drift), 2) }))), box));
    paramSteps(box, walk, name);
  }
  if (!walk.stability.length) params.append(el("p", { class: "note" }, t("nothingVaried")));
}

function accountPlot(host, walk, lines) {
  const day = (v) => moment(v, false);
  return new Plot(host, {
    height: 300,
    margin: { left: 74, bottom: 26 },
    label: t("walkLine"),
    draw: (plot) => {
      const { box, ctx } = plot,
        all = lines.hindsight ? [...lines.values, ...lines.hindsight.values] : lines.values;
      const room = range(all);
      if (!room) return;
      const x = (plot.x = new Scale(range(lines.time), box.left, box.right)),
        y = (plot.y = new Scale(room, box.bottom, box.top, { pad: 0.06 }));
      ctx.fillStyle = inks.grid;
      ctx.globalAlpha = 0.6;
      walk.windows.forEach((w, k) => {
        if (k % 2) ctx.fillRect(x.at(w.test[0]), box.top, x.at(w.test[1]) - x.at(w.test[0]), box.height);
      });
      ctx.globalAlpha = 1;
      plot.axisY(y, t("accountWord"));
      plot.along(walk.windows.map((w) => [x.at(w.test[0]), day(w.test[0]).slice(0, 7)]));
      if (lines.hindsight) plot.line(zip(lines.hindsight.time, lines.hindsight.values, x, y), inks.faint, 1.3, [4, 3]);
      plot.line(zip(lines.time, lines.values, x, y), inks.accent, 1.8);
    },
    hover: (px, py) => {
      const at = Math.min(lines.time.length - 1, lowerBound(lines.time, walkX(px, host)));
      if (at < 0) return null;
      const seconds = lines.time[at],
        window = walk.windows.find((w) => seconds >= w.test[0] && seconds <= w.test[1] + 86400);
      const text = [`${day(seconds)}  ${money(lines.values[at])}`];
      if (window) text.push(`${t("window")} ${window.number + 1}: ${paramsText(window.params) || window.note}`);
      return { text, x: px, y: py };
    },
  });
  function walkX(px, room) {
    const left = 74,
      right = room.clientWidth - 14,
      [a, b] = range(lines.time);
    return a + ((px - left) / (right - left)) * (b - a);
  }
}

const zip = (xs, ys, x, y) => Array.from(xs, (v, i) => [x.at(v), y.at(ys[i])]);

function windowScores(host, walk) {
  return new Plot(host, {
    height: 170,
    margin: { left: 60, bottom: 24 },
    label: t("inAndOut"),
    draw: (plot) => {
      const { box, ctx } = plot,
        both = walk.windows.flatMap((w) => [number(w.in_score), number(w.out_score)]).filter(Number.isFinite);
      const room = range([...both, 0]),
        y = new Scale(room, box.bottom, box.top, { pad: 0.05 }),
        wide = box.width / walk.windows.length;
      plot.axisY(y, objectiveTitle(walk.objective));
      walk.windows.forEach((w, k) =>
        [["in_score", inks.faint, 0.14], ["out_score", inks.accent, 0.5]].forEach(([key, color, shift]) => {
          const v = number(w[key]);
          if (!Number.isFinite(v)) return;
          ctx.fillStyle = color;
          ctx.fillRect(box.left + (k + shift) * wide, Math.min(y.at(v), y.at(0)), wide * 0.34, Math.abs(y.at(v) - y.at(0)) || 1);
        }),
      ); // prettier-ignore
      plot.rule(box.left, y.at(0), box.right, y.at(0), inks.line);
      plot.along(walk.windows.map((w, k) => [box.left + (k + 0.5) * wide, moment(w.test[0], false).slice(0, 7)]), box.bottom + 12); // prettier-ignore
    },
    hover: (px) => {
      const k = Math.floor(((px - 60) / (host.clientWidth - 74)) * walk.windows.length),
        w = walk.windows[k];
      return w && { text: [`${moment(w.test[0], false)} – ${moment(w.test[1], false)}`, `${t("inSample")} ${sig(number(w.in_score))}`, `${t("outSample")} ${sig(number(w.out_score))}`], x: px, y: 60 };
    },
  });
}

function paramSteps(host, walk, name) {
  const values = walk.windows.map((w) => w.params[name]);
  const texts = [...new Set(values.filter((v) => v !== undefined && typeof v !== "number"))];
  const numbers = values.map((v) => (v === undefined ? NaN : texts.length ? texts.indexOf(v) : v));
  return new Plot(host, {
    height: 120,
    margin: { left: 52, right: 10, top: 8, bottom: 20 },
    label: name,
    draw: (plot) => {
      const { box } = plot,
        room = range(numbers);
      if (!room) return;
      const y = new Scale(room, box.bottom, box.top, { pad: 0.1 }),
        wide = box.width / numbers.length;
      if (texts.length) texts.forEach((words, k) => plot.text(plot.fit(words, 44), box.left - 6, y.at(k), { align: "right", color: inks.faint }));
      else plot.axisY(y, "");
      plot.along(walk.windows.map((w, k) => [box.left + (k + 0.5) * wide, String(k + 1)]));
      plot.line(numbers.flatMap((v, k) => [[box.left + k * wide, y.at(v)], [box.left + (k + 1) * wide, y.at(v)]]), inks.accent, 2); // prettier-ignore
    },
  });
}

function walkTable(walk) {
  const names = [...new Set(walk.windows.flatMap((w) => Object.keys(w.params)))];
  const head = ["#", t("trained"), t("tested"), t("inSample"), t("outSample"), t("gainWord"), metricTitle("trades"), ...names];
  const rows = walk.windows.map((w) => {
    const cells = [w.number + 1, `${moment(w.train[0], false)} – ${moment(w.train[1], false)}`, `${moment(w.test[0], false)} – ${moment(w.test[1], false)}`, sig(number(w.in_score)), sig(number(w.out_score))];
    return el(
      "tr",
      {},
      cells.map((cell) => el("td", {}, cell)),
      el("td", { class: tone(number(w.gain)) }, w.gain === null ? w.note || "–" : `${signed(number(w.gain))} %`),
      el("td", {}, w.trades === null ? "–" : fixed(w.trades, 0)),
      names.map((name) => el("td", {}, w.params[name] === undefined ? "–" : typeof w.params[name] === "number" ? sig(w.params[name], 6) : String(w.params[name]))),
    );
  });
  return el("div", { class: "scroll-x" }, el("table", { class: "windows" }, el("thead", {}, el("tr", {}, head.map((words) => el("th", {}, words)))), el("tbody", {}, rows)));
}
