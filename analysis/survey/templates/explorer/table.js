// The chosen papers: a table with abstracts in place, and what a paper is opened, starred and noted by.
function links(p) {
  const cell = make("td", undefined, { "data-head": "Links" });
  const found = [["arXiv", p.arxiv && `https://arxiv.org/abs/${encodeURI(p.arxiv)}`], ["DOI", p.doi && `https://doi.org/${encodeURI(p.doi)}`]];
  if (p.url && /^https?:\/\//i.test(p.url)) found.push(["Page", p.url]);
  for (const [text, href] of found) {
    if (href) cell.append(make("a", text, { href, rel: "noopener noreferrer", target: "_blank", "aria-label": `${text}: ${p.title}` }), " ");
  }
  return cell;
}

function paperRow(i) {
  const p = papers[i], open = p.id === state.open;
  const row = make("tr", undefined, { "data-paper": p.id, ...(open ? { class: "open" } : {}) });
  const tick = make("td", undefined, { class: "tick" }), box = make("input", undefined, { type: "checkbox", "aria-label": `Mark for editing: ${p.title}` });
  box.checked = marked.has(i);
  box.addEventListener("change", () => { if (box.checked) marked.add(i); else marked.delete(i); curation(); });
  box.dataset.key = `mark ${p.id}`;
  tick.append(box);
  const title = make("td", undefined, { class: "title" });
  const more = make("details"), head = make("summary");
  head.append(view.starred.has(p.id) ? "★ " : "", highlighted(p.title, query.marked));
  const body = make("p");
  body.append(highlighted(p.abstract || "The page carries no abstract of this paper.", query.marked));
  more.append(head);
  if (p.authors.length) more.append(make("p", p.authors.join("; "), { class: "authors" }));
  more.append(body);
  if (view.notes.has(p.id)) more.append(make("p", `Note: ${view.notes.get(p.id)}`, { class: "note" }));
  if (open) opened.add(p.id);
  more.open = opened.has(p.id);
  more.addEventListener("toggle", () => {
    if (more.open === opened.has(p.id)) return;
    if (more.open) opened.add(p.id); else opened.delete(p.id);
    state.open = more.open ? p.id : "";
    write();
    map();
    by("rows").querySelectorAll("tr").forEach((other) => other.classList.toggle("open", other.dataset.paper === state.open));
  });
  title.append(more);
  row.append(tick, title, make("td", p.date || "undated", { "data-head": "Date" }), make("td", label(view.topicOf[i]), { "data-head": "Topic" }), make("td", known(p.membership, 2), { "data-head": "Membership" }), links(p));
  return row;
}

function table() {
  const shown = chosen.slice(state.page * PAGE, (state.page + 1) * PAGE);
  by("rows").replaceChildren(...shown.map(paperRow));
  const pages = Math.max(1, Math.ceil(chosen.length / PAGE));
  by("page").textContent = `Page ${state.page + 1} of ${pages}`;
  by("previous").disabled = state.page === 0;
  by("next").disabled = state.page + 1 >= pages;
  document.querySelectorAll("th[data-by]").forEach((head) => {
    if (head.dataset.by === state.sort) head.setAttribute("aria-sort", state.down ? "descending" : "ascending");
    else head.removeAttribute("aria-sort");
  });
  const instead = query.instead.length ? ` Searched for ${query.instead.join("; ")}.` : "";
  by("count").textContent = `${chosen.length.toLocaleString("en")} ${chosen.length === 1 ? "paper" : "papers"} of ${papers.length.toLocaleString("en")} chosen.${instead}`;
  by("unpick").hidden = picked === null;
}

// a paper opens in its place in the table, which moves to its page; the window stays where it is
function openPaper(i) {
  state.open = papers[i].id;
  state.topic = view.topicOf[i] < 0 ? "" : String(view.topicOf[i]);
  choose();
  if (!chosen.includes(i)) { clear(); choose(); }
  state.page = Math.floor(chosen.indexOf(i) / PAGE);
  show();
  const row = by("rows").querySelector("tr.open"), box = by("scroll");
  if (row) box.scrollTop = row.offsetTop - box.querySelector("thead").offsetHeight;
}
