// The strip below a chart: the whole run, with a window on what is seen that can be dragged and stretched.
class Navigator {
  constructor(host, stack, values) {
    Object.assign(this, { host, stack, levels: new LineLevels(values), bars: values.length });
    this.canvas = el("canvas", { "aria-hidden": "true" });
    this.window = el(
      "div",
      { class: "window" },
      el("span", { class: "grip left" }),
      el("span", { class: "grip right" }),
    );
    host.replaceChildren(this.canvas, this.window);
    this.observer = new ResizeObserver(() => this.draw());
    this.observer.observe(host);
    stack.on("view", () => this.place());
    this.listen();
    this.draw();
  }

  destroy() {
    this.observer.disconnect();
    clear(this.host);
  }

  get width() {
    return Math.max(this.host.clientWidth - AXIS_WIDTH, 10);
  }

  draw() {
    const dpr = devicePixelRatio,
      width = this.width,
      height = this.host.clientHeight,
      { canvas } = this;
    canvas.width = width * dpr;
    canvas.height = height * dpr;
    canvas.style.width = `${width}px`;
    const level = levelFor(0, this.bars, width),
      size = 2 ** level,
      count = Math.ceil(this.bars / size);
    const low = this.levels.low.at(level),
      high = this.levels.high.at(level),
      [least, most] = [minMax(low)[0], minMax(high)[1]];
    const ctx = canvas.getContext("2d"),
      x = (i) => ((i * size + (size - 1) / 2 + 0.5) / this.bars) * canvas.width;
    const y = (v) => canvas.height - 2 * dpr - ((v - least) / (most - least || 1)) * (canvas.height - 8 * dpr);
    ctx.beginPath();
    ctx.moveTo(x(0), canvas.height);
    for (let i = 0; i < count; i++)
      if (high[i] === high[i]) (ctx.lineTo(x(i), y(high[i])), ctx.lineTo(x(i), y(low[i])));
    ctx.strokeStyle = inks.muted;
    ctx.lineWidth = dpr;
    ctx.stroke();
    ctx.lineTo(x(count - 1), canvas.height);
    ctx.closePath();
    ctx.fillStyle = inks.area;
    ctx.fill();
    this.place();
  }

  place() {
    const { min, max } = this.stack.view,
      scale = this.width / this.bars;
    const left = Math.max((min + 0.5) * scale, 0),
      wide = Math.max((max - min) * scale, 6);
    this.window.style.left = `${Math.min(left, this.width - wide)}px`;
    this.window.style.width = `${wide}px`;
  }

  listen() {
    const bar = (event) => ((event.clientX - this.host.getBoundingClientRect().left) / this.width) * this.bars - 0.5;
    let grip = null;
    this.host.addEventListener("pointerdown", (event) => {
      const { min, max } = this.stack.view,
        at = bar(event);
      const part = event.target.classList.contains("left")
        ? "left"
        : event.target.classList.contains("right")
          ? "right"
          : "whole";
      if (part === "whole" && (at < min || at > max)) this.stack.show(at - (max - min) / 2, at + (max - min) / 2);
      grip = { part, at, ...this.stack.view };
      this.host.setPointerCapture(event.pointerId);
      event.preventDefault();
    });
    this.host.addEventListener("pointermove", (event) => {
      if (!grip) return;
      const by = bar(event) - grip.at;
      if (grip.part === "left")
        this.stack.show(Math.max(Math.min(grip.min + by, grip.max - LEAST_BARS), -0.5), grip.max);
      else if (grip.part === "right")
        this.stack.show(grip.min, Math.min(Math.max(grip.max + by, grip.min + LEAST_BARS), this.bars - 0.5));
      else this.stack.show(grip.min + by, grip.max + by);
    });
    for (const name of ["pointerup", "pointercancel"]) this.host.addEventListener(name, () => (grip = null));
  }
}
