// Une demande dont la réponse arrive par morceaux (« server-sent events »), par fetch : EventSource ne sait pas poster.
"use strict";

const post = (url, body, signal) =>
  fetch(url, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), signal });

async function* ask(url, body, signal) {
  const answer = await post(url, { ...body, stream: true }, signal);
  if (!answer.ok) {
    const fault = await answer.json().catch(() => ({}));
    throw new Error(fault.message || `Le service a répondu ${answer.status}. Réessayez.`);
  }
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let waiting = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    waiting += value;
    const events = waiting.split("\n\n");
    waiting = events.pop();
    for (const event of events) {
      const [name, data] = event.split("\n").map((line) => line.slice(line.indexOf(": ") + 2));
      const found = JSON.parse(data);
      if (name === "error") throw new Error(found.message);
      yield [name, found];
    }
  }
}

// Le temps d'une demande : « Arrêter » est là, « Générer » ne l'est plus ; une erreur se dit, un arrêt aussi.
async function whileAsking(part, work) {
  const { go, stop, status, fault } = part;
  const control = new AbortController();
  fault.textContent = "";
  status.textContent = "Le modèle écrit…";
  go.disabled = true;
  stop.hidden = false;
  stop.onclick = () => control.abort();
  try {
    await work(control.signal);
    status.textContent = part.done;
  } catch (error) {
    const stopped = error.name === "AbortError";
    status.textContent = stopped ? "Arrêté." : "";
    if (!stopped) fault.textContent = error instanceof TypeError ? "Le service ne répond plus. Est-il toujours lancé ?" : error.message;
  } finally {
    const focused = document.activeElement === stop;
    go.disabled = false;
    stop.hidden = true;
    if (focused) go.focus();
  }
}

const byId = (id) => document.getElementById(id);
