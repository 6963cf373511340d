// Fills, trades and orders on the price: drawing them, and finding what is under the pointer.
const MARK = 5.5,
  RUG = 9;

class Marks {
  // `fills`: columns bar, price, size and row, by bar. `trips` and `orders`: lists of what the tables show.
  constructor(fills, trips, orders) {
    Object.assign(this, { fills, trips, orders });
    this.picked = null;
  }

  // Fills of the bars seen: [first, after the last].
  seen(view) {
    return [lowerBound(this.fills.bar, Math.ceil(view.min)), lowerBound(this.fills.bar, Math.floor(view.max) + 1)];
  }

  // Crowded marks are drawn small, so that the price is still seen.
  radius(count, pixels) {
    const room = pixels / Math.max(count, 1);
    return room > 9 ? MARK : room > 3 ? 3.5 : room > 1.2 ? 2.2 : 0;
  }

  // With more marks than pixels they become two rows of ticks at the bottom: purchases above, sales below.
  crowded(view, pixels) {
    const [from, to] = this.seen(view);
    return this.radius(to - from, pixels) === 0;
  }

  _rug(u, from, to, ctx, bbox) {
    const dpr = devicePixelRatio,
      tall = RUG / 2 - 1,
      seen = [new Set(), new Set()];
    ctx.globalAlpha = 0.55;
    for (let i = from; i < to; i++) {
      const sale = this.fills.size[i] > 0 ? 0 : 1,
        x = Math.round(u.valToPos(this.fills.bar[i], "x", true));
      if (seen[sale].has(x)) continue;
      seen[sale].add(x);
      ctx.fillStyle = sale ? inks.sell : inks.buy;
      ctx.fillRect(
        x,
        bbox.top + bbox.height - (RUG - sale * (tall + 1)) * dpr,
        Math.max(1, Math.round(dpr)),
        tall * dpr,
      );
    }
    ctx.globalAlpha = 1;
  }

  draw(u, view, ctx, bbox) {
    const [from, to] = this.seen(view),
      dpr = devicePixelRatio,
      radius = this.radius(to - from, bbox.width / dpr);
    if (this.picked) this._shade(u, ctx, bbox);
    if (!radius) return this._rug(u, from, to, ctx, bbox);
    if (radius >= 3.5) this._tripLines(u, view, ctx);
    if (radius === MARK) this._orderLines(u, view, ctx);
    ctx.globalAlpha = radius >= 3.5 ? 1 : 0.75;
    for (const buys of [true, false]) {
      ctx.fillStyle = buys ? inks.buy : inks.sell;
      for (let i = from; i < to; i++)
        if (this.fills.size[i] > 0 === buys) this._mark(u, i, radius * dpr, buys ? 1 : -1, ctx);
    }
    ctx.globalAlpha = 1;
  }

  // A triangle whose tip is at the price, below it for a purchase and above for a sale.
  _mark(u, i, r, down, ctx) {
    const x = u.valToPos(this.fills.bar[i], "x", true),
      y = u.valToPos(this.fills.price[i], "y", true);
    ctx.beginPath();
    ctx.moveTo(x, y);
    ctx.lineTo(x - r * 0.85, y + down * r * 1.6);
    ctx.lineTo(x + r * 0.85, y + down * r * 1.6);
    ctx.closePath();
    ctx.fill();
    if (r < MARK * devicePixelRatio) return;
    ctx.strokeStyle = inks.panel;
    ctx.lineWidth = devicePixelRatio;
    ctx.stroke();
  }

  _tripLines(u, view, ctx) {
    const dpr = devicePixelRatio;
    ctx.lineWidth = 1.3 * dpr;
    ctx.setLineDash([4 * dpr, 3 * dpr]);
    for (const trip of this.trips) {
      if (trip.exit === null || trip.to === null || trip.to < view.min || trip.from > view.max) continue;
      ctx.strokeStyle = trip.net >= 0 ? inks.up : inks.down;
      ctx.beginPath();
      ctx.moveTo(u.valToPos(trip.from, "x", true), u.valToPos(trip.entry, "y", true));
      ctx.lineTo(u.valToPos(trip.to, "x", true), u.valToPos(trip.exit, "y", true));
      ctx.stroke();
    }
    ctx.setLineDash([]);
  }

