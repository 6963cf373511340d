// Columns of numbers, as report/encode.py wrote them.
async function inflate(text) {
  const packed = atob(text),
    bytes = new Uint8Array(packed.length);
  for (let i = 0; i < packed.length; i++) bytes[i] = packed.charCodeAt(i);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

// An element's text is given up once it is read: it would stay in memory twice.
function take(id) {
  const node = byId(id),
    text = node.textContent;
  node.remove();
  return text;
}

const decoded = new WeakMap();
function decode(column) {
  if (!decoded.has(column)) decoded.set(column, decodeNow(column));
  return decoded.get(column);
}

async function decodeNow(column) {
  const text = take(`column-${column.data}`);
  return spread(column, unfold(column, text ? await inflate(text) : new Uint8Array(0)));
}

function unfold(column, raw) {
  const width = column.digits < 0 ? 8 : 4,
    count = raw.length / width;
  const found = new Float64Array(count);
  if (width === 8) {
    const plain = new Uint8Array(found.buffer);
    for (let rank = 0; rank < 8; rank++)
      for (let i = 0, from = rank * count; i < count; i++) plain[i * 8 + rank] = raw[from + i];
    return found;
  }
  const b1 = count,
    b2 = 2 * count,
    b3 = 3 * count,
    scale = 10 ** column.digits;
  for (let i = 0, sum = column.first || 0; i < count; i++) {
    const folded = (raw[i] | (raw[b1 + i] << 8) | (raw[b2 + i] << 16) | (raw[b3 + i] << 24)) >>> 0;
    sum += folded & 1 ? -((folded + 1) / 2) : folded / 2;
    found[i] = sum / scale;
  }
  return found;
}

// Back to their places, NaN where there is none.
function spread(column, present) {
  if (!column.gaps) return present;
  const out = new Float64Array(column.n);
  let from = 0,
    to = 0;
  for (const [start, length] of [...column.gaps, [column.n, 0]]) {
    out.set(present.subarray(from, from + start - to), to);
    from += start - to;
    to = start + length;
    out.fill(NaN, start, to);
  }
  return out;
}

// First place in a sorted column that is not below `value`.
function lowerBound(sorted, value, low = 0, high = sorted.length) {
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
