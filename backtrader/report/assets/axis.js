// Where the time axis has its labels: at the beginnings of minutes, hours, days, months, years.
const MINUTE = 60,
  HOUR = 3600;
const UNITS = [
  ...[1, 5, 15, 30].map((n) => ({ seconds: n * MINUTE })),
  ...[1, 2, 4, 6, 12].map((n) => ({ seconds: n * HOUR })),
  ...[1, 2, 7].map((n) => ({ seconds: n * DAY })),
  ...[1, 2, 3, 6].map((n) => ({ months: n, seconds: n * 30.4 * DAY })),
  ...[1, 2, 5, 10, 20].map((n) => ({ months: 12 * n, seconds: n * 365 * DAY })),
];
const TICK_ROOM = 84;

function timeTicks(time, min, max, pixels, step) {
  const from = Math.max(0, Math.ceil(min)),
    to = Math.min(time.length - 1, Math.floor(max));
  if (to < from) return [];
  const wanted = Math.max(1, pixels / TICK_ROOM),
    span = time[to] - time[from];
  // nights and week-ends have no bars: below a day it is the bars that count
  const length = (unit) => (unit.seconds < DAY ? (to - from + 1) * step : span) / unit.seconds;
  const unit = UNITS.find((each) => length(each) <= wanted) || UNITS[UNITS.length - 1];
  const found = boundaries(time, from, to, unit);
  const perBar = pixels / (max - min),
    kept = [];
  for (const tick of [...found].sort((a, b) => b.rank - a.rank || a.at - b.at)) {
    const x = (tick.at - min) * perBar;
    if (x < 26 || x > pixels - 26 || kept.some((k) => Math.abs(k.at - tick.at) * perBar < TICK_ROOM * 0.8)) continue;
    kept.push(tick);
  }
  kept.sort((a, b) => a.at - b.at);
  kept.forEach((tick, i) => (tick.text = tickText(time[tick.at], tick.rank, !i)));
  return kept;
}

// Bars at which a new unit begins, with the rank of what begins there: 0 time, 1 day, 2 month, 3 year.
function boundaries(time, from, to, unit) {
  const found = [];
  const add = (moment) => {
    const at = lowerBound(time, moment, from, to + 1);
    if (at > to || (found.length && found[found.length - 1].at === at)) return;
    const before = at ? time[at - 1] : -Infinity,
      now = new Date(time[at] * 1000),
      past = new Date(before * 1000);
    const rank = !at
      ? 1
      : now.getUTCFullYear() !== past.getUTCFullYear()
        ? 3
        : now.getUTCMonth() !== past.getUTCMonth()
          ? 2
          : Math.floor(before / DAY) !== Math.floor(time[at] / DAY)
            ? 1
            : 0;
    found.push({ at, rank });
  };
  if (unit.months) {
    const first = new Date(time[from] * 1000);
    let month = first.getUTCFullYear() * 12 + first.getUTCMonth();
    month -= month % unit.months;
    for (let moment = 0; moment <= time[to]; month += unit.months)
      add((moment = Date.UTC(Math.floor(month / 12), month % 12) / 1000));
  } else {
    for (let moment = Math.floor(time[from] / unit.seconds) * unit.seconds; moment <= time[to]; moment += unit.seconds)
      add(moment);
  }
  return found;
}

function tickText(seconds, rank, whole) {
  const d = new Date(seconds * 1000),
    month = MONTHS[page.language][d.getUTCMonth()],
    day = d.getUTCDate();
  const dayMonth = chinese() ? `${month}${day}日` : `${day} ${month}`,
    year = d.getUTCFullYear();
  if (rank === 3) return String(year);
  if (rank === 2) return whole ? (chinese() ? `${year}年${month}` : `${month} ${year}`) : month;
  if (rank === 1) return whole ? (chinese() ? `${year}年${dayMonth}` : `${dayMonth} ${year}`) : dayMonth;
  return `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}`;
}

// The usual distance of two bars in seconds: the median of some.
function usualStep(time) {
  const every = Math.max(1, Math.floor(time.length / 500)),
    steps = [];
  for (let i = 1; i < time.length; i += every) steps.push(time[i] - time[i - 1]);
  return steps.sort((a, b) => a - b)[steps.length >> 1] || 60;
}
