// Moving and zooming a stack: mouse, wheel, fingers and keys.
const SCROLL_PAUSE = 350; // ms in which a page that is being scrolled keeps the wheel

let scrolled = -Infinity;
addEventListener("scroll", () => (scrolled = performance.now()), { passive: true });

function handle(stack) {
  const { host } = stack,
    plotLeft = () => stack.panes[0].plot.over.getBoundingClientRect();
  const barAt = (clientX) => {
    const box = plotLeft();
    return stack.view.min + ((clientX - box.left) / box.width) * (stack.view.max - stack.view.min);
  };
  const perPixel = () => (stack.view.max - stack.view.min) / plotLeft().width;

  host.addEventListener(
    "wheel",
    (event) => {
      const across = Math.abs(event.deltaX) > Math.abs(event.deltaY),
        out = event.deltaY > 0;
      if (!across && !event.ctrlKey && ((out && stack.whole) || performance.now() - scrolled < SCROLL_PAUSE)) return;
      event.preventDefault();
      scrolled = -Infinity;
      if (across) return stack.move(event.deltaX * perPixel());
      const turn = Math.min(Math.abs(event.deltaY) * (event.deltaMode ? 30 : 1), 150);
      stack.zoom(Math.exp(((out ? 1 : -1) * turn) / 350), barAt(event.clientX));
    },
    { passive: false },
  );

  const fingers = new Map();
  let grip = null;
  const hold = () => {
    const xs = [...fingers.values()];
    grip = {
      view: { ...stack.view },
      centre: xs.reduce((a, b) => a + b, 0) / xs.length,
      apart: xs.length > 1 ? Math.abs(xs[0] - xs[1]) : 0,
    };
  };
  host.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    fingers.set(event.pointerId, event.clientX);
    hold();
    grip.start = [event.clientX, event.clientY];
  });
  host.addEventListener("pointermove", (event) => {
    if (!fingers.has(event.pointerId)) return;
    fingers.set(event.pointerId, event.clientX);
    if (grip.start && Math.hypot(event.clientX - grip.start[0], event.clientY - grip.start[1]) < 4) return;
    if (!host.hasPointerCapture(event.pointerId)) host.setPointerCapture(event.pointerId);
    grip.start = null;
    host.classList.add("moving");
    const xs = [...fingers.values()],
      width = plotLeft().width,
      span = grip.view.max - grip.view.min;
    if (xs.length > 1 && grip.apart > 10) {
      const wide = span * Math.min(Math.max(grip.apart / Math.max(Math.abs(xs[0] - xs[1]), 10), 0.02), 50);
      const at = grip.view.min + ((grip.centre - plotLeft().left) / width) * span,
        part = (at - grip.view.min) / span;
      stack.show(at - wide * part, at + wide * (1 - part));
    } else {
      const by = ((grip.centre - xs[0]) / width) * span;
      stack.show(grip.view.min + by, grip.view.max + by);
    }
  });
  const letGo = (event) => {
    if (!fingers.delete(event.pointerId)) return;
    host.classList.remove("moving");
    if (event.type === "pointerup" && grip && grip.start) stack.listeners.point.forEach((listener) => listener(event));
    if (fingers.size) hold();
  };
  host.addEventListener("pointerup", letGo);
  host.addEventListener("pointercancel", letGo);
  host.addEventListener("dblclick", () => stack.show(-0.5, stack.bars - 0.5));

  host.tabIndex = 0;
  host.addEventListener("keydown", (event) => {
    const span = stack.view.max - stack.view.min;
    const step = { ArrowLeft: -0.1, ArrowRight: 0.1, PageUp: -0.9, PageDown: 0.9 }[event.key];
    const zoom = { "+": 0.7, "=": 0.7, "-": 1 / 0.7, ArrowUp: 0.7, ArrowDown: 1 / 0.7 }[event.key];
    if (step) stack.move(step * span);
    else if (zoom) stack.zoom(zoom);
    else if (event.key === "Home") stack.show(-0.5, span - 0.5);
    else if (event.key === "End") stack.show(stack.bars - 0.5 - span, stack.bars - 0.5);
    else if (event.key === "0") stack.show(-0.5, stack.bars - 0.5);
    else return;
    event.preventDefault();
  });
}
