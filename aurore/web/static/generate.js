"use strict";

const form = byId("ask");
const NUMBERS = ["max_new_tokens", "temperature", "top_p", "top_k", "repetition_penalty", "seed"];

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const part = { go: byId("go"), stop: byId("stop"), status: byId("status"), fault: byId("fault"), done: "Le texte est écrit." };
  const asked = { prompt: form.elements.prompt.value, model: form.elements.model.value, do_sample: form.elements.do_sample.checked };
  for (const name of NUMBERS) asked[name] = Number(form.elements[name].value);
  whileAsking(part, (signal) => write(asked, signal));
});

async function write(asked, signal) {
  const text = byId("text");
  const written = byId("written");
  text.querySelector(".prompt").textContent = asked.prompt;
  written.textContent = "";
  for (const id of ["notice", "told"]) byId(id).textContent = "";
  byId("copy").hidden = true;
  byId("result").hidden = false;
  text.setAttribute("aria-busy", "true"); // un lecteur d'écran lit le texte une fois, entier
  try {
    for await (const [name, found] of ask(form.dataset.api, asked, signal)) {
      if (name === "piece") written.append(found.text);
      else show(found, written);
    }
  } finally {
    text.removeAttribute("aria-busy");
  }
}

function show(found, written) {
  byId("notice").textContent = found.notice;
  byId("told").textContent = found.told;
  if (!found.copied) return;
  byId("copy").hidden = false;
  byId("meter").value = found.copied.share;
  byId("copied").textContent = found.copied.sentence;
  const spans = byId("spans");
  spans.replaceChildren(
    ...found.copied.spans.map((span) => {
      const item = document.createElement("li");
      item.textContent = `«\u00a0${span.text}\u00a0»\u00a0: ${span.where}`;
      return item;
    }),
  );
  // Les places sont comptées en caractères, et une chaîne de JavaScript en demi-caractères : Array.from les accorde.
  const letters = Array.from(found.text);
  written.textContent = "";
  let place = 0;
  for (const { start, end } of found.copied.spans) {
    if (end <= place) continue;
    written.append(letters.slice(place, Math.max(place, start)).join(""));
    const mark = document.createElement("mark");
    mark.textContent = letters.slice(Math.max(place, start), end).join("");
    written.append(mark);
    place = end;
  }
  written.append(letters.slice(place).join(""));
}
