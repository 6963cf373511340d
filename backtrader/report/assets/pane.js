// One pane of a stack: what uPlot is told of it, and the columns it is drawn from.
const AXIS_WIDTH = 66;
const AXIS_HEIGHT = 26;

function paneOptions(stack, pane, last) {
  const axis = {
    stroke: () => inks.faint,
    grid: { stroke: () => inks.grid, width: 1 },
    ticks: { show: false },
    font: CANVAS_FONT,
  };
  const log = stack.log && pane.kind === "price";
  return {
    width: stack._width(),
    height: pane.height + (last ? AXIS_HEIGHT : 0),
    padding: [6, 0, last ? 0 : 6, 0],
    legend: { show: false },
    select: { show: false },
    cursor: {
      drag: { x: false, y: false },
      points: { show: false },
      move: (u, left, top) => [left < 0 ? left : stack._snap(u, left), top],
    },
    scales: {
      x: { time: false, auto: false, range: () => [stack.view.min, stack.view.max] },
      y: { distr: log ? 3 : 1, range: () => pane.extent || [0, 1] },
    },
    axes: [
      {
        ...axis,
        size: last ? AXIS_HEIGHT : 0,
        gap: 6,
        splits: () => stack.ticks.map((tick) => tick.at),
        values: () => stack.ticks.map((tick) => (last ? tick.text : "")),
      },
      {
        ...axis,
        side: 1,
        size: AXIS_WIDTH,
        gap: 8,
        space: pane.height < 150 ? 20 : 30,
        values: (u, splits) => valueLabels(u, splits, pane),
      },
    ],
    series: [{}, ...pane.series.map((series) => lineOptions(series))],
    hooks: {
      drawAxes: [(u) => stack._under(u, pane)],
      draw: [(u) => stack._over(u, pane)],
      setCursor: [(u) => stack._hover(u, pane)],
    },
  };
}

function lineOptions(series) {
  const plain = {
    label: series.name,
    stroke: () => ink(series.color),
    width: series.width || 1.5,
    points: { show: false },
  };
  if (series.style === "bar") return { ...plain, paths: () => null };
  if (series.style === "points")
    return { ...plain, paths: () => null, points: { show: true, size: 5, width: 0, fill: () => ink(series.color) } };
  if (series.dash) plain.dash = [5, 4];
  if (series.area) plain.fill = () => ink(series.area);
  if (series.steps) plain.paths = uPlot.paths.stepped({ align: 1 });
  return plain;
}

// Labels too near an edge would be cut.
function valueLabels(u, splits, pane) {
  const tall = u.bbox.height / devicePixelRatio;
  return splits.map((value) => {
    const y = u.valToPos(value, "y");
    return value === null || y < 5 || y > tall - 3 ? null : short(value) + (pane.percent ? "%" : "");
  });
}

function candleLevels({ open, high, low, close, volume }) {
  const of = (column, how) => new Levels(column.values, how);
  return {
    open: of(open, "first"),
    high: of(high, "max"),
    low: of(low, "min"),
    close: of(close, "last"),
    volume: of(volume, "sum"),
  };
}

// Where the two points of each bucket stand.
function pairs({ size, from, to }, bars) {
  return Float64Array.from({ length: 2 * (to - from) }, (_, i) =>
    Math.min((from + (i >> 1)) * size + size * (i & 1 ? 0.75 : 0.25) - 0.5, bars - 1),
  );
}
