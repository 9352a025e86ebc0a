// Building the page from nodes: data is only ever set as text or attribute, never parsed as HTML.
let serial = 0;
export const unique = prefix => `${prefix}-${++serial}`;
export const $ = id => document.getElementById(id);

export function h(tag, props, ...children) {
  const [name, ...classes] = tag.split(".");
  const node = document.createElement(name || "div");
  if (classes.length) node.className = classes.join(" ");
  for (const [key, value] of Object.entries(props ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key === "value") node.value = value;
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter(child => child || child === 0));
  return node;
}

export const hex = number => `#${number.toString(16).padStart(6, "0")}`;
export const bytes = size => size < 1024 ? `${size} B`
  : size < 1048576 ? `${(size / 1024).toFixed(1)} KB` : `${(size / 1048576).toFixed(1)} MB`;
export const plural = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;

// Only addresses a browser may follow from a chat: never javascript:, data: and the like.
export function safeLink(address) {
  try {
    const url = new URL(address, location.href);
    return ["http:", "https:"].includes(url.protocol) ? url.href : null;
  } catch { return null; }
}

export function avatar(name, seed, picture) {
  const hash = [...`${name}${seed}`].reduce((sum, each) => Math.imul(sum ^ each.charCodeAt(0), 16777619) >>> 0, 2166136261);
  const hue = Math.imul(hash, 2654435761) >>> 8 & 511;
  const node = h("span.avatar", { "aria-hidden": "true", style: `--hue:${hue}` }, (name || "?").slice(0, 1));
  if (picture) node.append(h("img", { src: picture, alt: "", onerror: event => event.target.remove() }));
  return node;
}

export function alertLine(text) {
  return h("p.failure", { role: "alert" }, text);
}
