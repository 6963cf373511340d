// A table of any length: only the rows in sight exist. Sorting, filtering and keys.
const ROW = 30,
  SPARE = 8,
  MOST_ROWS = 14;

class Grid {
  // `columns`: [{key, value(i), text(i), tone(i)?, left?, width}]; `onPick(i)` is told of the row chosen.
  constructor(host, { columns, count, label, sort = null, onPick = () => {}, help = {} }) {
    Object.assign(this, { host, columns, count, onPick, sort, help, picked: null, rows: new Map() });
    this.order = Uint32Array.from({ length: count }, (_, i) => i);
    this.head = el("div", { class: "grid-head", role: "row" });
    this.body = el("div", { class: "grid-body", role: "rowgroup" });
    this.scroll = el(
      "div",
      { class: "grid-scroll", role: "grid", tabindex: 0, "aria-label": label, "aria-rowcount": count + 1 },
      this.head,
      this.body,
    );
    this.scroll.style.setProperty(
      "--columns",
      columns.map((c) => `minmax(${c.width}px, ${c.grow || c.width}fr)`).join(" "),
    );
    this.scroll.style.setProperty("--least", `${columns.reduce((sum, c) => sum + c.width, 0)}px`);
    host.replaceChildren(this.scroll);
    this.scroll.addEventListener("scroll", () => this.draw(), { passive: true });
    this.scroll.addEventListener("keydown", (event) => this.key(event));
    this.body.addEventListener("click", (event) => {
      const row = event.target.closest(".grid-row");
      if (row) this.pick(Number(row.dataset.place));
    });
    this.heads();
    this.arrange();
    this.observer = new ResizeObserver(() => this.draw());
    this.observer.observe(this.scroll);
  }

  destroy() {
    this.observer.disconnect();
    clear(this.host);
  }

  heads() {
    const words = WORDS[page.language].columns;
    this.head.replaceChildren(
      ...this.columns.map((column) => {
        const sorted = this.sort && this.sort.key === column.key ? this.sort.down : null;
        const button = el(
          "button",
          {
            type: "button",
            "data-key": column.key,
            title: this.help[column.key],
            onclick: () => this.sortBy(column.key),
          },
          column.title ?? words[column.key],
          el("span", { class: "arrow", "aria-hidden": "true" }, sorted === null ? "" : sorted ? "▾" : "▴"),
        );
        return el(
          "div",
          {
            class: `cell${column.left ? " left" : ""}`,
            role: "columnheader",
            "aria-sort": sorted === null ? "none" : sorted ? "descending" : "ascending",
          },
          button,
        );
      }),
    );
  }

  sortBy(key) {
    const same = this.sort && this.sort.key === key;
    this.sort = { key, down: same ? !this.sort.down : !this.columns.find((c) => c.key === key).left };
    this.heads();
    this.arrange();
  }

  // Which rows are there, and in which order; `keep(i)` is the filter.
  arrange(keep = this.keep) {
    this.keep = keep;
    let rows = Array.from({ length: this.count }, (_, i) => i);
    if (keep) rows = rows.filter(keep);
    const column = this.sort && this.columns.find((c) => c.key === this.sort.key);
    if (column) {
      const values = rows.map((i) => column.value(i)),
        sign = this.sort.down ? -1 : 1,
        places = rows.map((_, k) => k);
      places.sort((a, b) => compare(values[a], values[b], sign) || rows[a] - rows[b]);
      rows = places.map((k) => rows[k]);
    }
    this.order = Uint32Array.from(rows);
    this.body.style.height = `${this.order.length * ROW}px`;
    this.scroll.style.height = `${Math.min(this.count, MOST_ROWS) * ROW + 36}px`;
    this.rows.forEach((node) => node.remove());
    this.rows.clear();
    this.scroll.scrollTop = 0;
    this.draw();
  }

  draw() {
    const top = this.scroll.scrollTop,
      tall = this.scroll.clientHeight || 400;
    const from = Math.max(0, Math.floor(top / ROW) - SPARE),
      to = Math.min(this.order.length, Math.ceil((top + tall) / ROW) + SPARE);
    for (const [place, node] of this.rows) if (place < from || place >= to) (node.remove(), this.rows.delete(place));
    for (let place = from; place < to; place++)
      if (!this.rows.has(place)) this.rows.set(place, this.body.appendChild(this.row(place)));
  }

  row(place) {
    const i = this.order[place];
    const cells = this.columns.map((column) =>
      el(
        "div",
        { class: `cell${column.left ? " left" : ""} ${column.tone ? column.tone(i) : ""}`, role: "gridcell" },
        column.text(i),
      ),
    );
    return el(
      "div",
      {
        class: `grid-row${i === this.picked ? " picked" : ""}`,
        role: "row",
        "aria-rowindex": place + 2,
        "aria-selected": i === this.picked ? "true" : null,
        "data-place": place,
        "data-row": i,
        style: `top:${place * ROW}px`,
      },
      cells,
    );
  }

  pick(place, tell = true) {
    if (place < 0 || place >= this.order.length) return;
    this.picked = this.order[place];
    for (const [at, node] of this.rows) {
      node.classList.toggle("picked", at === place);
      node.setAttribute("aria-selected", at === place ? "true" : "false");
    }
    const top = place * ROW,
      room = this.scroll.clientHeight - ROW - 12;
    if (top < this.scroll.scrollTop) this.scroll.scrollTop = top;
    else if (top > this.scroll.scrollTop + room - ROW) this.scroll.scrollTop = top - room / 2;
    this.draw();
    if (tell) this.onPick(this.picked);
  }

  // The row of a table's entry, wherever the order has put it; false if the filter hides it.
  find(i) {
    const place = this.order.indexOf(i);
    if (place >= 0) this.pick(place, false);
    return place >= 0;
  }

  key(event) {
    const now = this.picked === null ? -1 : this.order.indexOf(this.picked),
      screen = Math.max(1, Math.floor(this.scroll.clientHeight / ROW) - 2);
    const to = {
      ArrowDown: now + 1,
      ArrowUp: now - 1,
      PageDown: now + screen,
      PageUp: now - screen,
      Home: 0,
      End: this.order.length - 1,
      Enter: now,
    }[event.key];
    if (to === undefined || (event.key === "Enter" && event.target !== this.scroll)) return;
    event.preventDefault();
    this.pick(Math.max(0, Math.min(to, this.order.length - 1)));
  }
}

// Numbers by size, text by letter; what is missing comes last either way.
function compare(a, b, sign) {
  const noA = !isNumber(a),
    noB = !isNumber(b);
  if (noA || noB) return noA - noB;
  return sign * (typeof a === "number" ? a - b : String(a).localeCompare(String(b)));
}
