// Returns by month, their distribution, and the deepest draw-downs.
function buildMonths(host, account) {
  const years = account.time.length > 1 ? byMonth(account.time, account.units, account.start) : [];
  if (!years.length) return host.replaceChildren(empty(t("noReturns")));
  const largest = Math.max(
    ...years
      .flatMap((y) => y.months)
      .filter(isNumber)
      .map(Math.abs),
    1e-9,
  );
  const cell = (value, total) => {
    if (!isNumber(value)) return el("td", {}, "");
    const strength = Math.min(Math.abs(value) / largest, 1) * 62 + 6;
    const shade =
      total || !value
        ? ""
        : `background:color-mix(in oklab, var(${value >= 0 ? "--up" : "--down"}) ${strength.toFixed(0)}%, transparent)`;
    return el(
      "td",
      { class: total ? `total ${tone(value)}` : "", style: shade },
      signed(100 * value, Math.abs(value) >= 0.9995 ? 0 : 1),
    );
  };
  const head = el(
    "tr",
    {},
    el("th", { scope: "col" }, ""),
    MONTHS[page.language].map((m) => el("th", { scope: "col" }, m)),
    el("th", { scope: "col" }, t("year")),
  );
  const rows = years.map((y) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, String(y.year)),
      y.months.map((m) => cell(m, false)),
      cell(y.total, true),
    ),
  );
  host.replaceChildren(
    el("div", { class: "scroll-x" }, el("table", { class: "months" }, el("thead", {}, head), el("tbody", {}, rows))),
  );
}

const SVG = "http://www.w3.org/2000/svg";
function svg(tag, attributes, ...children) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

function buildDistribution(host, account) {
  if (account.returns.filter(isNumber).length < 2) return host.replaceChildren(empty(t("noReturns")));
  if (!account.returns.some(Boolean)) return host.replaceChildren(empty(t("noChange")));
  const d = distribution(account.returns),
    wide = 520,
    tall = 170,
    floor = tall - 22,
    most = Math.max(...d.counts),
    step = wide / d.counts.length;
  const percent = (v) => `${signed(100 * v, d.width < 0.0005 ? 3 : d.width < 0.005 ? 2 : 1)}%`;
  const bars = d.counts.map((count, i) => {
    const from = (d.first + i) * d.width,
      height = count ? Math.max((count / most) * (floor - 12), 1.5) : 0;
    const bar = svg("rect", {
      x: (i * step + 0.75).toFixed(2),
      y: (floor - height).toFixed(2),
      width: Math.max(step - 1.5, 1).toFixed(2),
      height: height.toFixed(2),
      rx: 1.5,
      class: from + d.width / 2 >= 0 ? "rise" : "fall",
    });
    bar.append(svg("title", {}, `${percent(from)} … ${percent(from + d.width)}: ${count} ${t("share")}`));
    return bar;
  });
  const every = Math.max(1, roundCount(d.counts.length / 6)),
    places = [];
  for (let k = Math.ceil(d.first / every) * every; k <= d.first + d.counts.length; k += every) places.push(k - d.first);
  const marks = places
    .filter((place) => place * step > 18 && place * step < wide - 18)
    .map((place) => {
      const text = svg("text", { x: (place * step).toFixed(1), y: tall - 5, "text-anchor": "middle" });
      text.textContent = d.first + place ? percent((d.first + place) * d.width) : "0";
      return text;
    });
  const base = svg("line", { x1: 0, x2: wide, y1: floor + 0.5, y2: floor + 0.5, class: "base" });
  const facts = [
    ["mean", signed(100 * d.mean, 3) + " %"],
    ["deviation", fixed(100 * d.deviation, 2) + " %"],
    ["bestDay", signed(100 * d.high) + " %"],
    ["worstDay", signed(100 * d.low) + " %"],
    ["skew", exact(d.skew, 2)],
    ["positive", fixed(100 * d.positive, 1) + " %"],
  ];
  host.replaceChildren(
    svg(
      "svg",
      { viewBox: `0 0 ${wide} ${tall}`, class: "histogram", role: "img", "aria-label": t("distribution") },
      base,
      ...bars,
      ...marks,
    ),
    el(
      "dl",
      { class: "facts" },
      facts.map(([key, value]) => el("div", {}, el("dt", {}, t(key)), el("dd", {}, value))),
    ),
  );
}

const roundCount = (rough) => [1, 2, 5, 10, 20, 50].find((n) => n >= rough) || 100;

function buildFalls(host, account) {
  const deepest = [...account.falls].sort((a, b) => a.depth - b.depth).slice(0, 6);
  if (!deepest.length) return host.replaceChildren(empty(t("noFalls")));
  const intraday = page.doc.feeds.length > 0 && page.doc.feeds[0].intraday,
    day = (i) => moment(account.time[i], intraday);
  const last = account.time.length - 1,
    words = ["depth", "from", "trough", "until", "length"];
  const rows = deepest.map((fall) =>
    el(
      "tr",
      {},
      el("td", { class: "loss" }, `${fixed(fall.depth, 2)} %`),
      el("td", {}, day(fall.from)),
      el("td", {}, day(fall.low)),
      el("td", {}, fall.until < 0 ? t("ongoing") : day(fall.until)),
      el("td", {}, `${fixed((fall.until < 0 ? last : fall.until) - fall.from, 0)} ${t("bars")}`),
    ),
  );
  host.replaceChildren(
    el(
      "div",
      { class: "scroll-x" },
      el(
        "table",
        { class: "plain" },
        el(
          "thead",
          {},
          el(
            "tr",
            {},
            words.map((w) => el("th", { scope: "col" }, t(w))),
          ),
        ),
        el("tbody", {}, rows),
      ),
    ),
  );
}
