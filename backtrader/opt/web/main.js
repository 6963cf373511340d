// Putting the page together; what is there of a search, a walk-forward and a comparison is shown.
const STORE = "backtrader-report";
const parts = {};

function stored() {
  try {
    return JSON.parse(localStorage.getItem(STORE)) || {};
  } catch {
    return {}; // a browser may forbid it
  }
}

function remember() {
  try {
    localStorage.setItem(STORE, JSON.stringify({ ...stored(), theme: page.theme, language: page.language }));
  } catch {
    // then it is not remembered
  }
}

// What the report was written with; where that is "auto", what was chosen last, then what the browser prefers.
function preferences({ theme, language }) {
  const last = stored();
  page.theme = theme !== "auto" ? theme : last.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  page.language = language !== "auto" ? language : last.language || (/^zh/i.test(navigator.language) ? "zh" : "en");
}

function dress() {
  const root = document.documentElement;
  Object.assign(root.dataset, { theme: page.theme, rising: chinese() ? "red" : "green" });
  root.lang = chinese() ? "zh-CN" : "en";
  readInks();
}

// [id, title word, whether it is there, what builds it]
function sections() {
  const { doc, runs } = page,
    pick = (i) => i >= 0 && (parts.table.find(i), byId("runs").scrollIntoView({ block: "start", behavior: "smooth" }));
  const again = (name, make) => (host) => (parts[name] = make(host));
  return [
    ["comparison", "comparison", doc.comparison, buildComparison],
    ["around", "aroundTitle", runs && doc.analysis, buildAround],
    ["map", "mapTitle", runs, again("maps", (host) => new Maps(host, pick))],
    ["parallel", "parallel", runs, again("parallel", (host) => new Parallel(host, (keep) => parts.table.narrow(keep)))],
    ["importance", "importance", runs && doc.analysis, buildImportance, "half"],
    ["spread", "spreadTitle", runs, again("spreads", (host) => new Spreads(host)), "half"],
    ["history", "history", runs, again("history", (host) => new History(host, pick)), "half"],
    ["scores", "scoreSpread", runs, again("scores", (host) => new ScoreSpread(host)), "half"],
    ["front", page.objectives.length > 1 ? "paretoTitle" : "tradeOff", runs, again("scatter", (host) => new Scatter(host, pick))],
    ["luck", "luckTitle", runs && doc.analysis, buildLuck],
    ["walk", "walkForward", doc.walk, buildWalk],
    ["runs", null, runs, again("table", (host) => new Table(host))],
    ["failures", "failuresTitle", runs && doc.failures.groups.length, buildFailures],
    ["space", "spaceTitle", doc.study, buildSpace, "half"],
    ["settings", "settingsTitle", doc.study, buildSettings, "half"],
  ].filter(([, , there]) => there);
}

const LINKS = ["comparison", "around", "map", "importance", "history", "front", "luck", "walk", "runs", "failures"];

function build() {
  for (const plot of [...plots]) plot.destroy();
  for (const name of Object.keys(parts)) delete parts[name];
  for (const [id, word] of [["theme", "theme"], ["language", "languageTitle"]]) (byId(id).title = t(word)), byId(id).setAttribute("aria-label", t(word)); // prettier-ignore
  byId("language").textContent = t("language");
  byId("made").textContent = t("made", { v: page.doc.environment[0][1] });
  buildTitle();
  buildTiles();
  const shown = sections(),
    host = byId("parts"),
    bodies = [];
  let pair = null;
  host.replaceChildren();
  for (const [id, word, , make, half] of shown) {
    const body = el("div", { id: `${id}-body` }),
      made = el("section", { class: "card", id }, word ? el("h2", {}, t(word)) : null, body);
    if (!half) ((pair = null), host.append(made));
    else if (pair) (pair.append(made), (pair = null));
    else host.append((pair = el("div", { class: "columns" }, made)));
    bodies.push([body, make]);
  }
  byId("nav").replaceChildren(...shown.filter(([id]) => LINKS.includes(id)).map(([id]) => el("a", { href: `#${id}` }, t(`nav_${id}`)))); // prettier-ignore
  for (const [body, make] of bodies) make(body);
}

async function read(doc) {
  page.doc = doc;
  page.objectives = doc.study?.objectives?.length ? doc.study.objectives : [{ name: "score", maximize: true }];
  page.runs = doc.runs ? await Runs.read(doc.runs) : null;
  page.walk = doc.walk ? await readWalk(doc.walk) : null;
  if (doc.failures) await readFailures(doc.failures);
}

async function start() {
  const root = document.documentElement;
  if (typeof DecompressionStream === "undefined") return void byId("parts").replaceChildren(empty(WORDS.en.tooOld));
  const doc = JSON.parse(new TextDecoder().decode(await inflate(take("document"))));
  preferences(doc.page);
  dress();
  if (doc.studies) {
    page.doc = doc;
    startList();
  } else {
    await read(doc);
    build();
    if (doc.live) startLive();
  }
  const change = (to) => {
    Object.assign(page, to);
    remember();
    dress();
    if (doc.studies) return void drawList();
    if (to.language) (build(), doc.live && drawLive());
    else repaintPlots();
  };
  byId("theme").onclick = () => change({ theme: page.theme === "dark" ? "light" : "dark" });
  byId("language").onclick = () => change({ language: chinese() ? "en" : "zh" });
  Object.assign(window, { search: { page, parts, plots, chosen, words: WORDS } }); // for tests and the curious
  await painted();
  root.dataset.ready = "yes";
}


// A tab behind others is not painted: then it goes on without.
const painted = () =>
  new Promise((done) => {
    requestAnimationFrame(() => setTimeout(done));
    setTimeout(done, document.hidden ? 0 : 1000);
  });

start();
