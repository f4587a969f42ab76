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
  } catch (error) {
    if (error.name === "AbortError") await weigh(written);
    throw error;
  } finally {
    text.removeAttribute("aria-busy");
  }
}

// Un texte arrêté n'a pas de dernier événement, qui porterait le compte : on le demande à part, pour ce qui est écrit.
async function weigh(written) {
  const text = written.textContent;
  if (!text) return;
  for (let tries = 0; tries < 10; tries += 1) {
    const answer = await post(form.dataset.copies, { text }).catch(() => null);
    if (answer?.ok) return mark(text, (await answer.json()).copied, written);
    if (answer?.status !== 429 && answer?.status !== 503) return; // le texte reste ; seul le compteur manque
    await new Promise((resolve) => setTimeout(resolve, 200)); // la place du texte arrêté n'est pas encore rendue
  }
}

function show(found, written) {
  byId("notice").textContent = found.notice;
  byId("told").textContent = found.told;
  mark(found.text, found.copied, written);
}

function mark(text, copied, written) {
  if (!copied) return; // les livres se préparent encore
  byId("copy").hidden = false;
  byId("meter").value = copied.share;
  byId("copied").textContent = copied.sentence;
  const spans = byId("spans");
  spans.replaceChildren(
    ...copied.spans.map((span) => {
      const item = document.createElement("li");
      item.textContent = `«\u00a0${span.text}\u00a0»\u00a0: ${span.where}`;
      return item;
    }),
  );
  // Les places sont comptées en caractères, et une chaîne de JavaScript en demi-caractères : Array.from les accorde.
  const letters = Array.from(text);
  written.textContent = "";
  let place = 0;
  for (const { start, end } of copied.spans) {
    if (end <= place) continue;
    written.append(letters.slice(place, Math.max(place, start)).join(""));
    const mark = document.createElement("mark");
    mark.textContent = letters.slice(Math.max(place, start), end).join("");
    written.append(mark);
    place = end;
  }
  written.append(letters.slice(place).join(""));
}
