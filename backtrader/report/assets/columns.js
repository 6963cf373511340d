// Columns of numbers, as report/encode.py wrote them, and their summaries for zooming out.
"use strict";

async function inflate(text) {
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

async function decode(column) {
  const out = new Float64Array(column.n);
  const raw = column.data ? await inflate(column.data) : new Uint8Array(0);
  const width = column.digits < 0 ? 8 : 4;
  const count = raw.length / width;
  const present = new Float64Array(count);
  if (column.digits < 0) {
    const plain = new Uint8Array(raw.length);
    for (let rank = 0; rank < 8; rank++)
      for (let i = 0, from = rank * count; i < count; i++) plain[i * 8 + rank] = raw[from + i];
    present.set(new Float64Array(plain.buffer));
  } else {
    const b1 = count, b2 = 2 * count, b3 = 3 * count, scale = 10 ** column.digits;
    for (let i = 0, sum = 0; i < count; i++) {
      const folded = (raw[i] | (raw[b1 + i] << 8) | (raw[b2 + i] << 16) | (raw[b3 + i] << 24)) >>> 0;
      sum += folded & 1 ? -((folded + 1) / 2) : folded / 2;
      present[i] = sum / scale;
    }
  }
  let from = 0, to = 0;
  for (const [start, length] of [...(column.gaps || []), [column.n, 0]]) {
    out.set(present.subarray(from, from + start - to), to);
    from += start - to;
    to = start + length;
    out.fill(NaN, start, to);
  }
  return out;
}

// A column halved again and again: level n holds one value for 2**n bars.
class Levels {
  constructor(values, join) {
    this.levels = [values];
    this.join = join;
  }
  at(level) {
    while (this.levels.length <= level) {
      const below = this.levels[this.levels.length - 1], n = Math.ceil(below.length / 2);
      const next = new Float64Array(n);
      for (let i = 0; i < n; i++) {
        const a = below[2 * i], b = 2 * i + 1 < below.length ? below[2 * i + 1] : NaN;
        next[i] = Number.isNaN(b) ? a : Number.isNaN(a) ? b : this.join(a, b);
      }
      this.levels.push(next);
    }
    return this.levels[level];
  }
}

const join = {
  first: (a) => a,
  last: (_, b) => b,
  max: (a, b) => (a > b ? a : b),
  min: (a, b) => (a < b ? a : b),
  sum: (a, b) => a + b,
};

// The level at which [from, to) takes no more than `room` points.
function levelFor(from, to, room) {
  return Math.max(0, Math.ceil(Math.log2(Math.max(1, (to - from) / Math.max(room, 1)))));
}

// First place in a sorted column that is not below `value`.
function lowerBound(sorted, value) {
  let low = 0, high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
