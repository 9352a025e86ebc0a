// Out there: what the simulated services have published, and the faults they can be given.
import { api } from "./api.js";
import { $, alertLine, avatar, h, plural } from "./dom.js";
import { gallery } from "./media.js";
import { stamp } from "./moments.js";
import { emit, on } from "./state.js";

const box = $("out-there");
box.append(h("h2", { id: "out-title" }, "Out there"), h("p.hint", null, "What the world sees: the accounts of simulated services. Choose a fault to see how the bot copes with it; it lasts until you choose another."));
const list = h("div");
const status = h("p.unseen", { role: "status" });
box.append(list, status);
let drawn = "";
const opened = new Map();
const platforms = { tiktok: "TikTok", youtube: "YouTube", linkedin: "LinkedIn", instagram: "Instagram", facebook: "Facebook", threads: "Threads", x: "X", pinterest: "Pinterest", bluesky: "Bluesky", reddit: "Reddit" };

export async function refreshOutThere() {
  let found;
  try { found = await api.outThere(); } catch (error) { return list.replaceChildren(alertLine(error.message)); }
  const text = JSON.stringify(found.services);
  if (text === drawn) return;
  drawn = text;
  const focused = document.activeElement?.id;
  list.replaceChildren(...found.services.map(service));
  if (focused) $(focused)?.focus();
}

function service(each) {
  const id = `fault-${each.name}`, described = each.faults.find(fault => fault.key === each.fault);
  const choose = h("select", { id, "aria-describedby": `${id}-hint`, onchange: async () => {
    try { await api.fault(each.name, choose.value); status.textContent = `${each.label}: ${choose.selectedOptions[0].textContent}`; } catch (error) { list.prepend(alertLine(error.message)); }
    refreshOutThere();
  } }, each.faults.map(fault => h("option", { value: fault.key, selected: fault.key === each.fault }, fault.label)));
  return h("section.service", { "aria-label": each.label },
    h("header", null, h("h3", null, each.label), h("small", null, `asked to publish ${plural(each.calls, "time")}`)),
    h("div.fault", { class: each.fault === each.faults[0]?.key ? "fault" : "fault on" }, h("label", { for: id }, `How ${each.label} behaves`), choose,
      each.fault !== each.faults[0]?.key && h("p.hint", { id: `${id}-hint` }, `${described?.label ?? each.fault} This lasts until you choose another.`)),
    each.accounts.filter(one => one.posts.length).map(one => account(each.name, one)),
    quiet(each), credentials(each));
}

// What to type into the form of /provider connect.
function credentials(each) {
  const key = `${each.name} credentials`;
  return h("details.quiet", { open: opened.get(key) ?? false, ontoggle: event => opened.set(key, event.currentTarget.open) },
    h("summary", null, `Connect ${each.label}`), h("p.hint", null, "As Mara, with /provider connect:"),
    h("dl.credentials", null, Object.entries(each.credentials).map(([name, value]) => [h("dt", null, name), h("dd", null, h("code", null, value))])));
}

// There are many services and accounts: those that published nothing share one line, until someone opens it.
function quiet(each) {
  const key = `${each.name} quiet`, accounts = each.accounts.filter(one => !one.posts.length);
  return accounts.length > 0 && h("details.quiet", { open: opened.get(key) ?? false, ontoggle: event => opened.set(key, event.currentTarget.open) },
    h("summary", null, `${plural(accounts.length, "account")} without posts`), accounts.map(one => account(each.name, one)));
}

function account(service, each) {
  const key = `${service} ${each.id}`;
  const posts = [...each.posts].sort((a, b) => String(b.at).localeCompare(String(a.at)));
  return h("details.account", { open: opened.get(key) ?? posts.length > 0, ontoggle: event => opened.set(key, event.currentTarget.open) }, h("summary", null, avatar(each.name, each.id, null), h("span", null, h("b", null, each.name), h("small", null, `${platforms[each.platform] ?? each.platform} · @${String(each.username ?? "").replace(/^@/, "")}`)), h("small.side", null, plural(posts.length, "post"))),
    posts.length ? posts.map(post) : h("p.hint", null, "Nothing published yet."));
}

function post(each) {
  return h("article.post", { tabindex: -1, "data-link": each.link, "aria-label": each.title || each.text || "Post" },
    each.times > 1 && h("p.alarm", { role: "alert" }, `Published ${each.times} times`),
    each.media?.length > 0 && gallery(each.media.map(medium => ({ url: medium.url, type: medium.type.includes("/") ? medium.type : `${medium.type === "photo" ? "image" : medium.type}/*`, poster: each.cover?.startsWith("/") ? each.cover : null }))),
    each.title && h("p.post-title", null, each.title), each.text && h("p.post-text", null, each.text),
    h("p.post-foot", null, h("span.tag", { "data-status": each.status }, each.status), each.visibility && h("span.tag", null, each.visibility),
      each.cover && h("span.tag", null, each.cover.startsWith("/") ? "cover: a picture" : `cover at ${each.cover}`), stamp(each.at)),
    each.link && h("p.address", null, each.link));
}

// A link to a simulated post leads to it here: there is no such page in the world.
export function showPost(address) {
  const found = [...list.querySelectorAll("[data-link]")].find(each => each.dataset.link && each.dataset.link === address);
  if (!found) return false;
  emit("tab", "side");
  found.closest("details").open = true;
  found.scrollIntoView({ block: "center" });
  found.focus({ preventScroll: true });
  return true;
}

on("OUT_THERE", () => {
  $("tabs").querySelector("[data-tab=side]").toggleAttribute("data-news", document.body.dataset.tab !== "side");
  refreshOutThere();
});
