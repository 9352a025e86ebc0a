// What a select of the bot offers, and what it has chosen already; the same in messages and modals.
import { h } from "./dom.js";
import { entities } from "./picker.js";

export const emojiText = emoji => emoji && h("span.emoji", { "aria-hidden": "true" }, emoji.id ? `:${emoji.name}:` : emoji.name);

const kinds = { 5: "user", 6: "role", 7: "mentionable", 8: "channel" };

export function selectItems(part) {
  if (part.type !== 3) return entities[kinds[part.type]](part.channel_types);
  return part.options.map(option => ({ value: option.value, label: option.label, description: option.description, icon: emojiText(option.emoji) }));
}
export const selectDefaults = part => part.type === 3 ? part.options.filter(option => option.default).map(option => option.value)
  : (part.default_values ?? []).map(each => String(each.id));
