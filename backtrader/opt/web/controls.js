// Choosing what is shown; choices outlive a change of language or new runs.
const chosen = {};

function choice(label, key, options, onchange) {
  if (!options.some(([value]) => value === chosen[key])) chosen[key] = options[0]?.[0];
  const select = el(
    "select",
    { "data-choice": key, onchange: () => ((chosen[key] = select.value), onchange()) },
    options.map(([value, words]) => el("option", { value, selected: value === chosen[key] }, words)),
  );
  return el("label", { class: "choice" }, label, select);
}

function toggle(key, options, onchange) {
  if (!options.some(([value]) => value === chosen[key])) chosen[key] = options[0][0];
  const buttons = options.map(([value, words]) =>
    el("button", { type: "button", class: "chip", "data-choice": `${key}:${value}`, "aria-pressed": String(value === chosen[key]), onclick: () => press(value) }, words),
  );
  const press = (value) => {
    chosen[key] = value;
    buttons.forEach((button, k) => button.setAttribute("aria-pressed", String(options[k][0] === value)));
    onchange();
  };
  return el("div", { class: "chips" }, buttons);
}

// What may be painted or put on an axis: scores and metrics that differ between runs.
function measures(runs, params = false) {
  const found = page.objectives.length > 1 ? page.objectives.map((o, k) => [`score:${k}`, objectiveTitle(o)]) : [["score", objectiveTitle(page.objectives[0])]];
  const own = new Set(page.objectives.map((o) => o.name));
  for (const metric of runs.metrics) if (!own.has(metric.key) && range(metric.data)) found.push([`metric:${metric.key}`, metricTitle(metric.key)]);
  if (params) for (const param of runs.varied) found.push([`param:${param.name}`, param.name]);
  return found;
}

function columnTitle(key) {
  const [kind, rest] = key.split(/:(.*)/s);
  if (kind === "score") return objectiveTitle(page.objectives[Number(rest || 0)]);
  if (kind === "metric") return metricTitle(rest);
  return kind === "param" ? rest : t(kind);
}

// Parameters that differ between runs, those that matter most first.
function byImportance(runs) {
  const rank = new Map((page.doc.analysis?.importance || []).map((each, place) => [each.name, place]));
  return [...runs.varied].sort((a, b) => (rank.get(a.name) ?? 99) - (rank.get(b.name) ?? 99));
}

// A run in a few lines, for a tip.
function runTip(runs, i, more = []) {
  const lines = [`#${runs.number[i]}  ${objectiveTitle(page.objectives[0])} ${sig(runs.score[i])}`, ...more];
  const params = runs.params.filter((p) => p.data[i] === p.data[i]);
  for (const p of params.slice(0, 10)) lines.push(`${p.name}  ${runs.paramText(p, i)}`);
  if (params.length > 10) lines.push("…");
  return lines;
}

function card(id, title, ...parts) {
  return el("section", { class: "card", id }, el("h2", {}, title), ...parts);
}
const part = (name, ...more) => el("div", { id: `${name}-body`, ...more[0] });
