// La figure « une phrase d'un bout à l'autre » : le noyau donne les nombres, ce fichier dessine ce qu'on a ouvert.

const BLUE = (share) => `rgba(0, 114, 178, ${(Math.min(1, Math.max(0, share)) * 0.6).toFixed(3)})`;
const french = (value, digits) =>
  value.toFixed(digits).replace(/^-(?=0[.]?0*$)/, "").replace("-", "\u2212").replace(".", ",");
const percent = (share) => `${french(100 * share, 1)}\u202f%`;

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

function table(columns, rows) {
  const head = element("tr", {}, ...columns.map((name) => element("th", { scope: "col" }, name)));
  const body = rows.map(([first, ...cells]) =>
    element("tr", {}, element("th", { scope: "row" }, first), ...cells));
  return element("div", { class: "scroll", tabindex: "0" },
    element("table", {}, element("thead", {}, head), element("tbody", {}, ...body)));
}

const cell = (text, share = null) =>
  element("td", share === null ? {} : { class: "number", style: { background: BLUE(share) } }, text);
const number = (value, digits = 2) => element("td", { class: "number" }, french(value, digits));

function render({ model, el }) {
  const root = element("div", { class: "aurore-trace", role: "group", "aria-label": "Une phrase d'un bout à l'autre du réseau" });
  const input = element("input", { type: "text", id: `phrase-${Math.random().toString(36).slice(2)}`, spellcheck: "false" });
  input.value = model.get("text");
  const error = element("p", { class: "error", role: "alert" });
  const drawing = element("div");
  root.append(element("label", { for: input.id }, "Votre phrase"), input, error, drawing);
  el.append(root);

  let data = JSON.parse(model.get("data"));
  let open = { place: model.get("place"), layer: 0, head: 0 };
  let timer;

  function send() {
    model.set("text", input.value);
    model.save_changes();
  }
  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(send, 350); });
  input.addEventListener("keydown", (event) => {
    event.stopPropagation(); // JupyterLab prendrait des lettres pour ses raccourcis
    if (event.key === "Enter") { clearTimeout(timer); send(); }
  });

  function choose(change, name) {
    open = { ...open, ...change };
    draw();
    root.querySelector(`[data-name="${name}"]`)?.focus(); // le dessin est neuf : le clavier reprend où il était
  }

  function tokens() {
    const seen = data.attention[open.layer][open.head][open.place];
    return element("div", { class: "row" }, ...data.tokens.map((token, rank) => {
      const hidden = rank > open.place;
      return element("button", {
        type: "button", "data-name": `token-${rank}`, "aria-pressed": String(rank === open.place),
        "aria-label": `${token}, rang ${rank}`,
        title: hidden ? "plus loin : le masque le cache" : `poids ${french(seen[rank], 2)}`,
        style: { background: BLUE(seen[rank]), opacity: hidden ? 0.55 : 1 },
        onclick: () => choose({ place: rank }, `token-${rank}`),
      }, token, element("sub", { "data-rank": String(rank) }));
    }));
  }

  function heads() {
    const count = data.attention[0].length;
    const grid = element("div", { class: "heads", style: { gridTemplateColumns: `max-content repeat(${count}, max-content)` } });
    grid.append(element("span", {}), ...data.attention[0].map((_, head) => element("span", {}, `tête ${head}`)));
    data.attention.forEach((layer, rank) => {
      grid.append(element("span", {}, `bloc ${rank}`));
      layer.forEach((weights, head) => {
        const seen = weights[open.place];
        const most = seen.indexOf(Math.max(...seen));
        grid.append(element("button", {
          type: "button", "data-name": `head-${rank}-${head}`,
          "aria-pressed": String(rank === open.layer && head === open.head),
          "aria-label": `bloc ${rank}, tête ${head} : regarde surtout ${data.tokens[most]}, ${percent(seen[most])}`,
          style: { background: BLUE(seen[most]) },
          onclick: () => choose({ layer: rank, head }, `head-${rank}-${head}`),
        }, data.tokens[most]));
      });
    });
    return element("div", { class: "scroll" }, grid);
  }

  function matrix() {
    const weights = data.attention[open.layer][open.head];
    const shown = data.tokens.slice(0, open.place + 1);
    return table(["regarde →", ...shown], shown.map((token, row) => [
      token,
      ...shown.map((_, column) => column > row ? cell("") : cell(french(weights[row][column], 2), weights[row][column])),
    ]));
  }

  function stream() {
    return table(["où", "token deviné", "probabilité", "norme", `les ${data.vectors[0][0].length} premiers nombres du vecteur`],
      data.guesses.map((guesses, rank) => {
        const [token, chance] = guesses[open.place];
        return [
          rank ? `après le bloc ${rank - 1}` : "en entrant",
          cell(token), cell(percent(chance), chance), number(data.norms[rank][open.place], 1),
          element("td", {}, data.vectors[rank][open.place].map((value) => french(value, 2)).join("\u2003")),
        ];
      }));
  }

  function following() {
    return table(["", "token", "note", "probabilité", ""], data.following[open.place].map(([token, score, chance], rank) => [
      rank ? String(rank + 1) : "choisi",
      cell(token), number(score), cell(percent(chance), chance),
      element("td", { style: { width: "8em" } }, element("span", { class: "bar", "aria-hidden": "true", style: { width: `${(7.5 * chance).toFixed(2)}em` } })),
    ]));
  }

  function draw() {
    const token = data.tokens[open.place];
    drawing.replaceChildren(
      element("h4", {}, "1. Les tokens"),
      element("p", { class: "help" }, "Choisissez un token : tout ce qui suit est vu de sa place. Plus le fond est bleu, plus la tête ouverte le regarde."),
      tokens(),
      element("h4", {}, `2. Les têtes, vues de « ${token} »`),
      element("p", { class: "help" }, "Chaque case nomme le token que la tête regarde le plus. Ouvrez-en une : son tableau est dessous."),
      element("div", { class: "columns" }, heads(), matrix()),
      element("h4", {}, `3. Le vecteur de « ${token} », de bloc en bloc`),
      stream(),
      element("h4", {}, `4. Les notes, et le choix, après « ${token} »`),
      following(),
    );
  }

  function refresh() {
    data = JSON.parse(model.get("data"));
    const layer = Math.min(open.layer, data.attention.length - 1);
    open = { place: data.tokens.length - 1, layer, head: Math.min(open.head, data.attention[layer].length - 1) };
    draw();
  }
  const fail = () => { error.textContent = model.get("error"); };
  model.on("change:data", refresh);
  model.on("change:error", fail);
  fail();
  draw();
  return () => { clearTimeout(timer); model.off("change:data", refresh); model.off("change:error", fail); };
}

export default { render };
