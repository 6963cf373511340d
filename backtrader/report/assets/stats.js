// What the account tells beside its value: returns by day and month, draw-downs, a rolling Sharpe ratio.
const DAY = 86400;

// The last place of each day, and the return of each.
function byDay(time, values, start) {
  const ends = [],
    returns = [];
  for (let i = 0; i < time.length; i++)
    if (i + 1 === time.length || Math.floor(time[i + 1] / DAY) !== Math.floor(time[i] / DAY)) ends.push(i);
  let before = start;
  for (const i of ends) {
    returns.push(before ? values[i] / before - 1 : NaN);
    before = values[i];
  }
  return { ends, returns };
}

// [{year, months: [12 returns or null], total}], compounded.
function byMonth(time, values, start) {
  const years = [];
  let before = start;
  for (let i = 0; i < time.length; i++) {
    const date = new Date(time[i] * 1000),
      next = i + 1 < time.length ? new Date(time[i + 1] * 1000) : null;
    if (next && next.getUTCMonth() === date.getUTCMonth() && next.getUTCFullYear() === date.getUTCFullYear()) continue;
    const year = date.getUTCFullYear();
    if (!years.length || years[years.length - 1].year !== year)
      years.push({ year, months: Array(12).fill(null), from: before });
    const row = years[years.length - 1];
    row.months[date.getUTCMonth()] = before ? values[i] / before - 1 : NaN;
    row.total = row.from ? values[i] / row.from - 1 : NaN;
    before = values[i];
  }
  return years;
}

// How far below its high the account is, in percent; and each fall as [high, lowest, recovered or -1].
function drawdowns(values, start) {
  const depth = new Float64Array(values.length),
    falls = [];
  let high = start,
    fall = null;
  for (let i = 0; i < values.length; i++) {
    if (values[i] >= high) {
      high = values[i];
      if (fall) ((fall.until = i), (fall = null));
    } else {
      depth[i] = 100 * (values[i] / high - 1);
      if (!fall) falls.push((fall = { from: Math.max(i - 1, 0), low: i, until: -1, depth: 0 }));
      if (depth[i] < fall.depth) ((fall.depth = depth[i]), (fall.low = i));
    }
  }
  return { depth, falls };
}

// Mean over deviation of the last `window` returns, put on a year.
function rollingSharpe(returns, window, perYear) {
  const found = new Float64Array(returns.length).fill(NaN);
  let sum = 0,
    squares = 0;
  for (let i = 0; i < returns.length; i++) {
    sum += returns[i];
    squares += returns[i] ** 2;
    if (i >= window) ((sum -= returns[i - window]), (squares -= returns[i - window] ** 2));
    if (i < window - 1) continue;
    const mean = sum / window,
      variance = (squares - window * mean * mean) / (window - 1);
    found[i] = variance > 1e-18 ? (mean / Math.sqrt(variance)) * Math.sqrt(perYear) : NaN;
  }
  return found;
}

// Of one value a day, one at every place of the account.
function everyPlace(length, ends, values) {
  const found = new Float64Array(length).fill(NaN);
  ends.forEach((end, k) => found.fill(values[k], k ? ends[k - 1] + 1 : 0, end + 1));
  return found;
}

// Counts in bins of a round width, and the usual moments.
function distribution(returns) {
  const known = returns.filter(isNumber),
    n = known.length;
  const mean = known.reduce((a, b) => a + b, 0) / n;
  const deviation = Math.sqrt(known.reduce((a, r) => a + (r - mean) ** 2, 0) / Math.max(n - 1, 1));
  const skew = deviation ? known.reduce((a, r) => a + ((r - mean) / deviation) ** 3, 0) / n : NaN;
  const low = Math.min(...minMax(known)),
    high = Math.max(...minMax(known));
  const width = roundStep((Math.min(high, mean + 5 * deviation) - Math.max(low, mean - 5 * deviation)) / 34 || 0.001);
  const first = Math.floor(Math.max(low, mean - 5 * deviation) / width),
    last = Math.floor(Math.min(high, mean + 5 * deviation) / width);
  const counts = Array(last - first + 1).fill(0);
  for (const r of known) counts[Math.min(Math.max(Math.floor(r / width + 1e-9), first), last) - first]++;
  return { mean, deviation, skew, low, high, width, first, counts, n, positive: known.filter((r) => r > 0).length / n };
}

function minMax(values) {
  let low = Infinity,
    high = -Infinity;
  for (const v of values) ((low = v < low ? v : low), (high = v > high ? v : high));
  return [low, high];
}

function roundStep(rough) {
  const unit = 10 ** Math.floor(Math.log10(rough));
  return unit * [1, 2, 2.5, 5, 10].find((m) => m * unit >= rough * 0.999);
}

// The value of another series at each moment, or NaN before its first.
function asOf(time, otherTime, otherValues) {
  const found = new Float64Array(time.length);
  for (let i = 0, k = -1; i < time.length; i++) {
    while (k + 1 < otherTime.length && otherTime[k + 1] <= time[i]) k++;
    found[i] = k < 0 ? NaN : otherValues[k];
  }
  return found;
}
