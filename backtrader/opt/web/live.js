// A study that runs while it is looked at: how it stands, what is new, and the buttons.
const live = { standing: null, source: null, pending: [], seen: null, timer: 0, busy: false, told: "", analysed: 0, online: true };

function startLive() {
  const { live: about, study } = page.doc;
  live.about = about;
  live.total = page.runs.n;
  live.analysed = page.doc.analysis ? page.runs.n : 0;
  live.source = new EventSource(`${about.path}/events?after=${about.after}`);
  live.source.addEventListener("standing", (event) => hear(JSON.parse(event.data)));
  live.source.addEventListener("rows", (event) => addRows(JSON.parse(event.data)));
  live.source.onerror = () => ((live.online = false), drawLive());
  live.source.onopen = () => ((live.online = true), drawLive());
  const running = study.state === "running";
  if (!page.doc.analysis && page.runs.good.length && (about.at_once || !running)) analyse();
  drawLive();
}

function hear(standing) {
  const ended = live.standing?.state === "running" && standing.state !== "running";
  if (standing.state !== "running" || standing.wanted !== "stop") live.told = live.told === "stopping" ? "" : live.told;
  if (standing.drivers || standing.complaint) live.told = live.told === "resuming" ? "" : live.told;
  live.standing = standing;
  page.doc.study.state = standing.state;
  page.doc.study.total = standing.total;
  drawLive();
  if (ended) setTimeout(analyse, 1500); // the last runs come with the next message
}

// Runs are put in all at once, the more seldom the more there are.
function addRows(rows) {
  live.pending.push(...rows);
  if (!live.timer) live.timer = setTimeout(flush, page.runs.n > 20000 ? 5000 : 400);
}

function flush() {
  live.timer = 0;
  const rows = live.pending;
  live.pending = [];
  const { runs } = page,
    known = new Map(Array.from(runs.number, (n, i) => [n, i]));
  const fresh = rows.filter((row) => !known.has(row.number)),
    metrics = live.about.metrics;
  const again = rows.length - fresh.length;
  if (again || (!runs.metrics.length && fresh.length)) {
    // run again, or the first ones ever: the page's columns are made anew
    live.source.close();
    return void location.reload();
  }
  for (const row of fresh) if (row.metrics.length > metrics.length) row.metrics.length = metrics.length;
  const names = runs.params.length;
  runs.append(fresh);
  buildTiles();
  for (const name of ["maps", "parallel", "spreads", "history", "scores", "scatter"]) parts[name]?.build();
  if (names !== runs.params.length) parts.table.build();
  else parts.table.grow();
  drawLive();
}

async function analyse() {
  if (live.busy) return;
  live.busy = true;
  drawLive();
  try {
    const answer = await fetch(`${live.about.path}/analysis`);
    if (!answer.ok) throw new Error(await answer.text());
    const found = await answer.json();
    page.doc.analysis = found.analysis;
    page.doc.failures = found.failures;
    live.analysed = found.runs;
    await readFailures(found.failures);
    rebuild();
  } catch (error) {
    live.told = t("refused", { text: error.message });
  }
  live.busy = false;
  drawLive();
}

// All anew, where the reader is.
function rebuild() {
  const top = scrollY,
    words = parts.table?.search.value || "";
  build();
  if (words) ((parts.table.search.value = words), parts.table.arrange());
  scrollTo({ top, behavior: "instant" });
}

async function order(what) {
  live.told = what === "stop" ? "stopping" : "resuming";
  drawLive();
  try {
    const answer = await fetch(`${live.about.path}/${what}`, { method: "POST", headers: { "X-Backtrader": "1" } });
    if (!answer.ok) {
      const said = await answer.text();
      let text = said;
      try {
        text = JSON.parse(said).error;
      } catch {
        // it was a sentence
      }
      live.told = t("refused", { text });
    }
  } catch {
    live.told = t("offline");
  }
  drawLive();
}

function standingLine(s) {
  const parts = [el("span", {}, el("b", {}, s.total ? t("done", { n: fixed(s.done, 0), m: fixed(s.total, 0) }) : t("doneOpen", { n: fixed(s.done, 0) })))];
  if (s.failed) parts.push(el("span", { class: "loss" }, t("failedOf", { n: fixed(s.failed, 0) })));
  if (s.rate) parts.push(el("span", {}, t("rate", { n: sig(s.rate, 3) })));
  if (s.eta) parts.push(el("span", {}, t("eta", { n: ago(s.eta) })));
  if (s.drivers || s.state !== "finished")
    parts.push(el("span", {}, s.drivers > 1 ? t("driversAt", { n: s.drivers }) : s.drivers ? t("oneDriver") : t("noDriver")));
  if (s.best) parts.push(el("span", {}, t("bestSoFar", { n: "" }), el("b", {}, sig(number(s.best.score), 5)), ` (${paramsText(s.best.params)})`));
  return parts;
}

const badge = (state) => el("span", { class: `badge ${state}` }, t(`study_${state}`));

function meter(s) {
  const bar = el("i", { class: "meter" });
  bar.style.setProperty("--part", s.total ? `${Math.min(100, (100 * s.done) / s.total)}%` : s.state === "finished" ? "100%" : "0%");
  return bar;
}

