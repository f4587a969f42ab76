// Le pupitre : le noyau choisit, ce fichier dessine ce qu'il a choisi et demande la suite tant qu'on ne l'arrête pas.
// Un réglage du tirage bougé se dessine ici sans attendre, d'après les notes gardées ; le noyau confirme ensuite.

const MOST_BITS = 10;
const SAMPLING = ["temperature", "top_k", "top_p"];
const french = (value, digits) => value.toFixed(digits).replace(".", ",");
const percent = (share) => `${french(100 * share, 1)}\u202f%`;
const thousands = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, "\u202f");
const blue = (bits) => `rgba(0, 114, 178, ${(Math.min(1, bits / MOST_BITS) * 0.5).toFixed(3)})`;
const rankClass = (rank) => (rank <= 1 ? "first" : rank <= 10 ? "near" : rank <= 100 ? "far" : "rare");

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "style") Object.assign(made.style, value);
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

function ranked(notes) {
  return Uint32Array.from(notes.keys()).sort((one, other) => notes[other] - notes[one] || one - other);
}

// Les chances de chaque token d'après ses notes : les règles de aurore/generation.py, pour ne pas attendre le noyau.
// `order` est celui de `ranked`, qui ne dépend pas des réglages : on ne classe qu'une fois par token.
function chances(notes, { do_sample, temperature, top_k, top_p }, order = ranked(notes)) {
  const result = new Float64Array(notes.length);
  if (!do_sample) {
    result[order[0]] = 1;
    return result;
  }
  const worst = top_k ? notes[order[Math.min(top_k, order.length) - 1]] : -Infinity;
  const weights = Float64Array.from(order, (token) =>
    notes[token] >= worst ? Math.exp((notes[token] - notes[order[0]]) / temperature) : 0);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let before = 0; // la somme des chances de ceux d'avant 
  let kept = 0;
  let end = 0;
  while (end < order.length && weights[end] > 0 && (end === 0 || top_p >= 1 || before < top_p - 1e-7)) {
    before += weights[end] / total;
    kept += weights[end];
    end += 1;
  }
  for (let rank = 0; rank < end; rank += 1) result[order[rank]] = weights[rank] / kept;
  return result;
}

