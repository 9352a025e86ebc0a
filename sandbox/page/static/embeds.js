// Embeds: framed cards with a colour bar. Several embeds of one url share their pictures in one gallery.
import { h, hex, safeLink } from "./dom.js";
import { gallery, picture } from "./media.js";
import { inline, markdown } from "./markdown.js";
import { stamp } from "./moments.js";

const linked = (url, content) => url && safeLink(url) ? h("a", { href: safeLink(url), target: "_blank", rel: "noreferrer noopener" }, content) : content;
const icon = url => url && safeLink(url) && h("img.icon", { src: safeLink(url), alt: "" });

export function embeds(all) {
  const merged = [];
  for (const each of all) {
    const first = each.url && each.image && merged.find(other => other.embed.url === each.url);
    if (first) first.images.push(each.image);
    else merged.push({ embed: each, images: each.image ? [each.image] : [] });
  }
  return merged.map(({ embed, images }) => card(embed, images));
}

function card(embed, images) {
  const foot = [embed.footer?.text, embed.timestamp && stamp(embed.timestamp)].filter(Boolean);
  return h("div.embed", { role: "group", "aria-label": embed.title || embed.author?.name || "Embed", style: embed.color ? `--bar:${hex(embed.color)}` : null },
    h("div.embed-body", null,
      embed.author && h("p.embed-author", null, icon(embed.author.icon_url), linked(embed.author.url, embed.author.name)),
      embed.title && h("p.embed-title", null, linked(embed.url, inline(embed.title))),
      embed.description && markdown(embed.description),
      embed.fields?.length > 0 && h("dl.fields", null, embed.fields.map(field => h("div", { class: field.inline ? "inline" : null },
        h("dt", null, inline(field.name)), h("dd", null, markdown(field.value)))))),
    embed.thumbnail && picture(embed.thumbnail.url, "", "button.thumbnail"),
    images.length > 0 && gallery(images.map(image => ({ url: image.url, type: "image/*" }))),
    embed.video && !images.length && gallery([{ url: embed.video.url, type: "video/*" }]),
    foot.length > 0 && h("p.embed-foot", null, icon(embed.footer?.icon_url), foot.flatMap((part, index) => index ? [" · ", part] : [part])));
}
