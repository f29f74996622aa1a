// Building elements. Data only ever becomes text, never markup.

import { language } from "./i18n.js";

export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name in node && typeof value !== "string") node[name] = value;
    else node.setAttribute(name, value);
  }
  add(node, children);
  return node;
}

const SVG = "http://www.w3.org/2000/svg";

// The same for drawings.
export function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value);
  }
  add(node, children);
  return node;
}

export function add(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

export function fill(node, ...children) {
  node.replaceChildren();
  add(node, children);
}

export function badge(text, kind = "") {
  return el("span", { class: `badge ${kind}` }, text);
}

// Pairs of [label, value]; a value that is missing is left out.
export function facts(pairs) {
  const known = pairs.filter(([, value]) => value !== undefined && value !== null && value !== "");
  return known.length
    ? el(
        "dl",
        {},
        known.map(([label, value]) => [el("dt", {}, label), el("dd", {}, value)]),
      )
    : null;
}

// Any JSON value, for parts of a result that have no panel of their own.
export function tree(value) {
  if (Array.isArray(value))
    return el(
      "div",
      {},
      value.map((item) => el("div", {}, tree(item))),
    );
  if (value !== null && typeof value === "object") {
    const rows = Object.entries(value).map(([key, inner]) => [words(key), present(inner) ? tree(inner) : null]);
    return facts(rows) ?? "–";
  }
  return typeof value === "number" ? number(value) : String(value ?? "–");
}

function present(value) {
  return value !== null && value !== "" && !(Array.isArray(value) && value.length === 0);
}

export function words(key) {
  const text = String(key).replaceAll("_", " ").trim();
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function number(value, digits = 2) {
  if (typeof value !== "number" || !Number.isFinite(value)) return "–";
  return (Math.abs(value) < 0.5 * 10 ** -digits ? 0 : value).toLocaleString(language, {
    maximumFractionDigits: digits,
    useGrouping: false,
  });
}

export function withUnit(value, unit, digits = 2) {
  return typeof value === "number" ? `${number(value, digits)} ${unit}`.trim() : null;
}

export function clock(seconds) {
  if (typeof seconds !== "number") return "–";
  const tenths = Math.round(seconds * 10);
  return `${Math.floor(tenths / 600)}:${((tenths % 600) / 10).toFixed(1).padStart(4, "0")}`;
}

export function size(bytes) {
  const units = ["bytes", "KB", "MB", "GB"];
  let value = bytes,
    unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${number(value, unit ? 1 : 0)} ${units[unit]}`;
}

export function moment(iso) {
  return iso ? new Date(iso).toLocaleString(language, { dateStyle: "medium", timeStyle: "short" }) : "–";
}