function render({ model, el }) {
  let running = false;
  let waiting = false;
  let memory = null;
  const ask = (message) => { waiting = true; model.send(message); };

  const write = element("button", { type: "button", class: "main", onclick: start }, "Écrire");
  const stop = element("button", { type: "button", onclick: halt }, "Arrêter");
  const one = element("button", { type: "button", onclick: () => { halt(); ask({ do: "step" }); } }, "Un token");
  const again = element("button", { type: "button", onclick: () => { halt(); ask({ do: "restart" }); } }, "Effacer");
  const status = element("span", { role: "status" });
  const error = element("p", { class: "error", role: "alert" });
  const columns = element("div", { class: "columns" });
  const root = element("div", { class: "aurore-desk", role: "group", "aria-label": "Le pupitre" },
    element("div", { class: "buttons" }, write, stop, one, again, status), error, columns,
    element("p", { class: "legend" }, model.get("legend")));
  el.append(root);

  const sides = JSON.parse(model.get("texts")).map(({ name }) => {
    const text = element("div", { class: "text", "aria-label": `Texte de ${name}`, role: "group" });
    const notice = element("p", { class: "notice", role: "note" });
    const head = element("p", { class: "head" });
    const rows = element("div", { class: "bars", role: "group", "aria-label": `Token suivant, ${name}` });
    columns.append(element("section", { "aria-label": name }, element("h4", {}, name), text, notice, head, rows));
    return { name, text, notice, head, rows, shown: [] };
  });

  function start() {
    running = true;
    status.textContent = "Il écrit…";
    root.dataset.running = "yes";
    if (!waiting) ask({ do: "step" });
  }
  function halt() {
    running = false;
    status.textContent = "";
    delete root.dataset.running;
  }

  function token(side, place, [piece, chance, rank, bits]) {
    const said = `rang ${thousands(rank)}, chance ${percent(chance)}, entropie ${french(bits, 1)} bits`;
    const button = element("button", {
      type: "button", class: rankClass(rank), title: `${said} ; pressez pour reprendre ici`,
      "aria-label": `${piece.trim() || "blanc"}, ${said}`, style: { background: blue(bits) },
      onclick: () => { halt(); ask({ do: "rewind", name: side.name, place }); },
    }, piece.replaceAll("\n", "¶"), ...(rank > 1 ? [element("sub", {}, thousands(rank))] : []));
    return element("span", {}, button, ...(piece.includes("\n") ? [element("br")] : []));
  }

  // Seuls les tokens nouveaux se dessinent : les autres ne bougent pas sous la souris.
  function drawTexts() {
    JSON.parse(model.get("texts")).forEach((found, index) => {
      const side = sides[index];
      const keys = [found.prompt, ...found.tokens.map((one) => JSON.stringify(one))];
      let same = 0;
      while (same < keys.length && same < side.shown.length && keys[same] === side.shown[same]) same += 1;
      while (side.text.childNodes.length > same) side.text.lastChild.remove();
      for (let rank = same; rank < keys.length; rank += 1) {
        side.text.append(rank ? token(side, rank - 1, found.tokens[rank - 1]) : element("span", { class: "prompt" }, found.prompt));
      }
      side.shown = keys;
      side.notice.textContent = found.notice;
    });
  }

  function bar(side, [id, word, before, after]) {
    const gone = after === 0;
    const said = `${word} : ${percent(before)} avant les réglages, ${gone ? "écarté" : `${percent(after)} après`}`;
    return element("button", {
      type: "button", class: gone ? "gone" : "", title: `${said} ; pressez pour l'écrire`, "aria-label": said, "data-token": String(id),
      onclick: () => { halt(); ask({ do: "choose", name: side.name, token: id }); },
    },
    element("span", { class: "word" }, word),
    element("span", { class: "track", "aria-hidden": "true" },
      element("span", { class: "after", style: { width: `${(100 * after).toFixed(2)}%` } }),
      element("span", { class: "before", style: { left: `${(100 * before).toFixed(2)}%` } })),
    element("span", { class: "number" }, gone ? "écarté" : percent(after)));
  }

  function paint(side, found) {
    const kept = document.activeElement?.dataset?.token;
    const mine = side.rows.contains(document.activeElement);
    side.head.textContent = found.rows.length
      ? `Token suivant : ${thousands(found.kept)} possible${found.kept > 1 ? "s" : ""} sur ${thousands(found.vocabulary)}, entropie ${french(found.entropy, 1)} bits`
      : "Le texte est fini.";
    side.rows.replaceChildren(...found.rows.map((row) => bar(side, row)));
    if (mine) (side.rows.querySelector(`[data-token="${kept}"]`) ?? side.rows.firstChild)?.focus(); // le clavier reste où il était
  }

  // Les notes de chaque modèle et leur classement, refaits quand le noyau en envoie de nouvelles.
  function known() {
    if (!memory) {
      const bytes = model.get("notes");
      let start = bytes.byteOffset;
      memory = JSON.parse(model.get("bars")).sides.map(({ vocabulary }) => {
        const notes = new Float32Array(bytes.buffer.slice(start, start + 4 * vocabulary));
        start += 4 * vocabulary;
        return { notes, order: ranked(notes) };
      });
    }
    return memory;
  }

  function drawBars() {
    const told = JSON.parse(model.get("bars"));
    const asked = { ...told.settings };
    for (const name of SAMPLING) asked[name] = model.get(name);
    const stale = told.settings.do_sample && SAMPLING.some((name) => asked[name] !== told.settings[name]);
    told.sides.forEach((found, index) => {
      if (!stale || !found.rows.length) return paint(sides[index], found);
      const { notes, order } = known()[index];
      const now = chances(notes, asked, order);
      paint(sides[index], {
        ...found, kept: now.reduce((count, chance) => count + (chance > 0), 0),
        rows: found.rows.map(([token, word, before]) => [token, word, before, now[token]]),
      });
    });
  }

  function answered() {
    waiting = false;
    const over = JSON.parse(model.get("texts")).every((side) => side.over);
    if (running && over) { halt(); status.textContent = "Fini."; }
    if (running) ask({ do: "step" });
  }
  const fail = () => { error.textContent = model.get("error"); };
  const forget = () => { memory = null; };
  const listeners = { "change:notes": forget, "change:texts": drawTexts, "change:bars": drawBars, "change:error": fail, "change:turn": answered };
  for (const name of SAMPLING) listeners[`change:${name}`] = drawBars;
  for (const [name, listener] of Object.entries(listeners)) model.on(name, listener);
  fail();
  drawTexts();
  drawBars();
  return () => {
    halt();
    for (const [name, listener] of Object.entries(listeners)) model.off(name, listener);
  };
}

export { chances };
export default { render };
