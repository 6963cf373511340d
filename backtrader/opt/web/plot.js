// A canvas that fits its room, is drawn again when anything changes, and says what is under the pointer.
const plots = new Set();
function repaintPlots() {
  for (const plot of plots) plot.paint();
}

class Plot {
  // `draw(plot)` paints; `hover(x, y)` gives {text: [...], x, y, mark?} or null; `click(found)` is told of it.
  constructor(host, { height, draw, hover = null, click = null, margin = {}, label = "" }) {
    Object.assign(this, { host, height, drawing: draw, hover, click });
    this.margin = { left: 52, right: 14, top: 10, bottom: 34, ...margin };
    this.canvas = el("canvas", { role: "img", "aria-label": label });
    this.over = el("canvas", { class: "over", "aria-hidden": "true" });
    this.tip = el("div", { class: "tip", hidden: true });
    this.stage = el("div", { class: "plot" }, this.canvas, this.over, this.tip);
    host.replaceChildren(this.stage);
    this.stage.addEventListener("pointermove", (event) => this.point(event));
    this.stage.addEventListener("pointerleave", () => this.leave());
    if (click)
      this.stage.addEventListener("click", (event) => {
        this.point(event);
        if (this.found) click(this.found);
      });
    this.observer = new ResizeObserver(() => this.paint());
    this.observer.observe(this.stage);
    plots.add(this);
    this.paint();
  }

  destroy() {
    this.observer.disconnect();
    plots.delete(this);
    this.host.replaceChildren();
  }

  paint() {
    const width = this.stage.clientWidth;
    if (!width) return;
    const height = typeof this.height === "function" ? this.height(width) : this.height,
      dpr = devicePixelRatio;
    for (const canvas of [this.canvas, this.over]) {
      if (canvas.width !== Math.round(width * dpr) || canvas.height !== Math.round(height * dpr)) {
        canvas.width = Math.round(width * dpr);
        canvas.height = Math.round(height * dpr);
        canvas.style.height = `${height}px`;
      }
    }
    const { left, right, top, bottom } = this.margin;
    Object.assign(this, { width, tall: height, box: { left, top, right: width - right, bottom: height - bottom } });
    this.box.width = this.box.right - left;
    this.box.height = this.box.bottom - top;
    const ctx = (this.ctx = this.canvas.getContext("2d"));
    ctx.setTransform(dpr, 0, 0, dpr, 0, 0);
    ctx.clearRect(0, 0, width, height);
    ctx.font = FONT;
    ctx.lineJoin = "round";
    this.labels = [];
    this.drawing(this);
    this.leave();
  }

  point(event) {
    if (!this.hover || !this.box) return;
    const room = this.canvas.getBoundingClientRect();
    this.show(this.hover(event.clientX - room.left, event.clientY - room.top));
  }

  show(found) {
    if (!found) return this.leave();
    this.found = found;
    this.stage.classList.toggle("pointing", Boolean(this.click));
    const ctx = this.clearOver();
    if (found.mark) found.mark(ctx);
    this.tip.replaceChildren(...found.text.map((line, k) => el("div", { class: k ? "" : "first" }, line)));
    this.tip.hidden = false;
    const wide = this.tip.offsetWidth,
      tall = this.tip.offsetHeight;
    const left = found.x + 14 + wide > this.width ? found.x - wide - 14 : found.x + 14;
    this.tip.style.left = `${Math.max(0, Math.min(left, this.width - wide))}px`;
    this.tip.style.top = `${Math.max(0, Math.min(found.y - tall / 2, this.tall - tall))}px`;
  }

  clearOver() {
    const ctx = this.over.getContext("2d"),
      dpr = devicePixelRatio;
    ctx.setTransform(dpr, 0, 0, dpr, 0, 0);
    ctx.clearRect(0, 0, this.width, this.tall);
    ctx.font = FONT;
    return ctx;
  }

  leave() {
    this.found = null;
    this.tip.hidden = true;
    this.stage.classList.remove("pointing");
    if (this.width) this.clearOver();
  }

