// Edits made on this page: topics renamed, merged, split, set aside; papers moved, set aside, excluded, starred, noted. Each
// names papers, is shown at once as far as a page can tell, can be taken back, and ends as [[edit]] in topic_edits.toml.
const marked = new Set();
// pending edits, those that were taken back, and those that a notebook has saved meanwhile
let pending = [], undone = [], kept = [];

const members = (topic) => papers.map((_, i) => i).filter((i) => view.topicOf[i] === topic);
// papers that stand for a topic as it is now: the surest of its members
function anchors(topic, most = 3) {
  const own = members(topic);
  return own.sort((a, b) => (papers[b].membership ?? 1) - (papers[a].membership ?? 1)).slice(0, most).map((i) => papers[i].id);
}
const rowsOf = (edit) => edit.papers.map((id) => positionOf.get(id)).filter((i) => i !== undefined);
const movable = (topic) => topic >= 0 && !view.topics[topic].gone;

const PERFORM = {
  rename(edit, rows) {
    const topic = view.topicOf[rows[0]];
    const told = `“${view.topics[topic].label}” is called “${edit.label}” (${counted(members(topic).length, "paper")})`;
    view.topics[topic].label = edit.label;
    return [told, [topic]];
  },
  merge(edit, rows) {
    const topics = [...new Set(rows.map((i) => view.topicOf[i]))].filter(movable).sort((a, b) => a - b), first = topics[0];
    const told = topics.map((topic) => `“${view.topics[topic].label}” (${members(topic).length})`).join(" and ");
    papers.forEach((_, i) => { if (topics.includes(view.topicOf[i])) view.topicOf[i] = first; });
    topics.slice(1).forEach((topic) => { view.topics[topic].gone = true; });
    if (edit.label) view.topics[first].label = edit.label;
    return [`${told} become one topic of ${counted(members(first).length, "paper")}`, [first]];
  },
  split(edit, rows) {
    const topic = view.topicOf[rows[0]], fresh = view.topics.length;
    view.topics.push({ ...view.topics[topic], label: edit.label || "New topic", representatives: rows.slice(0, 3), keywords: [], about: [], series: [], near: [], note: "", verdict: "", sure: true, size: rows.length });
    rows.forEach((i) => { view.topicOf[i] = fresh; });
    return [`${counted(rows.length, "paper")} of “${view.topics[topic].label}” become “${view.topics[fresh].label}”; ${members(topic).length} stay`, [topic, fresh]];
  },
  move(edit, rows) {
    const to = view.topicOf[positionOf.get(edit.to[0])], from = [...new Set(rows.map((i) => view.topicOf[i]))];
    rows.forEach((i) => { view.topicOf[i] = to; });
    return [`${counted(rows.length, "paper")} move to “${label(to)}”, which then has ${members(to).length}`, [to, ...from]];
  },
  set_aside(edit, rows) {
    const own = edit.whole_topic ? members(view.topicOf[rows[0]]) : rows, from = [...new Set(own.map((i) => view.topicOf[i]))];
    const told = edit.whole_topic ? `“${label(from[0])}” is set aside with its ${counted(own.length, "paper")}` : `${counted(own.length, "paper")} set aside: of no topic`;
    own.forEach((i) => { view.topicOf[i] = -1; });
    if (edit.whole_topic) view.topics[from[0]].gone = true;
    return [told, from];
  },
  exclude(edit, rows) {
    const from = [...new Set(rows.map((i) => view.topicOf[i]))];
    rows.forEach((i) => { view.topicOf[i] = -1; });
    return [`${counted(rows.length, "paper")} excluded${edit.reason ? `: ${edit.reason}` : ""}`, from];
  },
  star(edit, rows) {
    for (const i of rows) if (edit.off) view.starred.delete(papers[i].id); else view.starred.add(papers[i].id);
    return [`${counted(rows.length, "paper")} ${edit.off ? "no longer starred" : "starred"}`, []];
  },
  note(edit, rows) {
    for (const i of rows) if (edit.text) view.notes.set(papers[i].id, edit.text); else view.notes.delete(papers[i].id);
    return [`Note on ${counted(rows.length, "paper")}: ${edit.text || "taken away"}`, []];
  },
};

// everything anew from the tables, then every edit in order; what each does, in words
function replay() {
  view.topicOf = papers.map((p) => p.topic);
  view.topics = data.topics.map((t) => ({ ...t }));
  view.starred = new Set(data.starred);
  view.notes = new Map(data.notes);
  const told = [...kept, ...pending].map((edit) => {
    const [text, changed] = PERFORM[edit.action](edit, rowsOf(edit));
    changed.filter((topic) => topic >= 0).forEach((topic) => {
      view.topics[topic].edited = true;
      // a topic that has lost its last paper is one no more
      if (!view.topicOf.includes(topic)) view.topics[topic].gone = true;
    });
    return text;
  }).slice(kept.length);
  options.topic = view.topics.map((t, i) => [i, t.label]).filter(([i]) => !view.topics[i].gone);
  if (!options.topic.some(([i]) => String(i) === state.topic)) state.topic = "";
  return told;
}

const quoted = (text) => JSON.stringify(text).replace(/\u007f/g, "\\u007f");
const toml = (edits) => edits.map((edit) => ["[[edit]]", ...Object.entries(edit).map(([name, value]) =>
  `${name} = ${Array.isArray(value) ? `[${value.map(quoted).join(", ")}]` : typeof value === "boolean" ? value : quoted(value)}`)].join("\n") + "\n").join("\n");

