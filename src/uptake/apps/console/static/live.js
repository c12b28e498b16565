// Keeps the part of a page that changes up to date, every ten seconds while somebody looks. Pages work without it.
const part = document.getElementById("live");
const typed = () => [...part.querySelectorAll("input, select")].some(
  (field) => field === document.activeElement || (field.defaultValue ?? "") !== field.value && field.tagName === "INPUT");
const opened = () => [...part.querySelectorAll("details")].map((one) => one.open);
const refresh = async () => {
  const busy = part.contains(document.activeElement) && document.activeElement !== document.body;
  if (document.hidden || busy || typed()) return;
  const answer = await fetch(location.href, { headers: { accept: "text/html" } }).catch(() => null);
  if (!answer || !answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("live");
  if (!fresh || typed()) return;
  const open = opened();
  [...fresh.querySelectorAll("details")].forEach((one, at) => { one.open = open[at] ?? one.open; });
  if (fresh.innerHTML !== part.innerHTML) part.replaceChildren(...fresh.childNodes);
};
if (part) setInterval(refresh, 10000);
