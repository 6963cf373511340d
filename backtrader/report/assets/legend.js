// The line of text at the top of a pane: what is drawn, and its values at the bar pointed at.
function legendOf(pane, at, time, intraday) {
  const parts = [];
  if (pane.kind === "price") parts.push(el("b", {}, pane.title), ...candleValues(pane, at, time, intraday));
  else parts.push(el("b", {}, pane.word ? t(...pane.word) : pane.title));
  let of = pane.kind === "price" ? null : pane.title;
  for (const series of pane.series) {
    const head = series.of && series.of !== of ? series.of : "";
    of = series.of;
    const label = [head, series.word ? t(series.word) : series.name].filter(Boolean).join(" ");
    const value = exact(series.values[at], series.digits) + (pane.percent && isNumber(series.values[at]) ? " %" : "");
    parts.push(
      el(
        "span",
        { class: "value" },
        label ? el("i", {}, label) : null,
        " ",
        el("em", { style: `color:${shownInk(series.color)}` }, value),
      ),
    );
  }
  return parts;
}

const shownInk = (color) => (color === "ink" ? "var(--ink)" : color);

function candleValues(pane, at, time, intraday) {
  const { open, high, low, close, volume } = pane.columns,
    tone = close.values[at] >= open.values[at] ? "rise" : "fall";
  const one = (key, column) =>
    el(
      "span",
      { class: "value" },
      el("i", {}, t(key)),
      " ",
      el("em", { class: tone }, exact(column.values[at], column.digits)),
    );
  const found = [el("span", { class: "when" }, moment(time[at], intraday))];
  found.push(one("open", open), one("high", high), one("low", low), one("close", close));
  if (volume.values[at] > 0)
    found.push(el("span", { class: "value" }, el("i", {}, t("volume")), " ", el("em", {}, short(volume.values[at]))));
  return found;
}
