// The trades, orders and fills of the run as tables.
const TABS = ["trips", "orders", "fills"];
const TAB_WORD = { trips: "trades", orders: "orders", fills: "fills" };
const NOTHING = { trips: "noTrades", orders: "noOrders", fills: "noFills" };

class Tables {
  constructor(host, onPick) {
    Object.assign(this, { host, onPick, tab: "trips", text: "", chips: new Set(), grid: null });
    this.build();
  }

  get table() {
    return page.doc[this.tab];
  }

  build() {
    if (this.grid) this.grid.destroy();
    this.grid = null;
    const count = this.table.ref.length;
    this.tabs = el(
      "div",
      { class: "tabs", role: "tablist" },
      TABS.map((name) =>
        el(
          "button",
          {
            type: "button",
            role: "tab",
            "data-tab": name,
            "aria-selected": String(name === this.tab),
            onclick: () => this.open(name),
          },
          t(TAB_WORD[name]),
          el("small", {}, fixed(page.doc[name].ref.length, 0)),
        ),
      ),
    );
    this.field = el("input", {
      type: "search",
      placeholder: t("filter"),
      "aria-label": t("filter"),
      value: this.text,
      oninput: () => ((this.text = this.field.value), this.filter()),
    });
    this.shown = el("span", { class: "shown", role: "status" });
    const tools = el(
      "div",
      { class: "tools" },
      this.chipButtons(),
      this.field,
      this.shown,
      el("button", { type: "button", class: "quiet", onclick: () => this.save() }, t("export")),
    );
    this.room = el("div", { class: "grid-room" });
    const kept = page.doc.bounded ? el("p", { class: "note" }, t("notKept")) : null;
    this.host.replaceChildren(
      el("div", { class: "table-bar" }, this.tabs, count ? tools : null),
      ...(kept ? [kept] : []),
      this.room,
    );
    if (!count) return page.doc.bounded || this.room.append(this.nothing());
    this.columns = COLUMNS[this.tab](this.table);
    this.grid = new Grid(this.room, {
      columns: this.columns,
      count,
      label: t(TAB_WORD[this.tab]),
      help: WORDS[page.language].columnHelp,
      onPick: (i) => this.onPick(this.tab, i),
    });
    this.host.append(el("p", { class: "hint" }, t("hint")));
    this.filter();
  }

  nothing() {
    const link = this.tab === "fills" ? null : el("a", { href: "#why" }, t("seeWhy"));
    return empty(t(NOTHING[this.tab]), " ", link);
  }

  open(tab) {
    if (tab === this.tab) return;
    Object.assign(this, { tab, text: "" });
    this.chips.clear();
    this.build();
    this.tabs.querySelector(`[data-tab=${tab}]`).focus();
  }

  // -- filters ----------------------------------------------------------------------------------------
  chipButtons() {
    const found = CHIPS[this.tab](this.table);
    return el(
      "div",
      { class: "chips" },
      Object.keys(found).map((name) =>
        el(
          "button",
          {
            type: "button",
            class: "chip",
            "data-chip": name,
            "aria-pressed": String(this.chips.has(name)),
            onclick: (event) => {
              const on = !this.chips.has(name);
              this.chips[on ? "add" : "delete"](name);
              event.currentTarget.setAttribute("aria-pressed", String(on));
              this.filter();
            },
          },
          found[name].word,
        ),
      ),
    );
  }

  // Chips of one group widen each other, groups narrow each other.
  filter() {
    const chips = CHIPS[this.tab](this.table),
      groups = new Map();
    for (const name of this.chips) {
      const { group, test } = chips[name];
      groups.set(group, [...(groups.get(group) || []), test]);
    }
    const words = parseFilter(this.text, this.columns),
      tests = [...groups.values()];
    const keep =
      words || tests.length ? (i) => tests.every((any) => any.some((test) => test(i))) && (!words || words(i)) : null;
    this.grid.arrange(keep);
    const shown = this.grid.order.length,
      all = this.grid.count;
    this.shown.textContent = t("shown", { n: fixed(shown, 0), m: fixed(all, 0) });
    this.room.querySelector(".empty")?.remove();
    if (!shown) this.room.append(empty(t("nothingMatches")));
  }

