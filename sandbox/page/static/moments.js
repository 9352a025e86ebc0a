// Moments in the visitor's own zone; relative ones keep up with the clock.
import { h } from "./dom.js";

const forms = {
  t: { timeStyle: "short" }, T: { timeStyle: "medium" }, d: { dateStyle: "short" }, D: { dateStyle: "long" },
  f: { dateStyle: "long", timeStyle: "short" }, F: { dateStyle: "full", timeStyle: "short" },
};
const format = (date, style) => new Intl.DateTimeFormat(undefined, forms[style] ?? forms.f).format(date);
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });
const spans = [["year", 31536000], ["month", 2592000], ["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];

function fromNow(date) {
  const seconds = Math.round((date - Date.now()) / 1000);
  const [unit, length] = spans.find(([, size]) => Math.abs(seconds) >= size) ?? spans.at(-1);
  return relative.format(Math.round(seconds / length), unit);
}

export function moment(date, style = "f", name = "time") {
  if (Number.isNaN(+date)) return h("span", null, "Invalid date");
  return h(name, { datetime: date.toISOString(), title: format(date, "F"), "data-relative": style === "R" && +date },
    style === "R" ? fromNow(date) : format(date, style));
}

export function stamp(iso) {
  const date = new Date(iso);
  const today = date.toDateString() === new Date().toDateString();
  return h("time.stamp", { datetime: iso, title: format(date, "F") }, today ? format(date, "t") : `${format(date, "d")} ${format(date, "t")}`);
}

setInterval(() => {
  for (const node of document.querySelectorAll("time[data-relative]")) {
    const text = fromNow(new Date(+node.dataset.relative));
    if (node.textContent !== text) node.textContent = text;
  }
}, 1000);
