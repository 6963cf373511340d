// What went wrong, by kind: the most frequent first, with one traceback of each.
async function readFailures(doc) {
  page.failureOf = new Map();
  for (const group of doc.groups) for (const n of Array.isArray(group.numbers) ? group.numbers : await readColumn(group.numbers)) page.failureOf.set(n, group);
}

function buildFailures(host) {
  const { groups, more } = page.doc.failures;
  host.replaceChildren(
    ...groups.map((group) =>
      el(
        "details",
        { class: "failure" },
        el("summary", {}, el("b", { class: "count" }, `${fixed(group.count, 0)} ×`), el("span", { class: "loss" }, t(`state_${group.state}`)), " ", group.kind),
        el("pre", { class: "trace" }, group.trace || group.kind),
      ),
    ),
    ...(more ? [el("p", { class: "note" }, t("moreKinds", { n: more }))] : []),
  );
}
