// What was searched, and with what: for whoever wants to do it again.
function spaceText(each) {
  const parts = [];
  if (each.kind === "derived") parts.push(t("derivedBy", { name: each.value }));
  else if (each.values) parts.push(each.values.slice(0, 12).map((v) => (typeof v === "object" ? JSON.stringify(v) : String(v))).join(", ") + (each.values.length > 12 ? `, … (${each.values.length})` : "")); // prettier-ignore
  else {
    parts.push(`${sig(each.low, 6)} – ${sig(each.high, 6)}`);
    if (each.step) parts.push(t("stepOf", { n: sig(each.step, 6) }));
    if (each.log) parts.push(t("logarithmic"));
    if (each.num) parts.push(t("points", { n: each.num }));
  }
  if (each.when) parts.push(t("whenIs", { text: Object.entries(each.when).map(([k, v]) => `${k} = ${v}`).join(", ") })); // prettier-ignore
  return parts.join(", ");
}

// Where the space itself is not known: what was tried.
function seenSpace(name) {
  const param = page.runs.param(name),
    { values, texts } = page.runs.levels(param);
  if (param.labels || values.length <= 12) return { name, values: texts, kind: "choice" };
  return { name, low: values[0], high: values[values.length - 1], kind: "float" };
}

function buildSpace(host) {
  const { study, analysis } = page.doc,
    space = study.space,
    better = new Map((analysis?.recommended || []).map((each) => [each.name, each]));
  const varied = page.runs ? page.runs.params.map((p) => p.name) : [];
  const rows = (space?.params || varied.map(seenSpace)).map((each) =>
    el("tr", {}, el("th", { scope: "row" }, each.name), el("td", {}, spaceText(each)), el("td", { class: "faint" }, better.has(each.name) ? spaceText(better.get(each.name)) : "")),
  );
  host.replaceChildren(
    el("div", { class: "scroll-x" }, el("table", { class: "told" }, el("thead", {}, el("tr", {}, el("th", {}, t("param")), el("th", {}, t("searched")), el("th", {}, better.size ? t("searchNext") : ""))), el("tbody", {}, rows))),
    ...(space?.constraints?.length ? [el("p", { class: "note" }, t("constraintsAre", { text: space.constraints.join("; ") }))] : []),
    ...(better.size ? [el("p", { class: "hint" }, t("recommendedText"))] : []),
  );
}

function buildSettings(host) {
  const { study, environment } = page.doc;
  const rows = page.objectives.map((o) => [t("objective"), t(o.maximize ? "largest" : "smallest", { name: objectiveTitle(o) }) + (o.constraints?.length ? ` (${o.constraints.join(", ")})` : "")]);
  for (const [name, value] of Object.entries(study.settings)) rows.push([t(`s_${name}`) === `s_${name}` ? name : t(`s_${name}`), typeof value === "object" ? JSON.stringify(value) : String(value)]);
  if (study.stopped) rows.push([t("stoppedBy"), study.stopped]);
  if (study.updated) rows.push([t("updated"), local(study.updated)]);
  for (const [name, value] of environment) rows.push([name === "System" ? t("system") : name, value]);
  host.replaceChildren(el("table", { class: "pairs" }, rows.map(([name, value]) => el("tr", {}, el("th", { scope: "row" }, name), el("td", {}, value))))); // prettier-ignore
}
