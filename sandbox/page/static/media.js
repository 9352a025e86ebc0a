// Pictures, video, sound and files: shown, played or offered.
import { bytes, h, safeLink } from "./dom.js";

const kind = (type, name) => (type ?? "").split("/")[0]
  || (/\.(png|jpe?g|gif|webp|avif)(\?|$)/i.test(name) ? "image" : /\.(mp4|webm|mov)(\?|$)/i.test(name) ? "video" : "file");

function enlarge(address, alt) {
  const dialog = h("dialog.lightbox", { "aria-label": alt || "Picture", onclose: () => dialog.remove(), onclick: () => dialog.close() },
    h("img", { src: address, alt: alt ?? "" }), h("button.close", { type: "button", "aria-label": "Close" }, "✕"));
  document.body.append(dialog);
  dialog.showModal();
}

export function picture(address, alt = "", name = "button.picture") {
  const safe = safeLink(address);
  if (!safe) return h("span.broken", null, "picture");
  return h(name, { type: "button", "aria-label": `Show picture ${alt}`.trim(), onclick: () => enlarge(safe, alt) },
    h("img", { src: safe, alt, loading: "lazy" }));
}

export function medium({ url, type, name = "", alt = "", size = null, poster = null }) {
  const address = safeLink(url);
  if (!address) return h("span.broken", null, name || "attachment");
  const what = kind(type, name || url);
  if (what === "image") return picture(address, alt || name);
  if (what === "video") return h("video", { src: address, poster: poster ? safeLink(poster) : null, controls: true, preload: "metadata", playsinline: true, "aria-label": alt || name || "Video" });
  if (what === "audio") return h("audio", { src: address, controls: true, preload: "metadata", "aria-label": alt || name || "Sound" });
  return fileCard(address, name, size);
}

export function fileCard(address, name, size) {
  return h("a.file", { href: safeLink(address), download: name, target: "_blank", rel: "noreferrer" },
    h("span.file-sign", { "aria-hidden": "true" }, "▤"), h("span", null, h("span", null, name || "file"), size > 0 && h("small", null, bytes(size))));
}

export function gallery(items) {
  return h("div.gallery", { "data-count": Math.min(items.length, 4) }, items.map(item => hide(medium(item), item.spoiler)));
}

export function hide(node, spoiler) {
  if (!spoiler) return node;
  const cover = h("div.covered", null, node, h("button.cover", { type: "button", onclick: () => cover.classList.remove("covered") }, "Spoiler: show"));
  return cover;
}

export function attachments(files) {
  const shown = files.map(file => ({ url: file.url, type: file.content_type, name: file.filename, alt: file.description, size: file.size, spoiler: file.filename.startsWith("SPOILER_") }));
  const visual = shown.filter(file => ["image", "video"].includes(kind(file.type, file.name)));
  const others = shown.filter(file => !visual.includes(file));
  return [visual.length > 0 && gallery(visual), others.map(medium)];
}
