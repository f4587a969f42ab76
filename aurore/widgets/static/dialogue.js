// Le dialogue : le noyau répond et se souvient, ce fichier montre ce qu'il dit et demande la suite tant qu'on ne l'arrête pas.
// Tout ce que quelqu'un a écrit entre dans la page comme du texte, jamais comme du balisage.

const WHO = { user: "Vous", assistant: "Modèle", system: "Système" };

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

const button = (text, onclick, label = text, kind = "") =>
  element("button", { type: "button", class: kind, "aria-label": label, onclick }, text);

function render({ model, el }) {
  let editing = 0; // le message que l'on corrige
  let confirming = false;
  const send = (message) => model.send(message);

  const log = element("div", { class: "log", role: "log", "aria-label": "La conversation", tabindex: "0" });
  const question = element("textarea", { rows: "2", "aria-label": "Votre message", placeholder: "Votre message" });
  const say = button("Envoyer", ask, "Envoyer", "main");
  const stop = button("Arrêter", () => send({ do: "stop" }));
  const session = element("input", { type: "text", "aria-label": "Séance", maxlength: "200" });
  const status = element("span", { role: "status" });
  const error = element("p", { class: "error", role: "alert" });
  const kept = element("ol", { class: "kept", "aria-label": "Messages gardés" });
  const preferences = element("ul", { class: "preferences", "aria-label": "Préférences gardées" });
  const head = element("p", { class: "head" });
  const all = element("div", { class: "buttons" });
  const exported = element("pre", { class: "exported", tabindex: "0", "aria-label": "Export" });
  el.append(element("div", { class: "aurore-chat", role: "group", "aria-label": "Le dialogue", "data-lm-suppress-shortcuts": "true" },
    element("div", { class: "columns" },
      element("section", { "aria-label": "Conversation" },
        element("label", { class: "session" }, "Séance ", session), log, question,
        element("div", { class: "buttons" }, say, stop, status), error),
      element("section", { "aria-label": "Mémoire" },
        element("h4", {}, "Ce qui est gardé"), head, preferences, kept, all, exported))));

  function ask() {
    const text = question.value;
    if (!text.trim() || state().busy) return;
    question.value = "";
    send({ do: "ask", text });
  }
  question.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); ask(); }
  });
  const move = () => { if (session.value !== state().session) send({ do: "session", name: session.value }); };
  session.addEventListener("change", move);
  session.addEventListener("keydown", (event) => { if (event.key === "Enter") move(); }); // JupyterLab garde la touche pour lui

  const state = () => JSON.parse(model.get("state"));

  function row({ id, role, content, read }) {
    const text = element("span", { class: "content" }, content);
    const item = element("li", { class: read ? role : `${role} out`, "data-id": String(id) },
      element("span", { class: "who" }, `${WHO[role]}${read ? "" : " (hors de la fenêtre)"} : `));
    if (editing !== id) {
      item.append(text, element("span", { class: "tools" },
        button("Corriger", () => { editing = id; draw(); kept.querySelector("textarea")?.focus(); }, `Corriger le message ${id}`),
        button("Effacer", () => send({ do: "delete", id }), `Effacer le message ${id}`)));
      return item;
    }
    const field = element("textarea", { rows: "2", "aria-label": `Texte du message ${id}` });
    field.value = content;
    item.append(field, element("span", { class: "tools" },
      button("Garder", () => { editing = 0; send({ do: "edit", id, text: field.value }); }, `Garder la correction du message ${id}`),
      button("Annuler", () => { editing = 0; draw(); }, `Annuler la correction du message ${id}`)));
    return item;
  }

  function drawTools() {
    const forget = confirming
      ? [button("Oui, tout oublier", () => { confirming = false; send({ do: "forget" }); }, "Oui, tout oublier", "main"),
         button("Non", () => { confirming = false; drawTools(); })]
      : [button("Tout oublier", () => { confirming = true; drawTools(); })];
    all.replaceChildren(button("Exporter", () => send({ do: "export" })), ...forget);
  }

  function bubble(role, content) {
    return element("p", { class: role }, element("strong", {}, `${WHO[role]} : `), element("span", {}, content));
  }

  // Ce qui s'écrit change à chaque morceau : seul ce paragraphe bouge, les autres sont redessinés quand la mémoire change.
  function drawSaid() {
    const { messages, question: asked, partial, busy } = state();
    const lines = messages.map((each) => bubble(each.role, each.content));
    if (busy && partial) lines.push(bubble("assistant", partial));
    log.replaceChildren(...lines);
    log.scrollTop = log.scrollHeight;
  }

  function draw() {
    const { messages, preferences: known, tokens, budget, session: name, busy, writing } = state();
    session.value = name;
    drawSaid();
    head.textContent = `${messages.length} message${messages.length > 1 ? "s" : ""} ; le modèle en relira ${tokens} tokens, sur ${budget} permis.`;
    preferences.replaceChildren(...Object.entries(known).map(([key, value]) =>
      element("li", {}, element("span", { class: "content" }, `${key} : ${value}`),
        element("span", { class: "tools" }, button("Effacer", () => send({ do: "prefer", key, value: "" }), `Effacer la préférence ${key}`)))));
    if (!editing || !messages.some(({ id }) => id === editing)) { editing = 0; kept.replaceChildren(...messages.map(row)); }
    else kept.replaceChildren(...messages.map(row));
    drawTools();
    status.textContent = busy ? "Il répond…" : "";
    stop.disabled = !busy;
    say.disabled = busy;
  }

  function follow() {
    error.textContent = model.get("error");
    exported.textContent = model.get("exported");
    if (state().busy) { drawSaid(); status.textContent = "Il répond…"; stop.disabled = false; say.disabled = true; }
    else draw();
    if (state().busy) send({ do: "step" });
  }

  model.on("change:turn", follow);
  draw();
  return () => model.off("change:turn", follow);
}

export default { render };
