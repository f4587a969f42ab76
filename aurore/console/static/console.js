// Toutes les cinq secondes, la page se redemande et remplace ce qui y a changé ; ce qu'on a ouvert reste ouvert, ce qu'on écrit reste écrit.
"use strict";
const auto = document.getElementById("auto");
const live = document.querySelector("[data-live]");

async function refresh() {
  if (!auto.checked || document.hidden) return;
  try {
    const answer = await fetch(location.pathname, { cache: "no-store" });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-live]");
    if (!fresh) return;
    const open = new Map([...live.querySelectorAll("details[id]")].map((one) => [one.id, one.open]));
    for (const one of fresh.querySelectorAll("details[id]")) if (open.has(one.id)) one.open = open.get(one.id);
    if (fresh.innerHTML === live.innerHTML) return;
    const focused = live.contains(document.activeElement) ? document.activeElement : null;
    const [id, summary] = [focused?.id, focused?.matches("summary") ? focused.parentElement.id : ""];
    live.replaceChildren(...fresh.childNodes);
    if (summary) document.getElementById(summary)?.querySelector("summary").focus();
    else if (id) document.getElementById(id)?.focus();
  } catch {
    // la console redémarre : on redemandera
  }
}

if (auto && live) {
  auto.closest("p").hidden = false;
  setInterval(refresh, 5000);
  // L'ancre d'une leçon repliée l'ouvre : après « Ouvrir », on revient là où l'on était.
  const target = document.getElementById(location.hash.slice(1));
  if (target?.matches("details")) target.open = true;
}