  // Text that is drawn is noted, so that a test can ask whether any of it meets.
  text(words, x, y, { align = "left", base = "middle", color = inks.muted, turn = 0, bold = false } = {}) {
    const { ctx } = this;
    ctx.fillStyle = color;
    ctx.textAlign = align;
    ctx.textBaseline = base;
    if (bold) ctx.font = `600 ${FONT}`;
    const wide = ctx.measureText(words).width;
    if (turn) {
      ctx.save();
      ctx.translate(x, y);
      ctx.rotate(turn);
      ctx.fillText(words, 0, 0);
      ctx.restore();
    } else {
      ctx.fillText(words, x, y);
      const left = align === "center" ? x - wide / 2 : align === "right" ? x - wide : x;
      this.labels.push({ words, left, right: left + wide, y });
    }
    if (bold) ctx.font = FONT;
    return wide;
  }

  // Long words end in an ellipsis.
  fit(words, room) {
    const { ctx } = this;
    if (ctx.measureText(words).width <= room) return words;
    let end = words.length;
    while (end > 1 && ctx.measureText(`${words.slice(0, end)}…`).width > room) end--;
    return `${words.slice(0, end)}…`;
  }

  line(points, color, width = 1.5, dash = []) {
    const { ctx } = this;
    ctx.strokeStyle = color;
    ctx.lineWidth = width;
    ctx.setLineDash(dash);
    ctx.beginPath();
    let down = false;
    for (const [x, y] of points) {
      if (!Number.isFinite(x) || !Number.isFinite(y)) down = false;
      else if (down) ctx.lineTo(x, y);
      else (ctx.moveTo(x, y), (down = true));
    }
    ctx.stroke();
    ctx.setLineDash([]);
  }

  rule(x1, y1, x2, y2, color = inks.grid) {
    const { ctx } = this;
    ctx.strokeStyle = color;
    ctx.lineWidth = 1;
    ctx.beginPath();
    ctx.moveTo(Math.round(x1) + 0.5, Math.round(y1) + 0.5);
    ctx.lineTo(Math.round(x2) + 0.5, Math.round(y2) + 0.5);
    ctx.stroke();
  }

  dot(x, y, size, color) {
    const { ctx } = this;
    ctx.fillStyle = color;
    ctx.beginPath();
    ctx.arc(x, y, size, 0, 7);
    ctx.fill();
  }

  axisY(scale, label, say = short) {
    const { box } = this;
    for (const v of scale.ticks(Math.max(2, Math.floor(box.height / 42)))) {
      const y = scale.at(v);
      if (y < box.top - 1 || y > box.bottom + 1) continue;
      this.rule(box.left, y, box.right, y);
      this.text(say(v), box.left - 7, y, { align: "right", color: inks.faint });
    }
    if (label) this.text(this.fit(label, box.height), 11, (box.top + box.bottom) / 2, { align: "center", turn: -Math.PI / 2 });
  }

  axisX(scale, label, say = short) {
    const { box } = this;
    this.rule(box.left, box.bottom, box.right, box.bottom, inks.line);
    this.along(scale.ticks(Math.max(2, Math.floor(box.width / 80))).map((v) => [scale.at(v), say(v)]));
    if (label) this.text(this.fit(label, box.width), (box.left + box.right) / 2, this.tall - 7, { align: "center" });
  }

  // Labels below, as many as have room.
  along(places, y = this.box.bottom + 11) {
    let end = -Infinity;
    for (const [x, words] of places) {
      const half = this.ctx.measureText(words).width / 2;
      const at = Math.min(Math.max(x, half + 1), this.width - half - 1);
      if (at - half < end + 8 || x < this.box.left - 1 || x > this.box.right + 1) continue;
      this.text(words, at, y, { align: "center", color: inks.faint });
      end = at + half;
    }
  }
}

// The nearest of some points, for pointers; cells of a net find it at once among many.
class Near {
  constructor(points, cell = 24) {
    this.cell = cell;
    this.points = points;
    this.net = new Map();
    points.forEach(([x, y], i) => {
      const key = this.key(x, y);
      if (!this.net.has(key)) this.net.set(key, []);
      this.net.get(key).push(i);
    });
  }
  key(x, y) {
    return Math.floor(x / this.cell) * 100003 + Math.floor(y / this.cell);
  }
  find(x, y) {
    let best = null,
      least = this.cell ** 2;
    for (const dx of [-1, 0, 1])
      for (const dy of [-1, 0, 1])
        for (const i of this.net.get(this.key(x + dx * this.cell, y + dy * this.cell)) || []) {
          const [px, py] = this.points[i],
            far = (px - x) ** 2 + (py - y) ** 2;
          if (far < least) ((least = far), (best = this.points[i]));
        }
    return best;
  }
}
