// The same map as a surface that can be turned: corners are the middles of cells, the highest is the best.
class Relief {
  constructor() {
    this.turn = -0.7;
    this.tilt = 0.62;
  }

  project(x, y, z) {
    const c = Math.cos(this.turn),
      s = Math.sin(this.turn);
    const across = x * c - y * s,
      deep = x * s + y * c;
    return [
      this.middle[0] + across * this.size,
      this.middle[1] + (deep * Math.sin(this.tilt) - z * Math.cos(this.tilt)) * this.size,
      deep * Math.cos(this.tilt) + z * Math.sin(this.tilt),
    ];
  }

  // As large as there is room for the block the surface stands in, turned as it is, and its labels.
  place({ left, right, top, bottom, width, height }) {
    Object.assign(this, { middle: [0, 0], size: 1 });
    const ends = [-0.58, 0.58].flatMap((x) => [-0.58, 0.58].flatMap((y) => [-0.375, 0.375].map((z) => this.project(x, y, z))));
    const [low, high] = range(ends.map((p) => p[1])),
      [first, last] = range(ends.map((p) => p[0]));
    this.size = Math.min((width - Math.min(120, width * 0.25)) / (last - first), (height - 16) / (high - low));
    this.middle = [(left + right) / 2 - ((first + last) / 2) * this.size, (top + bottom) / 2 - ((low + high) / 2) * this.size];
  }

  draw(plot, map) {
    const { x, y, cells, shade } = map;
    this.place(plot.box);
    const height = (value) => (map.relative(value) - 0.5) * 0.75;
    const at = (i, j) => [x.count > 1 ? i / (x.count - 1) - 0.5 : 0, y.count > 1 ? j / (y.count - 1) - 0.5 : 0];
    this.floor(plot, map);
    const points = new Map(),
      faces = [];
    for (let j = 0; j < y.count; j++)
      for (let i = 0; i < x.count; i++) {
        const value = cells.values[j * x.count + i];
        if (value === value) points.set(j * x.count + i, this.project(...at(i, j), height(value)));
      }
    for (let j = 0; j + 1 < y.count; j++)
      for (let i = 0; i + 1 < x.count; i++) {
        const corners = [j * x.count + i, j * x.count + i + 1, (j + 1) * x.count + i + 1, (j + 1) * x.count + i].filter((k) => points.has(k));
        if (corners.length > 2) faces.push(corners);
      }
    const used = new Set(faces.flat());
    const things = faces.map((corners) => ({ corners, deep: corners.reduce((sum, k) => sum + points.get(k)[2], 0) / corners.length }));
    for (const [k, point] of points) if (!used.has(k)) things.push({ alone: k, deep: point[2] });
    things.sort((a, b) => a.deep - b.deep);
    const { ctx } = plot,
      lined = faces.length < 3000;
    for (const { corners, alone } of things) {
      if (alone !== undefined) {
        const [i, j] = [alone % x.count, Math.floor(alone / x.count)];
        const [px, py] = points.get(alone),
          [fx, fy] = this.project(...at(i, j), -0.375);
        plot.line([[px, py], [fx, fy]], inks.faint, 1); // prettier-ignore
        plot.dot(px, py, 3, shade.color(cells.values[alone]));
        continue;
      }
      const mean = corners.reduce((sum, k) => sum + shade.part(cells.values[k]), 0) / corners.length;
      ctx.beginPath();
      corners.forEach((k, n) => (n ? ctx.lineTo(...points.get(k).slice(0, 2)) : ctx.moveTo(...points.get(k).slice(0, 2))));
      ctx.closePath();
      ctx.fillStyle = ctx.strokeStyle = rampColor(mean);
      ctx.fill();
      if (lined) ctx.strokeStyle = "rgba(255,255,255,0.35)";
      ctx.lineWidth = 0.7;
      ctx.stroke();
    }
    if (map.best >= 0 && points.has(map.best)) {
      const [px, py] = points.get(map.best);
      plot.dot(px, py, 5, inks.panel);
      plot.dot(px, py, 3.5, inks.ink);
    }
    this.points = points;
  }

