// Summaries for zooming out: level n has one value for 2**n bars, made when first asked for.
const JOIN = {
  first: (a) => a,
  last: (_, b) => b,
  max: (a, b) => (a > b ? a : b),
  min: (a, b) => (a < b ? a : b),
  sum: (a, b) => a + b,
  far: (a, b) => (Math.abs(a) > Math.abs(b) ? a : b),
};

class Levels {
  constructor(values, how) {
    this.levels = [values];
    this.join = JOIN[how];
  }

  at(level) {
    while (this.levels.length <= level) {
      const below = this.levels[this.levels.length - 1],
        last = below.length - 1,
        join = this.join;
      const next = new Float64Array(Math.ceil(below.length / 2));
      for (let i = 0; i < next.length; i++) {
        const a = below[2 * i],
          b = 2 * i < last ? below[2 * i + 1] : NaN;
        next[i] = b !== b ? a : a !== a ? b : join(a, b);
      }
      this.levels.push(next);
    }
    return this.levels[level];
  }
}

// A line keeps its extremes at every level, so no spike is ever lost.
class LineLevels {
  constructor(values) {
    this.values = values;
    this.low = new Levels(values, "min");
    this.high = new Levels(values, "max");
  }

  // Points for uPlot from bucket `from` to `to`: one a bar, or two a bucket, low and high by turns.
  points(level, from, to) {
    const out = new Array(level ? 2 * (to - from) : to - from);
    const low = this.low.at(level);
    if (!level) {
      for (let i = from; i < to; i++) out[i - from] = low[i] === low[i] ? low[i] : null;
      return out;
    }
    const high = this.high.at(level);
    for (let i = from, k = 0; i < to; i++, k += 2) {
      const gap = low[i] !== low[i],
        up = i & 1;
      out[k] = gap ? null : up ? low[i] : high[i];
      out[k + 1] = gap ? null : up ? high[i] : low[i];
    }
    return out;
  }
}

// The level at which [from, to) takes no more than `room` buckets.
function levelFor(from, to, room) {
  return Math.max(0, Math.ceil(Math.log2(Math.max(1, (to - from) / Math.max(room, 1)))));
}
