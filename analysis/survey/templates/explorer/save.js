// The chosen papers as files: CSV, BibTeX, RIS.
// a cell that a spreadsheet would run as a formula is made text
const cell = (value) => `"${String(value).replace(/^([=+\-@\t\r])/, "'$1").replace(/"/g, '""')}"`;
// braces count in pairs in BibTeX, even behind a backslash
const ESCAPES = {
  "\\": "\\textbackslash{}", "{": "\\textbraceleft{}", "}": "\\textbraceright{}", "%": "\\%", "&": "\\&", "#": "\\#", _: "\\_",
  $: "\\$", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}",
};
const latex = (text) => text.replace(/[\\{}%&#_$~^]/g, (sign) => ESCAPES[sign]);
const entry = (p) => {
  const fields = {
    title: `{${latex(p.title)}}`, author: p.authors.map(latex).join(" and "), year: p.date.slice(0, 4),
    month: p.precision === "year" ? "" : p.date.slice(5, 7), doi: p.doi, eprint: p.arxiv, archiveprefix: p.arxiv && "arXiv", url: p.url,
  };
  const lines = Object.entries(fields).filter(([, value]) => value).map(([name, value]) => `  ${name} = {${value}}`);
  return `@misc{${p.key},\n${lines.join(",\n")}\n}\n`;
};
const savers = {
  csv: () => ["title,date,topic,theme,membership,arxiv_id,doi,url,starred,note,id", ...chosen.map((i) => {
    const p = papers[i], topic = view.topicOf[i];
    return [p.title, p.date, label(topic), topic < 0 ? "" : data.themes[themeOf(topic)], known(p.membership, 3), p.arxiv, p.doi, p.url,
      view.starred.has(p.id) ? "yes" : "", view.notes.get(p.id) || "", p.id].map(cell).join(",");
  })].join("\r\n") + "\r\n",
  bib: () => chosen.map((i) => entry(papers[i])).join("\n"),
  ris: () => chosen.map((i) => {
    const p = papers[i], lines = ["TY  - GEN", `TI  - ${p.title}`, ...p.authors.map((name) => `AU  - ${name}`)];
    if (p.date) lines.push(`PY  - ${p.date.slice(0, 4)}`);
    if (p.precision === "day") lines.push(`DA  - ${p.date.replace(/-/g, "/")}`);
    if (p.doi) lines.push(`DO  - ${p.doi}`);
    if (p.arxiv) lines.push(`AN  - ${p.arxiv}`, `UR  - https://arxiv.org/abs/${p.arxiv}`);
    else if (p.url) lines.push(`UR  - ${p.url}`);
    return [...lines, "ER  - "].join("\r\n");
  }).join("\r\n\r\n") + "\r\n",
};

function download(text, name) {
  const address = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
  const anchor = make("a", undefined, { href: address, download: name });
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}
