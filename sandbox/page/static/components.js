// Message components, old (rows of buttons and selects) and new (Components V2), and what pressing them does.
import { api } from "./api.js";
import { emojiText, selectDefaults, selectItems } from "./choices.js";
import { h, hex, safeLink } from "./dom.js";
import { complain } from "./failures.js";
import { fileCard, gallery, hide, picture } from "./media.js";
import { markdown } from "./markdown.js";
import { settle } from "./interact.js";
import { Select } from "./picker.js";

const styles = { 1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "link", 6: "primary" };
const asMedium = item => ({ url: item.media.url, type: item.media.content_type, name: item.media.url.split("?")[0], alt: item.description, spoiler: item.spoiler });

const drawn = {
  1: (part, message) => h("div.row", null, part.components.map(each => component(each, message))),
  2: button, 3: select, 5: select, 6: select, 7: select, 8: select,
  9: (part, message) => h("div.section", null, h("div", null, part.components.map(each => component(each, message))), component(part.accessory, message)),
  10: part => markdown(part.content),
  11: part => hide(picture(part.media.url, part.description ?? "", "button.thumbnail"), part.spoiler),
  12: part => gallery(part.items.map(asMedium)),
  13: (part, message) => hide(fileCard(part.file.url, part.name ?? fileName(part, message), part.size), part.spoiler),
  14: part => h("hr", { class: `${part.divider === false ? "blank" : ""} ${part.spacing === 2 ? "large" : ""}` }),
  17: (part, message) => hide(h("div.container", { style: part.accent_color ? `--bar:${hex(part.accent_color)}` : null }, part.components.map(each => component(each, message))), part.spoiler),
};

export function component(part, message) {
  return drawn[part.type]?.(part, message) ?? h("p.failure", null, `A component of type ${part.type} cannot be shown here.`);
}

const fileName = (part, message) => message.attachments?.find(each => each.url === part.file.url)?.filename ?? part.file.url.split("?")[0].split("/").pop();

function button(part, message) {
  const face = [emojiText(part.emoji), part.label && h("span", null, part.label)];
  const label = part.label ? null : part.emoji?.name ?? "Button";
  if (part.style === 5) return part.disabled ? h("span.button.link", { "aria-disabled": "true", role: "link" }, face)
    : h("a.button.link", { href: safeLink(part.url), target: "_blank", rel: "noreferrer noopener", "aria-label": label }, face, h("span", { "aria-hidden": "true" }, "↗"));
  const node = h(`button.button.${styles[part.style] ?? "secondary"}`, {
    type: "button", disabled: part.disabled, "aria-label": label, "data-key": part.custom_id,
    onclick: () => press(node, message, { custom_id: part.custom_id, component_type: 2 }),
  }, face);
  return node;
}

function select(part, message) {
  const chooser = new Select({
    label: part.placeholder || "Selection", placeholder: part.placeholder, items: selectItems(part), values: selectDefaults(part),
    min: part.min_values ?? 1, max: part.max_values ?? 1, disabled: part.disabled,
    onDone: values => press(chooser.node, message, { custom_id: part.custom_id, component_type: part.type, values }),
  });
  chooser.node.dataset.key = part.custom_id;
  return chooser.node;
}

async function press(node, message, data) {
  node.closest("article").querySelector(".message-failure")?.remove();
  node.setAttribute("aria-busy", "true");
  const failure = await settle(api.interact({ type: 3, channel_id: message.channel_id, message_id: message.id, data }), { opener: node });
  node.removeAttribute("aria-busy");
  if (failure) complain(message.id, failure);
}
