// La recherche : chaque mot tapé doit commencer un mot de la section. Sans accent ni casse ; « œ » s'écrit aussi « oe ».

const SHOWN = 30;
const AROUND = 70; // caractères montrés de part et d'autre de ce qui est trouvé
const plain = (text) => text.toLowerCase().replaceAll("œ", "oe").normalize("NFD").replace(/\p{M}/gu, "");
const words = (text) => plain(text).match(/[\p{L}\p{N}_]+/gu) ?? [];

function count(where, word) {
  let found = 0;
  for (let at = where.indexOf(word); at >= 0; at = where.indexOf(word, at + 1)) {
    if (at === 0 || !/[\p{L}\p{N}_]/u.test(where[at - 1])) found += 1;
  }
  return found;
}

let ready = null; // se calcule à la première recherche
function search(query) {
  const asked = words(query);
  if (!asked.length) return [];
  ready ??= SECTIONS.map((section) => ({ ...section, head: plain(section.title), body: plain(section.text) }));
  return ready
    .map((section) => {
      const scores = asked.map((word) => 10 * count(section.head, word) + Math.min(9, count(section.body, word)));
      return { section, score: scores.every(Boolean) ? scores.reduce((sum, score) => sum + score, 0) : 0 };
    })
    .filter(({ score }) => score > 0)
    .sort((one, other) => other.score - one.score)
    .map(({ section }) => section);
}

function excerpt({ text }, query) {
  // Le texte d'origine et sa forme simple n'ont pas la même longueur : on cherche mot à mot dans l'original.
  const first = words(query)[0];
  const tokens = [...text.matchAll(/[\p{L}\p{N}_]+/gu)];
  const found = tokens.find((token) => plain(token[0]).startsWith(first));
  if (!found) return [text.slice(0, 2 * AROUND), "", ""];
  const end = found.index + found[0].length;
  return [text.slice(Math.max(0, found.index - AROUND), found.index), found[0], text.slice(end, end + AROUND)];
}

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

const query = document.getElementById("query");
const results = document.getElementById("results");

function show() {
  const found = search(query.value);
  results.hidden = !query.value.trim();
  const many = found.length > 1 ? "s" : "";
  const said = found.length > SHOWN
    ? `${found.length} passages, les ${SHOWN} premiers :`
    : found.length ? `${found.length} passage${many} :` : "Rien. Essayez moins de mots, ou un début de mot.";
  results.replaceChildren(
    element("p", { role: "status" }, said.replace(" :", "\u00a0:")),
    element("ol", {}, ...found.slice(0, SHOWN).map((section) => {
      const [before, word, after] = excerpt(section, query.value);
      return element("li", {},
        element("a", { href: section.href }, section.title), ` · ${section.page}`,
        element("br"), `…${before}`, element("mark", {}, word), `${after}…`);
    })),
  );
}

let timer;
query.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(show, 120); });
query.addEventListener("keydown", (event) => { if (event.key === "Escape") { query.value = ""; show(); } });
document.getElementById("search").addEventListener("submit", (event) => {
  event.preventDefault();
  show();
  results.querySelector("a")?.focus();
});
results.addEventListener("click", (event) => { if (event.target.closest("a")) results.hidden = true; });
addEventListener("keydown", (event) => {
  if (event.key === "/" && !event.target.closest("input, textarea")) { event.preventDefault(); query.focus(); }
});
