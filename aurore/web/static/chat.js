"use strict";

const form = byId("suite");
const talk = byId("talk");

function say(kind, who, text) {
  const line = document.createElement("p");
  line.className = kind;
  const name = document.createElement("span");
  name.className = "who";
  name.textContent = who;
  const said = document.createElement("span");
  said.textContent = text;
  line.append(name, " ", said);
  talk.append(line);
  talk.scrollTop = talk.scrollHeight;
  return said;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const field = form.elements.message;
  const message = field.value;
  if (!message.trim()) return;
  const part = { go: byId("go"), stop: byId("stop"), status: byId("status"), fault: byId("fault"), done: "" };
  whileAsking(part, async (signal) => {
    say("you", "Vous", message);
    field.value = "";
    talk.setAttribute("aria-busy", "true");
    const said = say("model", "Aurore", "");
    try {
      for await (const [name, found] of ask(form.dataset.api, { message, conversation: form.dataset.conversation }, signal)) {
        if (name === "piece") said.textContent += found.text;
        else form.dataset.conversation = found.conversation;
        talk.scrollTop = talk.scrollHeight;
      }
    } catch (error) {
      if (!said.textContent) {
        said.parentElement.remove();
        if (error.name !== "AbortError") field.value = message; // rien n'est perdu : on peut renvoyer
      }
      throw error;
    } finally {
      talk.removeAttribute("aria-busy");
      byId("forget").hidden = false;
      field.focus();
    }
  });
});

// Entrée envoie, Maj + Entrée va à la ligne : ce que font les autres conversations.
form.elements.message.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  if (!byId("go").disabled) form.requestSubmit();
});
talk.scrollTop = talk.scrollHeight;