function add(edit) {
  if (!edit.papers.length || (edit.to && !edit.to.length)) {
    by("edited").textContent = "There is no paper left to which this applies.";
    return;
  }
  pending.push(edit);
  replay();
  if (view.topics.every((topic) => topic.gone)) {
    pending.pop();
    replay();
    by("edited").textContent = "That would leave no topic at all; a study needs one.";
    return;
  }
  by("remark").value = by("split-name").value = "";
  undone = [];
  marked.clear();
  settle();
}
function settle() {
  const told = replay();
  draft.keep(pending);
  show();
  by("pending").replaceChildren(...told.map((text) => make("li", text)));
  by("edited").textContent = told.length ? `${counted(told.length, "edit")} not saved yet.` : "";
  by("undo").disabled = !pending.length;
  by("redo").disabled = !undone.length;
  by("save-edits").disabled = by("copy-edits").disabled = !pending.length;
  host.tell();
  // what was pressed may be gone
  if (document.activeElement === document.body && told.length) by("undo").focus();
}

// what can be done with the open topic and the marked papers
function curation() {
  const topic = state.topic === "" ? -1 : Number(state.topic), rows = [...marked], ids = rows.map((i) => papers[i].id);
  if (rows.length) by("editing").open = true;
  by("of-topic").hidden = topic < 0;
  by("of-papers").hidden = rows.length === 0;
  by("marked").textContent = `${counted(rows.length, "paper")} marked`;
  if (topic >= 0) {
    by("topic-name").textContent = `Topic “${label(topic)}”`;
    if (by("new-name").dataset.of !== `${topic} ${label(topic)}`) by("new-name").value = label(topic);
    by("new-name").dataset.of = `${topic} ${label(topic)}`;
  }
  const others = (without) => view.topics.map((t, i) => [t, i]).filter(([t, i]) => !t.gone && i !== without).map(([t, i]) => make("option", t.label, { value: i }));
  const chosenThere = { "merge-with": by("merge-with").value, "move-to": by("move-to").value };
  by("merge-with").replaceChildren(...others(topic));
  by("move-to").replaceChildren(...others(-1));
  for (const [name, value] of Object.entries(chosenThere)) if ([...by(name).options].some((option) => option.value === value)) by(name).value = value;
  by("merge").disabled = !by("merge-with").options.length;
  by("move").disabled = !by("move-to").options.length;
  const homes = new Set(rows.map((i) => view.topicOf[i]));
  by("split").disabled = homes.size !== 1 || homes.has(-1) || members([...homes][0]).length === rows.length;
  by("star").textContent = ids.length && ids.every((id) => view.starred.has(id)) ? "Take stars away" : "Star";
  by("restore").hidden = rows.length === 0;
}

function listenToEdits() {
  const topic = () => Number(state.topic), ids = () => [...marked].map((i) => papers[i].id);
  const plain = (name) => name.toLowerCase().replace(/ß/g, "ss");
  const taken = (name, but) => view.topics.some((t, i) => i !== but && !t.gone && plain(t.label) === plain(name));
  const say = (text) => { by("edited").textContent = text; };
  const name = (id, but) => {
    const text = by(id).value.trim().replace(/\s+/g, " ");
    if (!text || text.length > 80) say("A name has 1 to 80 characters.");
    else if (taken(text, but)) say(`Another topic is called “${text}”.`);
    else return text;
    return "";
  };
  const acts = {
    rename: () => { const text = name("new-name", topic()); if (text && text !== label(topic())) add({ action: "rename", papers: anchors(topic()), label: text }); },
    merge: () => { const other = Number(by("merge-with").value); if (movable(other) && other !== topic()) add({ action: "merge", papers: [...anchors(topic(), 1), ...anchors(other, 1)], ...(label(topic()).length > 80 ? {} : { label: label(topic()) }) }); },
    drop: () => add({ action: "set_aside", papers: anchors(topic()), whole_topic: true }),
    split: () => { const text = name("split-name", -1); if (text) add({ action: "split", papers: ids(), label: text, only_these: true }); },
    move: () => { const to = Number(by("move-to").value); if (movable(to)) add({ action: "move", papers: ids(), to: anchors(to) }); },
    aside: () => add({ action: "set_aside", papers: ids() }),
    exclude: () => add({ action: "exclude", papers: ids(), reason: by("remark").value.trim().slice(0, 400) }),
    star: () => { const off = ids().every((id) => view.starred.has(id)); add(off ? { action: "star", papers: ids(), off } : { action: "star", papers: ids() }); },
    note: () => add({ action: "note", papers: ids(), text: by("remark").value.trim().slice(0, 400) }),
    undo: () => { undone.push(pending.pop()); settle(); },
    redo: () => { pending.push(undone.pop()); settle(); },
    "mark-all": () => {
      chosen.slice(0, 500).forEach((i) => marked.add(i));
      table();
      curation();
      if (chosen.length > 500) say("The first 500 of the chosen papers are marked.");
    },
    restore: () => { marked.clear(); table(); curation(); },
    "save-edits": () => host.save(),
    // a server's file may have changed meanwhile: what is new is for the reader to put behind it
    "copy-edits": () => (data.host === "server" ? download(toml(pending), "new_edits.toml")
      : download(`${data.edits}${data.edits && !data.edits.endsWith("\n\n") ? "\n" : ""}${toml(pending)}`, "topic_edits.toml")),
  };
  for (const [id, act] of Object.entries(acts)) by(id).addEventListener("click", act);
}