function drawLive() {
  const host = byId("live"),
    s = live.standing;
  host.hidden = false;
  const buttons = [];
  if (s) {
    const working = s.drivers > 0;
    if (working && s.wanted !== "stop") buttons.push(el("button", { type: "button", class: "quiet", "data-do": "stop", onclick: () => order("stop") }, t("stop")));
    const unfinished = s.total === null || s.done < s.total;
    if ((!working && s.state !== "finished") || (working && s.wanted === "stop") || (!working && unfinished))
      buttons.push(el("button", { type: "button", class: "quiet strong", "data-do": "resume", disabled: (!live.about.can_resume && !working) || s.starting || live.told === "resuming", title: live.about.can_resume ? null : t("cannotResume"), onclick: () => order("resume") }, t("resume")));
  }
  const told = live.told === "stopping" || (s?.wanted === "stop" && s?.drivers) ? t("stopping") : live.told === "resuming" || (s?.starting && !s?.drivers) ? t("resuming") : live.told;
  const stale = page.doc.analysis && live.analysed < page.runs.n;
  const lines = [
    el("div", { class: "live-head" }, el("a", { href: "/" }, `‹ ${t("back")}`), s ? badge(s.state) : null, el("div", { class: "grow" }, s ? meter(s) : null), told ? el("span", { class: "faint" }, told) : null, buttons),
    el("div", { class: "live-line" }, s ? standingLine(s) : null),
  ];
  if (s?.queue.length)
    lines.push(
      el(
        "details",
        { class: "queue-room", open: live.queueOpen, ontoggle: (event) => (live.queueOpen = event.target.open) },
        el("summary", { class: "faint" }, `${t("queue")}: ${t("runningNow")} ${fixed(s.running, 0)}, ${t("waitingNow")} ${fixed(s.waiting, 0)}`),
        el("div", { class: "queue" }, s.queue.map((e) => el("div", {}, el("b", {}, `#${e.number}`), ` ${e.state === "running" ? "▸" : "…"} `, paramsText(e.params)))),
      ),
    );
  if (s && !live.about.can_resume && !s.drivers && s.state !== "finished") lines.push(el("p", { class: "hint" }, t("cannotResume")));
  if (s?.complaint) lines.push(el("p", { class: "alarm" }, t("resumeFailed"), " ", s.complaint.split("\n").pop().trim()), el("details", {}, el("summary", { class: "faint" }, t("allItSaid")), el("pre", { class: "trace" }, s.complaint)));
  if (!live.online) lines.push(el("p", { class: "alarm" }, t("offline")));
  if (live.busy) lines.push(el("p", { class: "hint" }, t("analysing")));
  else if (stale || (!page.doc.analysis && page.runs.good.length)) lines.push(el("p", { class: "hint" }, stale ? `${t("stale", { n: fixed(live.analysed, 0) })} ` : "", el("button", { type: "button", class: "quiet", "data-do": "analyse", onclick: analyse }, t("analyse"))));
  host.replaceChildren(...lines);
}

// -- the list of studies -------------------------------------------------------------------------------
function startList() {
  drawList();
  const again = async () => {
    try {
      const answer = await fetch("/api/studies");
      if (!answer.ok) throw new Error(answer.statusText);
      page.doc.studies = await answer.json();
      live.online = true;
    } catch {
      live.online = false;
    }
    drawList();
    setTimeout(again, document.hidden ? 10000 : 1500);
  };
  setTimeout(again, 1500);
}

function drawList() {
  const { doc } = page;
  for (const [id, word] of [["theme", "theme"], ["language", "languageTitle"]]) (byId(id).title = t(word)), byId(id).setAttribute("aria-label", t(word)); // prettier-ignore
  byId("language").textContent = t("language");
  byId("made").textContent = t("made", { v: doc.environment[0][1] });
  byId("title").textContent = t("studies");
  byId("subtitle").textContent = doc.where;
  byId("overview").hidden = true;
  const row = (s) =>
    el(
      "tr",
      { "data-study": s.name },
      el("td", {}, el("a", { class: "name", href: `/study/${encodeURIComponent(s.name)}` }, s.name), el("div", { class: "faint" }, [s.strategy, s.objectives.map((o) => objectiveTitle(o)).join(", "), s.sampler].filter(Boolean).join(" · "))),
      el("td", {}, badge(s.state)),
      el("td", {}, el("div", { class: "live-line" }, standingLine({ ...s, best: null })), meter(s)),
      el("td", {}, s.best ? [el("b", {}, sig(number(s.best.score), 5)), el("div", { class: "faint" }, paramsText(s.best.params))] : "–"),
      el("td", { class: "faint" }, local(s.updated)),
    );
  const table = el("table", { class: "study-list" }, el("thead", {}, el("tr", {}, ["study", "state", "progress", "best", "changed"].map((word) => el("th", {}, t(word))))), el("tbody", {}, doc.studies.map(row)));
  byId("parts").replaceChildren(el("section", { class: "card" }, doc.studies.length ? el("div", { class: "scroll-x" }, table) : empty(t("noStudies", { where: doc.where })), live.online ? null : el("p", { class: "alarm" }, t("offline"))));
}
