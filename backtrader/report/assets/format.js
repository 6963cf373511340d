// Numbers, moments and elements.
const two = (n) => String(n).padStart(2, "0");
const isNumber = (v) => v !== null && v !== undefined && !Number.isNaN(v);

function moment(seconds, intraday) {
  if (!isNumber(seconds)) return "–";
  const d = new Date(seconds * 1000);
  const day = `${d.getUTCFullYear()}-${two(d.getUTCMonth() + 1)}-${two(d.getUTCDate())}`;
  if (!intraday) return day;
  const tail = d.getUTCSeconds() ? `:${two(d.getUTCSeconds())}` : "";
  return `${day} ${two(d.getUTCHours())}:${two(d.getUTCMinutes())}${tail}`;
}

const formats = new Map();
function fixed(value, least, most = least) {
  const key = least * 100 + most;
  if (!formats.has(key))
    formats.set(key, new Intl.NumberFormat("en-US", { minimumFractionDigits: least, maximumFractionDigits: most }));
  return formats.get(key).format(value).replace("-", "−");
}

// A value of a column with the decimals the column has: what is shown is what was computed.
function exact(value, digits) {
  if (!isNumber(value)) return "–";
  if (digits < 0 || digits > 6) return fixed(value, 0, Math.min(digits < 0 ? 8 : digits, 12));
  return fixed(value, digits > 4 ? 2 : digits, digits);
}

const money = (value) => (value === "inf" ? "∞" : isNumber(value) ? fixed(value, 2) : "–");
const whole = (value) => (isNumber(value) ? fixed(value, 0, 8) : "–");
const signed = (value, digits = 2) => (isNumber(value) ? (value > 0 ? "+" : "") + fixed(value, digits) : "–");

// Few characters: for axes.
function short(value) {
  if (!isNumber(value)) return "";
  const size = Math.abs(value);
  for (const [unit, letter] of [
    [1e12, "T"],
    [1e9, "B"],
    [1e6, "M"],
  ])
    if (size >= unit) return fixed(value / unit, 0, 2) + letter;
  if (size >= 1e5) return fixed(value / 1e3, 0, 1) + "k";
  return fixed(value, 0, size >= 1000 ? 1 : size >= 1 || !size ? 2 : Math.min(12, 2 - Math.floor(Math.log10(size))));
}

function ofUnit(value, unit) {
  if (value === "inf") return "∞";
  if (!isNumber(value)) return "–";
  if (unit === "count") return fixed(value, 0);
  if (unit === "bars") return `${fixed(value, 0)} ${t("bars")}`;
  return fixed(value, 2) + (unit === "%" ? " %" : "");
}

const tone = (value) => (value > 0 ? "gain" : value < 0 ? "loss" : "");

function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "class") made.className = value;
    else if (name === "style") made.style.cssText = value;
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return made;
}
const byId = (id) => document.getElementById(id);
const clear = (node) => (node.replaceChildren(), node);
const empty = (...said) => el("p", { class: "empty" }, ...said);
const barsWord = (n) => (n === 1 ? t("oneBar") : t("barsOf", { n: fixed(n, 0) }));
