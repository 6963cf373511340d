// What is said of a mark on the chart: its fills, its trades, its order.
// The trades that a fill opened, changed or closed.
function tripsOfFill(i) {
  const { fills, trips } = page.doc,
    bar = fills.bar[i],
    found = [];
  for (let k = 0; k < trips.ref.length; k++)
    if (
      trips.data[k] === fills.data[i] &&
      trips.strategy[k] === fills.strategy[i] &&
      trips.from[k] <= bar &&
      (trips.to[k] === null || trips.to[k] >= bar)
    )
      found.push(k);
  return found;
}

function describe(found) {
  const { doc } = page;
  if (found.orders) return found.orders.map((i) => tipOrder(doc.orders, i));
  const told = new Set();
  return found.fills.flatMap((i) => [
    tipFill(doc.fills, i),
    ...tripsOfFill(i)
      .filter((k) => !told.has(k) && told.add(k))
      .map((k) => tipTrip(doc.trips, k)),
  ]);
}

function tipFill(d, i) {
  const side = d.size[i] > 0 ? "buy" : "sell";
  return el(
    "div",
    { class: "tip-part", "data-fill": i },
    el("p", {}, el("b", { class: side }, t(side)), ` ${whole(Math.abs(d.size[i]))} @ ${whole(d.price[i])}`),
    el(
      "p",
      { class: "faint" },
      moment(d.dt[i], intradayOf(d.data[i])),
      d.commission[i] ? ` · ${WORDS[page.language].columns.commission} ${money(d.commission[i])}` : "",
    ),
    el("p", { class: "faint" }, pick(RULES[d.rule[i]], d.rule[i])),
  );
}

function tipTrip(d, k) {
  const net = d.dtclose[k] === null ? t("stillOpen") : signed(d.net[k]);
  const pct = d.pct[k] !== null && d.dtclose[k] !== null ? ` (${signed(d.pct[k])} %)` : "";
  return el(
    "div",
    { class: "tip-part", "data-trip": k },
    el(
      "p",
      {},
      `${t("trade")} ${k + 1} · ${t(d.size[k] > 0 ? "long" : "short")} `,
      el("em", { class: tone(d.net[k]) }, net + pct),
    ),
    el(
      "p",
      { class: "faint" },
      `${moment(d.dtopen[k], intradayOf(d.data[k]))} → ${d.dtclose[k] === null ? "…" : moment(d.dtclose[k], intradayOf(d.data[k]))} · ${barsWord(d.bars[k])}`,
    ),
  );
}

function tipOrder(d, i) {
  const side = d.buy[i] ? "buy" : "sell";
  return el(
    "div",
    { class: "tip-part", "data-order": i },
    el(
      "p",
      {},
      el("b", { class: side }, t(side)),
      ` ${kindWord(d.kind[i])} ${whole(Math.abs(d.size[i]))} @ ${whole(d.price[i])}`,
    ),
    el("p", { class: "faint" }, `${moment(d.dtmade[i], intradayOf(d.data[i]))} · ${statusWord(d.status[i])}`),
  );
}