  save() {
    const blob = new Blob([toCsv(this.columns, this.grid.order)], { type: "text/csv" });
    const link = el("a", { href: URL.createObjectURL(blob), download: `${TAB_WORD[this.tab]}.csv` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  // Show an entry of a table, whatever is filtered.
  find(tab, i) {
    if (tab !== this.tab) this.open(tab);
    if (this.grid.find(i)) return;
    this.text = "";
    this.chips.clear();
    this.build();
    this.grid.find(i);
  }
}

const CHIPS = {
  trips: (trips) => ({
    won: { group: 1, word: t("won"), test: (i) => trips.dtclose[i] !== null && trips.net[i] >= 0 },
    lost: { group: 1, word: t("lost"), test: (i) => trips.dtclose[i] !== null && trips.net[i] < 0 },
    open: { group: 1, word: t("stillOpen"), test: (i) => trips.dtclose[i] === null },
    long: { group: 2, word: t("long"), test: (i) => trips.size[i] > 0 },
    short: { group: 2, word: t("short"), test: (i) => trips.size[i] < 0 },
  }),
  orders: (orders) => ({
    ...Object.fromEntries(
      [...new Set(orders.status)].map((name) => [
        name,
        { group: 1, word: statusWord(name), test: (i) => orders.status[i] === name },
      ]),
    ),
    buy: { group: 2, word: t("buy"), test: (i) => orders.buy[i] },
    sell: { group: 2, word: t("sell"), test: (i) => !orders.buy[i] },
  }),
  fills: (fills) => ({
    buy: { group: 1, word: t("buy"), test: (i) => fills.size[i] > 0 },
    sell: { group: 1, word: t("sell"), test: (i) => fills.size[i] < 0 },
  }),
};

// -- columns --------------------------------------------------------------------------------------------
const statusWord = (name) => (chinese() && STATUS_ZH[name]) || name;
const kindWord = (name) => (chinese() && KINDS_ZH[name]) || name;
const feedName = (n) => (n === null ? "–" : page.doc.feeds[n].name);
const anyIntraday = () => page.doc.feeds.some((feed) => feed.intraday);
const intradayOf = (n) => (n === null ? anyIntraday() : page.doc.feeds[n].intraday);

const num = (key, values, digits, width = 84, more = {}) => ({
  key,
  width,
  value: (i) => values[i],
  text: (i) => (isNumber(values[i]) ? fixed(values[i], ...digits) : "–"),
  plain: (i) => (isNumber(values[i]) ? String(values[i]) : ""),
  ...more,
});
const when = (key, values, feeds) => ({
  key,
  width: anyIntraday() ? 158 : 108,
  left: true,
  value: (i) => values[i],
  text: (i) => moment(values[i], intradayOf(feeds[i])),
  plain: (i) => (isNumber(values[i]) ? moment(values[i], intradayOf(feeds[i])) : ""),
});
const said = (key, text, width, more = {}) => ({ key, width, left: true, value: text, text, ...more });
const toned = (values) => ({ tone: (i) => tone(values[i]), text: (i) => signed(values[i]) });

function whose(table) {
  const columns = [];
  if (page.doc.feeds.length > 1) columns.push(said("data", (i) => feedName(table.data[i]), 76, { grow: 90 }));
  if (page.doc.strategies.length > 1)
    columns.push(
      said("strategy", (i) => (table.strategy[i] === null ? "–" : page.doc.strategies[table.strategy[i]].name), 100),
    );
  return columns;
}

const sideTone = (size) => (size > 0 ? "buy" : "sell");
const COLUMNS = {
  trips: (d) => [
    { key: "n", width: 48, value: (i) => i + 1, text: (i) => String(i + 1) },
    ...whose(d),
    said("side", (i) => t(d.size[i] > 0 ? "long" : "short"), 56, { tone: (i) => sideTone(d.size[i]) }),
    num("size", d.size, [0, 6], 66),
    when("opened", d.dtopen, d.data),
    {
      ...when("closed", d.dtclose, d.data),
      text: (i) => (d.dtclose[i] === null ? t("stillOpen") : moment(d.dtclose[i], intradayOf(d.data[i]))),
    },
    num("bars", d.bars, [0], 56),
    num("entry", d.entry, [2, 5], 90),
    num("exit", d.exit, [2, 5], 90),
    num("gross", d.gross, [2], 86, toned(d.gross)),
    num("commission", d.commission, [2], 68),
    num("net", d.net, [2], 86, toned(d.net)),
    num("pct", d.pct, [2], 68, toned(d.pct)),
    num("best", d.best, [2], 68),
    num("worst", d.worst, [2], 72),
  ],
  orders: (d) => [
    num("ref", d.ref, [0], 62),
    ...whose(d),
    said("side", (i) => t(d.buy[i] ? "buy" : "sell"), 64, { tone: (i) => sideTone(d.buy[i] ? 1 : -1) }),
    said("kind", (i) => kindWord(d.kind[i]), 110),
    {
      ...num("size", d.size, [0, 6], 80),
      value: (i) => Math.abs(d.size[i]),
      text: (i) => fixed(Math.abs(d.size[i]), 0, 6),
    },
    num("price", d.price, [2, 6]),
    num("limit", d.limit, [2, 6]),
    said("status", (i) => statusWord(d.status[i]), 96),
    when("made", d.dtmade, d.data),
    when("ended", d.dtended, d.data),
    num("filled", d.filled, [0, 6], 76),
    num("average", d.average, [2, 6]),
    num("commission", d.commission, [2], 76),
  ],
  fills: (d) => [
    num("ref", d.ref, [0], 62),
    ...whose(d),
    when("when", d.dt, d.data),
    said("side", (i) => t(d.size[i] > 0 ? "buy" : "sell"), 64, { tone: (i) => sideTone(d.size[i]) }),
    {
      ...num("size", d.size, [0, 6], 80),
      value: (i) => Math.abs(d.size[i]),
      text: (i) => fixed(Math.abs(d.size[i]), 0, 6),
    },
    num("price", d.price, [2, 6]),
    num("commission", d.commission, [2], 76),
    said("rule", (i) => pick(RULES[d.rule[i]], d.rule[i]), 300, { grow: 420 }),
    num("other", d.other_result, [2], 110, {
      text: (i) => (d.other_price[i] === null ? "" : signed(d.other_result[i])),
      tone: (i) => tone(d.other_result[i]),
    }),
  ],
};