  floor(plot, map) {
    const { x, y } = map,
      low = -0.375;
    const corner = (a, b) => this.project(a, b, low);
    for (let k = 0; k <= 5; k++) {
      const v = k / 5 - 0.5;
      plot.line([corner(v, -0.5), corner(v, 0.5)], inks.grid, 1);
      plot.line([corner(-0.5, v), corner(0.5, v)], inks.grid, 1);
    }
    // names stand on the two edges nearest to the reader
    const front = (a, b) => (this.project(...a, 0)[2] > this.project(...b, 0)[2] ? a : b);
    const [, by] = front([0, -0.5], [0, 0.5]),
      [bx] = front([-0.5, 0], [0.5, 0]);
    const label = (words, px, py, bold) => {
      const [u, v] = this.project(px, py, low);
      const out = Math.sign(u - this.middle[0]) || 1;
      plot.text(plot.fit(words, 120), u + out * 8, v + 11, { align: Math.abs(u - this.middle[0]) < 20 ? "center" : out > 0 ? "left" : "right", color: bold ? inks.ink : inks.faint, bold });
    };
    const away = 0.07;
    label(x.name, 0, by + Math.sign(by) * away, true);
    label(y.name, bx + Math.sign(bx) * away, 0, true);
    label(x.shorts[0], -0.44, by + Math.sign(by) * 0.03);
    label(x.shorts[x.count - 1], 0.44, by + Math.sign(by) * 0.03);
    label(y.shorts[0], bx + Math.sign(bx) * 0.03, -0.44);
    label(y.shorts[y.count - 1], bx + Math.sign(bx) * 0.03, 0.44);
  }

  hover(map, px, py) {
    let best = null,
      least = 400;
    for (const [k, [x, y]] of this.points || []) {
      const far = (x - px) ** 2 + (y - py) ** 2;
      if (far < least) ((least = far), (best = k));
    }
    if (best === null) return null;
    const { x, y, cells } = map,
      [u, v] = this.points.get(best);
    return {
      text: [`${columnTitle(map.key)} ${sig(cells.values[best])}`, `${x.name}  ${x.texts[best % x.count]}`, `${y.name}  ${y.texts[Math.floor(best / x.count)]}`],
      x: u,
      y: v,
      row: cells.rows[best],
      mark: (ctx) => {
        ctx.strokeStyle = inks.accent;
        ctx.lineWidth = 2;
        ctx.beginPath();
        ctx.arc(u, v, 6, 0, 7);
        ctx.stroke();
      },
    };
  }

  // Drag to turn; arrow keys do the same.
  listen(plot) {
    const { stage } = plot;
    let last = null;
    stage.addEventListener("pointerdown", (event) => {
      if (!this.on()) return;
      last = [event.clientX, event.clientY];
      stage.setPointerCapture(event.pointerId);
    });
    stage.addEventListener("pointermove", (event) => {
      if (!last) return;
      this.by((event.clientX - last[0]) / 140, (event.clientY - last[1]) / 180, plot);
      last = [event.clientX, event.clientY];
    });
    for (const name of ["pointerup", "pointercancel"]) stage.addEventListener(name, () => (last = null));
    stage.tabIndex = 0;
    stage.addEventListener("keydown", (event) => {
      const move = { ArrowLeft: [-0.12, 0], ArrowRight: [0.12, 0], ArrowUp: [0, -0.08], ArrowDown: [0, 0.08] }[event.key];
      if (move && this.on()) (event.preventDefault(), this.by(...move, plot));
    });
  }

  by(turn, tilt, plot) {
    this.turn -= turn;
    this.tilt = Math.max(0.12, Math.min(1.45, this.tilt + tilt));
    plot.paint();
  }
}
