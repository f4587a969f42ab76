// Un réglage : son nom, sa glissière, sa valeur. L'étiquette tient à la glissière, ce que les lecteurs d'écran demandent.
function render({ model, el }) {
  const label = document.createElement("label");
  const range = document.createElement("input");
  const shown = document.createElement("output");
  range.type = "range";
  range.id = `aurore-${crypto.randomUUID?.() ?? Math.random().toString(36).slice(2)}`;
  label.htmlFor = shown.htmlFor = range.id;
  shown.className = "widget-readout";
  el.classList.add("aurore-slider");
  el.append(label, range, shown);

  const decimals = () => (String(model.get("step")).split(".")[1] ?? "").length;
  const told = (value) =>
    new Intl.NumberFormat("fr-FR", { minimumFractionDigits: 0, maximumFractionDigits: decimals() })
      .format(value)
      .replace("-", "−");

  function draw() {
    label.textContent = model.get("description");
    for (const name of ["min", "max", "step", "disabled"]) range[name] = model.get(name);
    if (range.valueAsNumber !== model.get("value")) range.value = model.get("value");
    show();
  }
  function show() {
    shown.value = told(range.valueAsNumber);
    range.setAttribute("aria-valuetext", shown.value);
  }
  function send() {
    model.set("value", Number(range.value));
    model.save_changes();
  }

  range.addEventListener("input", () => {
    show();
    if (model.get("continuous_update")) send();
  });
  range.addEventListener("change", send);
  range.addEventListener("keydown", (event) => {
    // Ces touches-là sont à la glissière ; JupyterLab les prendrait pour changer de cellule.
    if (/^(Arrow|Home|End|Page)/.test(event.key)) event.stopPropagation();
  });
  model.on("change", draw);
  draw();
  return () => model.off("change", draw);
}

export default { render };
