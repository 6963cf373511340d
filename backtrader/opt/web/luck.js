// How much of the best result is luck, in plain words.
function buildLuck(host) {
  const { analysis } = page.doc,
    luck = analysis?.luck;
  if (!luck) return void host.replaceChildren(empty(analysis?.missing?.luck || analysis?.nothing || t("noGood")));
  const known = (key) => luck[key] !== null && luck[key] !== undefined;
  const parts = [el("p", { class: `said ${{ holds: "good", luck: "bad" }[luck.verdict] || ""}`, "data-verdict": luck.verdict }, el("b", {}, t(`luck_${luck.verdict}`)), " ", t(`luckText_${luck.verdict}`))];
  const gauges = el("div", { class: "gauges" });
  if (known("deflated_sharpe")) gauges.append(gauge(t("deflated"), luck.deflated_sharpe, [[0.95, "95 %"]], true, t("deflatedText", { n: fixed(luck.trials, 0), max: sig(luck.expected_maximum, 3) }))); // prettier-ignore
  if (known("pbo")) gauges.append(gauge(t("pbo"), luck.pbo, [[0.2, "20 %"], [0.5, "50 %"]], false, t("pboText", { n: fixed(luck.splits, 0) }))); // prettier-ignore
  if (known("probabilistic_sharpe")) gauges.append(gauge(t("probabilistic"), luck.probabilistic_sharpe, [[0.95, "95 %"]], true, t("probabilisticText"))); // prettier-ignore
  if (gauges.children.length) parts.push(gauges);
  const rows = [
    ["trials", fixed(luck.trials, 0), "trialsText"],
    ["effective_trials", sig(luck.effective_trials, 3), "effectiveText"],
    ["sharpe", sig(luck.sharpe, 3), "sharpeText"],
    ["expected_maximum", sig(luck.expected_maximum, 3), "expectedText"],
    ["haircut", sig(luck.haircut, 3), "haircutText"],
    ["track_record", years(luck.track_record), "trackText"],
    ["minimum_track_record", years(luck.minimum_track_record), "minimumText"],
    ["minimum_backtest", years(luck.minimum_backtest), "backtestText"],
    ["loss", known("loss") ? `${sig(100 * luck.loss, 3)} %` : "–", "lossText"],
    ["slope", sig(luck.slope, 3), "slopeText"],
  ].filter(([key]) => known(key));
  parts.push(
    el(
      "table",
      { class: "told" },
      rows.map(([key, value, text]) => el("tr", {}, el("th", { scope: "row" }, t(`l_${key}`)), el("td", { class: "value" }, value), el("td", { class: "faint" }, t(text)))),
    ),
  );
  for (const note of luck.notes || []) parts.push(el("p", { class: "note" }, luckNote(note)));
  host.replaceChildren(...parts);
}

// What could not be worked out is said in English by the library; the most frequent one in Chinese as well.
const luckNote = (note) => (note.includes("keep_returns") ? t("noReturns") : note);
const years = (value) => (value === "inf" ? "∞" : isNumber(value) ? t("years", { n: sig(value, 2) }) : "–");

function gauge(title, value, marks, up, text) {
  const good = up ? value >= marks[0][0] : value <= marks[0][0],
    bad = up ? value < 0.5 : value > 0.5;
  const bar = el("i", { class: `gauge-bar ${good ? "good" : bad ? "bad" : ""}` });
  bar.style.setProperty("--part", `${100 * value}%`);
  for (const [at, words] of marks) {
    const mark = el("span", { class: "mark" }, el("small", {}, words));
    mark.style.left = `${100 * at}%`;
    bar.append(mark);
  }
  return el("div", { class: "gauge" }, el("div", { class: "gauge-head" }, el("span", {}, title), el("strong", {}, `${sig(100 * value, 3)} %`)), bar, el("p", { class: "note" }, text));
}
