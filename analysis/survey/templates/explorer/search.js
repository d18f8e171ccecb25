// The search field: words are joined by AND; "phrases", OR, -word, field:word, and one typo where a word stands nowhere.
const FIELDS = {
  title: (p) => p.title, abstract: (p) => p.abstract || "", author: (p) => p.authors.join("\n"), year: (p) => p.date.slice(0, 4),
  venue: (p) => p.venues.map((i) => data.venues[i]).join("\n"), topic: (p, i) => label(view.topicOf[i]), doi: (p) => p.doi,
  note: (p) => view.notes.get(p.id) || "",
};
const folded = (text) => text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
// fields in which a word with a typo is looked for by its neighbours; topics and notes change with edits
const CORRECTED = ["title", "abstract", "author", "venue"];
// folded when the first search asks for them
let foldedTexts = null;
const vocabularies = new Map();
const texts = () => { foldedTexts ??= papers.map((p) => folded(`${p.title}\n${p.abstract || ""}`)); return foldedTexts; };

// the query as groups joined by AND, each of alternatives joined by OR: [{field, text, not}]
function parse(query) {
  const groups = [];
  let joined = false;
  for (const found of query.replace(/(^|\s)(-?[a-z]+:)\s+/giu, (all, gap, head) => (Object.hasOwn(FIELDS, head.replace(/^-|:$/g, "").toLowerCase()) ? `${gap}${head}` : all)).matchAll(/(-?)(?:([a-z]+):)?(?:"([^"]*)"?|(\S+))/giu)) {
    const [, minus, field, phrase, word] = found;
    if (word === "OR" && !field && !minus) { joined = groups.length > 0; continue; }
    const named = field && Object.hasOwn(FIELDS, field.toLowerCase());
    const text = folded(phrase ?? (named || !field ? word : `${field}:${word}`)).trim();
    if (!text || text === "-") continue;
    const term = { field: named ? field.toLowerCase() : "", text, not: minus === "-" };
    if (joined) groups[groups.length - 1].push(term);
    else groups.push([term]);
    joined = false;
  }
  return groups;
}

function near(word, other) {
  if (Math.abs(word.length - other.length) > 1 || word === other) return word === other;
  let i = 0;
  while (i < word.length && word[i] === other[i]) i += 1;
  const rest = (a, b) => a.slice(i + 1) === b.slice(i + 1);
  if (word.length === other.length) {
    const swapped = word[i] === other[i + 1] && word[i + 1] === other[i] && word.slice(i + 2) === other.slice(i + 2);
    return rest(word, other) || swapped;
  }
  return word.length > other.length ? word.slice(i + 1) === other.slice(i) : word.slice(i) === other.slice(i + 1);
}

// words of the papers, or of a field of theirs, that differ by one letter; asked for only where a word stands nowhere
function corrected(word, field) {
  if (word.length < 4 || /\s/.test(word)) return [];
  if (!vocabularies.has(field)) {
    const found = new Set();
    const searched = field ? papers.map((p, i) => folded(FIELDS[field](p, i))) : texts();
    for (const text of searched) for (const each of text.match(/[\p{L}\p{N}-]{3,}/gu) || []) found.add(each);
    vocabularies.set(field, found);
  }
  return [...vocabularies.get(field)].filter((other) => near(word, other));
}

// a test for papers by position, the words to mark, and what was searched for instead
function compile(query) {
  const marked = [], instead = [];
  const groups = parse(query).map((terms) => terms.map((term) => {
    // topics and notes change with edits, so they are read when a paper is tested
    const inField = term.field ? (i) => folded(FIELDS[term.field](papers[i], i)) : (i) => texts()[i];
    let words = [term.text];
    if ((!term.field || CORRECTED.includes(term.field)) && !term.not && !papers.some((_, i) => inField(i).includes(term.text))) {
      const others = corrected(term.text, term.field);
      if (others.length) { words = others; instead.push(`${others.slice(0, 3).join(", ")} for ${term.text}`); }
    }
    if (!term.not && ["", "title", "abstract"].includes(term.field)) marked.push(...words);
    return (i) => words.some((word) => inField(i).includes(word)) !== term.not;
  }));
  return { test: (i) => groups.every((terms) => terms.some((term) => term(i))), marked, instead };
}

// text with the words that were searched for marked; a fragment of nodes
function highlighted(text, words) {
  const fragment = document.createDocumentFragment();
  const plain = folded(text);
  // folding may change lengths, as of ligatures: then nothing is marked rather than the wrong letters
  const usable = plain.length === text.length ? words.filter(Boolean) : [];
  let at = 0;
  while (at < text.length) {
    const starts = usable.map((word) => [plain.indexOf(word, at), word.length]).filter(([start]) => start >= 0);
    if (!starts.length) break;
    const [start, length] = starts.reduce((one, other) => (other[0] < one[0] || (other[0] === one[0] && other[1] > one[1]) ? other : one));
    fragment.append(text.slice(at, start), make("mark", text.slice(start, start + length)));
    at = start + length;
  }
  fragment.append(text.slice(at));
  return fragment;
}