  // Orders with a price, from when they were sent to when they ended.
  _orderLines(u, view, ctx) {
    const dpr = devicePixelRatio;
    ctx.lineWidth = dpr;
    ctx.setLineDash([1.5 * dpr, 3 * dpr]);
    for (const order of this.orders) {
      const to = order.to ?? view.max;
      if (to < view.min || order.from > view.max) continue;
      ctx.strokeStyle = order.buy ? inks.buy : inks.sell;
      const y = Math.round(u.valToPos(order.price, "y", true)) + 0.5,
        end = u.valToPos(to, "x", true);
      ctx.beginPath();
      ctx.moveTo(u.valToPos(order.from, "x", true), y);
      ctx.lineTo(end, y);
      ctx.stroke();
      if (order.done) continue;
      ctx.setLineDash([]);
      ctx.beginPath(); // a cross where it ended without a fill
      for (const s of [-1, 1]) {
        ctx.moveTo(end - 3 * dpr, y - 3 * dpr * s);
        ctx.lineTo(end + 3 * dpr, y + 3 * dpr * s);
      }
      ctx.stroke();
      ctx.setLineDash([1.5 * dpr, 3 * dpr]);
    }
    ctx.setLineDash([]);
  }

  _shade(u, ctx, bbox) {
    const { from, to } = this.picked;
    const left = u.valToPos(from - 0.5, "x", true),
      right = u.valToPos((to ?? from) + 0.5, "x", true);
    ctx.fillStyle = inks.accent;
    ctx.globalAlpha = 0.1;
    ctx.fillRect(left, bbox.top, Math.max(right - left, 2), bbox.height);
    ctx.globalAlpha = 0.55;
    for (const x of [left, right]) ctx.fillRect(Math.round(x), bbox.top, 1, bbox.height);
    ctx.globalAlpha = 1;
  }

  // What is within reach of a point of the plot (CSS pixels): rows of fills, and rows of orders.
  under(u, view, x, y) {
    const reach = 9,
      at = (pixels) => u.posToVal(pixels, "x");
    const [first, after] = this.seen(view),
      radius = this.radius(after - first, u.bbox.width / devicePixelRatio);
    if (!radius) return null;
    const from = lowerBound(this.fills.bar, at(x - reach)),
      to = lowerBound(this.fills.bar, at(x + reach));
    let best = null,
      least = reach ** 2;
    for (let i = from; i < to; i++) {
      const side = this.fills.size[i] > 0 ? 1 : -1;
      const dx = u.valToPos(this.fills.bar[i], "x") - x,
        dy = u.valToPos(this.fills.price[i], "y") + side * radius - y;
      if (dx * dx + dy * dy < least) ((least = dx * dx + dy * dy), (best = i));
    }
    if (best !== null) {
      const same = [];
      for (let i = from; i < to; i++) if (this.fills.bar[i] === this.fills.bar[best]) same.push(this.fills.row[i]);
      return { fills: same.slice(0, 4), bar: this.fills.bar[best] };
    }
    if (radius !== MARK) return null;
    const order = this.orders.find(
      (each) => Math.abs(u.valToPos(each.price, "y") - y) < 4 && at(x) >= each.from && at(x) <= (each.to ?? view.max),
    );
    return order ? { orders: [order.row] } : null;
  }
}

// The marks of a feed under a strategy, from the tables.
function readMarks(feed, strategy) {
  const { fills, trips, orders } = page.doc,
    several = page.doc.strategies.length > 1;
  const ours = (table, i) => table.data[i] === feed && (!several || table.strategy[i] === strategy);
  const rows = fills.ref
    .map((_, i) => i)
    .filter((i) => ours(fills, i) && fills.bar[i] !== null)
    .sort((a, b) => fills.bar[a] - fills.bar[b] || a - b);
  const marked = {
    bar: rows.map((i) => fills.bar[i]),
    price: rows.map((i) => fills.price[i]),
    size: rows.map((i) => fills.size[i]),
    row: rows,
  };
  const lines = trips.ref
    .map((_, i) => i)
    .filter((i) => ours(trips, i) && trips.from[i] !== null)
    .map((i) => ({
      row: i,
      from: trips.from[i],
      to: trips.to[i],
      entry: trips.entry[i],
      exit: trips.exit[i],
      net: trips.net[i],
    }));
  const priced = orders.ref
    .map((_, i) => i)
    .filter((i) => ours(orders, i) && orders.price[i] !== null && orders.from[i] !== null)
    .map((i) => ({
      row: i,
      from: orders.from[i],
      to: orders.to[i],
      price: orders.price[i],
      buy: orders.buy[i],
      done: orders.status[i] === "Completed",
    }));
  return new Marks(marked, lines, priced);
}
