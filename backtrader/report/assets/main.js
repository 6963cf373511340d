// Putting the page together, and the three switches of its head.
const STORE = "backtrader-report";

function stored() {
  try {
    return JSON.parse(localStorage.getItem(STORE)) || {};
  } catch {
    return {}; // a browser may forbid it
  }
}

function store() {
  try {
    localStorage.setItem(STORE, JSON.stringify({ theme: page.theme, language: page.language, rising: page.rising }));
  } catch {
    // then it is not remembered
  }
}

// What the report was written with; where that is "auto", what was chosen last, then what the browser prefers.
function preferences({ theme, language, rising }) {
  const last = stored(),
    prefersDark = matchMedia("(prefers-color-scheme: dark)").matches;
  page.theme = theme !== "auto" ? theme : last.theme || (prefersDark ? "dark" : "light");
  page.language = language !== "auto" ? language : last.language || (/^zh/i.test(navigator.language) ? "zh" : "en");
  page.rising = rising !== "auto" ? rising : last.rising || (page.language === "zh" ? "red" : "green"); // markets of China paint gains red
}

function dress() {
  const root = document.documentElement;
  Object.assign(root.dataset, { theme: page.theme, rising: page.rising });
  root.lang = page.language === "zh" ? "zh-CN" : "en";
  readInks();
}

function writeWords() {
  for (const node of document.querySelectorAll("[data-word]")) node.textContent = t(node.dataset.word);
  for (const [id, word] of [
    ["theme", "theme"],
    ["rising", "rising"],
    ["language", "languageTitle"],
  ]) {
    byId(id).title = t(word);
    byId(id).setAttribute("aria-label", t(word));
  }
  byId("language").textContent = t("language");
  byId("made").textContent = t("made", { v: page.doc.environment[0][1] });
  buildOverview(byId("overview"));
  for (const [id, build] of [
    ["why-body", buildWhy],
    ["rules-body", buildRules],
    ["metrics-body", buildMetrics],
    ["params-body", buildParams],
    ["environment-body", buildEnvironment],
  ])
    build(byId(id));
  return buildTitle();
}

function writeAccount(account) {
  buildMonths(byId("months-body"), account);
  buildDistribution(byId("distribution-body"), account);
  buildFalls(byId("falls-body"), account);
}

async function start() {
  if (typeof DecompressionStream === "undefined") return void byId("chart-body").replaceChildren(empty(t("tooOld")));
  page.doc = JSON.parse(new TextDecoder().decode(await inflate(take("document"))));
  preferences(page.doc.page);
  dress();
  const titled = writeWords();
  let tables = null;
  const chart = new Chart(byId("chart-body"), (found) => {
    const trips = found.fills ? found.fills.flatMap(tripsOfFill) : [];
    if (trips.length) tables.find("trips", trips[trips.length - 1]);
    else if (found.orders) tables.find("orders", found.orders[0]);
    else tables.find("fills", found.fills[0]);
  });
  await chart.build();
  await titled;
  await painted();
  document.documentElement.dataset.chart = "drawn";
  performance.mark("first-chart");

  const account = await readAccount(),
    results = new Performance(byId("performance-body"));
  results.build(account);
  writeAccount(account);
  tables = new Tables(byId("trades-body"), async (tab, i) => {
    await chart.jump(tab, i);
    const box = byId("chart").getBoundingClientRect();
    if (box.bottom < 160 || box.top > innerHeight - 160)
      byId("chart").scrollIntoView({ block: "start", behavior: "smooth" });
  });
  const again = { chart, results, tables, account };
  byId("theme").onclick = () => change({ theme: page.theme === "dark" ? "light" : "dark" }, again);
  byId("rising").onclick = () => change({ rising: page.rising === "red" ? "green" : "red" }, again);
  byId("language").onclick = () => change({ language: page.language === "zh" ? "en" : "zh" }, again);
  Object.assign(window, { report: { page, chart, results, tables, account, words: WORDS } }); // for tests and the curious
  await painted();
  document.documentElement.dataset.ready = "yes";
}

function change(to, { chart, results, tables, account }) {
  Object.assign(page, to);
  store();
  dress();
  if (to.language) {
    writeWords();
    writeAccount(account);
    tables.build();
  }
  chart.words();
  results.repaint();
}

// A tab behind others is not painted: then it goes on without.
const painted = () =>
  new Promise((done) => {
    requestAnimationFrame(() => setTimeout(done));
    setTimeout(done, document.hidden ? 0 : 1000);
  });

start();
