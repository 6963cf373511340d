// What people write into the filter field: words, and comparisons such as net>100 or bars<=5.
const COMPARISON = /^([a-z_][\w.-]*)(>=|<=|!=|>|<|=)(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/i;
const HOLDS = {
  ">": (a, b) => a > b,
  "<": (a, b) => a < b,
  ">=": (a, b) => a >= b,
  "<=": (a, b) => a <= b,
  "=": (a, b) => a === b,
  "!=": (a, b) => a !== b,
};

// A test of rows: all words must be found in the row's text, all comparisons must hold.
function parseFilter(text, columns) {
  const tests = [];
  for (const word of text.trim().toLowerCase().split(/\s+/).filter(Boolean)) {
    const found = COMPARISON.exec(word),
      column = found && columns.find((c) => c.key.toLowerCase() === found[1]);
    if (column) {
      const wanted = Number(found[3]);
      tests.push((i) => isNumber(column.value(i)) && HOLDS[found[2]](column.value(i), wanted));
    } else {
      tests.push((i) => columns.some((c) => c.text(i).toLowerCase().includes(word)));
    }
  }
  return tests.length ? (i) => tests.every((test) => test(i)) : null;
}

function toCsv(columns, rows) {
  const quote = (value) => (/[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  const words = WORDS[page.language].columns,
    lines = [columns.map((c) => quote(c.title ?? words[c.key])).join(",")];
  for (const i of rows) lines.push(columns.map((c) => quote(c.plain ? c.plain(i) : c.text(i))).join(","));
  return `\ufeff${lines.join("\r\n")}\r\n`;
}
