// The head of the page: what was searched, and what came of it.
function buildTitle() {
  const { doc } = page,
    about = doc.study;
  byId("title").textContent = doc.page.title || doc.name || (about?.settings.strategy ?? t("searchWord"));
  const parts = [];
  if (about) {
    if (about.settings.strategy && byId("title").textContent !== about.settings.strategy) parts.push(about.settings.strategy);
    parts.push(page.objectives.map((o) => t(o.maximize ? "largest" : "smallest", { name: objectiveTitle(o) })).join(", "));
    if (about.settings.sampler) parts.push(t("sampledBy", { name: about.settings.sampler }));
    if (about.created) parts.push(local(about.created));
  } else if (doc.walk) parts.push(t("walkForward"), objectiveTitle(doc.walk.objective));
  else parts.push(t("comparison"));
  byId("subtitle").replaceChildren(...parts.map((words) => el("span", {}, words)));
}

function buildTiles() {
  const { doc, runs } = page,
    host = byId("overview");
  host.hidden = !runs;
  if (!runs) return;
  const tile = (key, name, value, note = "", kind = "") => el("div", { class: `tile ${kind}`, "data-tile": key }, el("span", { class: "name" }, name), el("strong", {}, value), note ? el("span", { class: "note", title: note }, note) : null);
  const counts = new Array(STATES.length).fill(0);
  for (const state of runs.state) counts[state]++;
  const best = runs.best,
    failed = counts[2] + counts[3] + counts[4],
    invalid = counts[0] - runs.good.length;
  const tiles = [
    best >= 0
      ? tile("best", t("bestIs", { name: objectiveTitle(page.objectives[0]) }), sig(runs.score[best], 5), runs.words(best), "lead")
      : tile("best", objectiveTitle(page.objectives[0]), "–", t("noGood"), "lead"),
    tile("runs", t("runsWord"), fixed(runs.n, 0), doc.study?.total ? t("ofTotal", { n: fixed(doc.study.total, 0) }) : ""),
    tile("failed", t("failedWord"), fixed(failed, 0), runs.n ? `${sig((100 * failed) / runs.n, 2)} %` : ""),
    tile("pruned", t("prunedWord"), fixed(counts[1], 0), invalid ? t("invalidOf", { n: fixed(invalid, 0) }) : ""),
  ];
  const { analysis } = doc;
  if (page.objectives.length > 1) tiles.push(tile("front", t("frontSize"), fixed(frontSize(runs), 0), t("notBeaten")));
  if (analysis?.around) tiles.push(tile("around", t("surroundings"), t(`verdict_${analysis.around.verdict}`), analysis.around.plateau === null ? "" : t("plateauIs", { n: sig(analysis.around.plateau, 2) })));
  if (analysis?.luck) tiles.push(tile("luck", t("luckWord"), t(`luck_${analysis.luck.verdict}`), analysis.luck.deflated_sharpe === null ? "" : t("deflatedIs", { n: sig(100 * analysis.luck.deflated_sharpe, 2) })));
  const spent = runs.seconds.reduce((sum, s) => sum + (s || 0), 0);
  tiles.push(tile("time", t("timeWord"), ago(doc.study?.elapsed || spent), runs.n ? t("aRun", { n: ago(spent / runs.n) }) : ""));
  host.style.setProperty("--tiles", tiles.length - 1);
  host.replaceChildren(...tiles);
}

function frontSize(runs) {
  const signs = page.objectives.map((o) => (o.maximize ? -1 : 1));
  const rows = Array.from(runs.good).filter((i) => runs.scores.every((s) => s[i] === s[i]));
  const points = rows.map((i) => runs.scores.map((s, k) => signs[k] * s[i])).sort((a, b) => a.reduce((found, v, k) => found || v - b[k], 0));
  const front = [];
  for (const p of points) if (!front.some((q) => q.every((v, k) => v <= p[k]) && q.some((v, k) => v < p[k]))) front.push(p);
  return front.length;
}
