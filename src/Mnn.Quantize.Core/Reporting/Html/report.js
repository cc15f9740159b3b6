"use strict";
// Makes the table of layers sortable and filterable, shows it in pages, and opens the details of a layer. All text goes
// into the page as text, never as markup.
(() => {
  const PAGE = 50;
  const SVG = "http://www.w3.org/2000/svg";
  const data = JSON.parse(document.getElementById("layer-data").textContent);
  const table = document.querySelector("table.layers");
  const body = table.tBodies[0];
  const layers = data.map((values, i) => ({ values, i, row: body.rows[i], detail: null }));
  const get = id => document.getElementById(id);
  const find = get("find"), type = get("type"), runs = get("runs"), order = get("order"), direction = get("direction");
  const state = { key: "i", reverse: false, limit: PAGE };

  const make = (tag, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };
  const draw = (tag, attributes, ...children) => {
    const element = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  };

  // Numbers first, by size; then texts; then what is missing, whichever way round the others are.
  const key = layer => state.key === "i" ? layer.i : layer.values[state.key];
  const number = value => value === "inf" ? Infinity : value === "-inf" ? -Infinity : value;
  const compare = (a, b) => {
    const x = number(key(a)), y = number(key(b));
    if (x === undefined || y === undefined) return (x === undefined) - (y === undefined) || a.i - b.i;
    const by = typeof x === "string" ? x.localeCompare(y, "en", { numeric: true }) : x < y ? -1 : x > y ? 1 : 0;
    return (state.reverse ? -by : by) || a.i - b.i;
  };
  const matches = ({ values }) => {
    const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    const text = [values.n, values.t, values.x || ""].join(" ").toLowerCase();
    return words.every(word => text.includes(word))
      && (!type.value || values.t === type.value)
      && (!runs.value || (values.r === 1) === (runs.value === "int8"));
  };

  const update = () => {
    const sorted = [...layers].sort(compare);
    let matching = 0, shown = 0;
    const rows = document.createDocumentFragment();
    for (const layer of sorted) {
      const fits = matches(layer);
      const later = fits && matching >= state.limit;
      matching += fits;
      shown += fits && !later;
      for (const row of [layer.row, layer.detail]) {
        if (!row) continue;
        row.classList.toggle("off", !fits);
        row.classList.toggle("later", later);
        rows.append(row);
      }
    }
    body.append(rows);
    get("shown").textContent = matching === layers.length && shown === matching
      ? `${matching} layers` : `${shown} of ${matching} matching layers shown, ${layers.length} in all`;
    document.querySelector(".pager").hidden = shown === matching;
    for (const heading of table.tHead.rows[0].cells) {
      if (heading.dataset.key === state.key) heading.setAttribute("aria-sort", state.reverse ? "descending" : "ascending");
      else heading.removeAttribute("aria-sort");
    }
    order.value = state.key;
    direction.setAttribute("aria-pressed", String(state.reverse));
  };
  const sortBy = (name, reverse) => {
    Object.assign(state, { key: name, reverse, limit: PAGE });
    update();
  };

  const short = value => typeof value === "string" ? (value === "inf" ? "infinite" : "minus infinite")
    : value === undefined ? "-" : String(Number(value.toPrecision(4)));
  const histogram = ({ h, hf, hi, q }) => {
    const [low, high] = h;
    const at = value => (value - low) / (high - low) * 1000;
    const step = 1000 / hf.length;
    const line = heights => heights.map(height => `V${100 - height}h${step}`).join("");
    const svg = draw("svg", { class: "histogram", viewBox: "0 0 1000 100", preserveAspectRatio: "none", role: "img",
      "aria-label": `Values from ${short(h[2])} to ${short(h[3])}` + (q ? `; int8 holds ${short(q[2])} to ${short(q[3])}` : "") });
    svg.append(draw("path", { class: "area", d: `M0 100${line(hf)}V100z` }), draw("path", { class: "outline", d: `M0 100${line(hi)}V100` }));
    if (q) {
      if (at(q[2]) > 1) svg.append(draw("rect", { class: "beyond", x: 0, y: 0, width: Math.min(at(q[2]), 1000), height: 100 }));
      if (at(q[3]) < 999) svg.append(draw("rect", { class: "beyond", x: Math.max(at(q[3]), 0), y: 0, width: 1000 - Math.max(at(q[3]), 0), height: 100 }));
      for (const end of [at(q[2]), at(q[3])]) {
        if (end >= -1 && end <= 1001) svg.append(draw("path", { class: "cut", d: `M${Math.min(Math.max(end, 1), 999)} 0V100` }));
      }
    }
    const axis = make("div", { className: "axis-x" });
    axis.setAttribute("aria-hidden", "true");
    for (let i = 0; i <= 4; i++) {
      const label = make("span", {}, short(low + (high - low) * i / 4));
      label.style.left = `${25 * i}%`;
      axis.append(label);
    }
    return [svg, axis];
  };
  const facts = v => {
    const list = make("dl", { className: "facts" });
    const add = (name, value) => value !== "" && list.append(make("div", {}, make("dt", {}, name), make("dd", {}, value)));
    add("Shape", v.s);
    if (v.q) {
      add("Scale", short(v.q[0]));
      add("Zero point", String(v.q[1]));
      add("Int8 range", `${short(v.q[2])} to ${short(v.q[3])}`);
    }
    if (v.h) add("Float values", `${short(v.h[2])} to ${short(v.h[3])}`);
    add("Mean error", short(v.e));
    add("Greatest error", short(v.m));
    if (v.fb) add("Weights", `${v.fb.toLocaleString("en")} to ${v.ib.toLocaleString("en")} bytes`);
    if (v.mac) add("Operations", v.mac.toLocaleString("en"));
    return list;
  };
  const open = (layer, button) => {
    if (!layer.detail) {
      const { values } = layer;
      const cell = make("td", { colSpan: table.tHead.rows[0].cells.length });
      if (values.h) {
        const legend = make("p", { className: "legend" }, make("span", { className: "key float" }), " float, ",
          make("span", { className: "key int8" }), " int8. Heights are logarithms of counts.",
          values.q ? " Red lines: the ends of the int8 range; what lies beyond is cut off." : " The tensor has no int8 range.");
        cell.append(legend, ...histogram(values));
      }
      cell.append(facts(values), make("p", { className: "note" }, `Runs in ${values.r ? "int8" : "float"}: ${values.w}.`));
      layer.detail = make("tr", { className: "detail", id: `detail-${layer.i}` }, cell);
      layer.detail.setAttribute("role", "row");
      cell.setAttribute("role", "cell");
      layer.row.after(layer.detail);
      button.setAttribute("aria-controls", layer.detail.id);
    } else {
      layer.detail.remove();
      layer.detail = null;
      button.removeAttribute("aria-controls");
    }
    button.setAttribute("aria-expanded", String(!!layer.detail));
  };

  for (const layer of layers) {
    const name = layer.row.querySelector(".op");
    const button = make("button", { type: "button", className: "op" }, name.textContent || "(no name)");
    button.setAttribute("aria-expanded", "false");
    button.addEventListener("click", () => open(layer, button));
    name.replaceWith(button);
  }
  for (const heading of table.tHead.rows[0].cells) {
    const name = heading.dataset.key;
    if (!name) continue;
    const text = heading.textContent;
    const button = make("button", { type: "button" }, text);
    button.addEventListener("click", () => sortBy(name, state.key === name && !state.reverse));
    heading.replaceChildren(button);
    order.append(make("option", { value: name }, text.toLowerCase()));
  }
  find.addEventListener("input", () => { state.limit = PAGE; update(); });
  for (const select of [type, runs]) select.addEventListener("change", () => { state.limit = PAGE; update(); });
  order.addEventListener("change", () => sortBy(order.value, state.reverse));
  direction.addEventListener("click", () => sortBy(state.key, !state.reverse));
  get("more").addEventListener("click", () => { state.limit += PAGE; update(); });
  get("all").addEventListener("click", () => { state.limit = Infinity; update(); });
  document.querySelector(".controls").addEventListener("submit", event => event.preventDefault());
  document.querySelector(".controls").hidden = false;
  update();
})();
