// Keeps the part of a page that changes up to date, every ten seconds while somebody looks. Pages work without it.
const part = document.getElementById("live");
const refresh = async () => {
  const busy = part.contains(document.activeElement) && document.activeElement !== document.body;
  if (document.hidden || busy) return;
  const answer = await fetch(location.href, { headers: { accept: "text/html" } }).catch(() => null);
  if (!answer || !answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("live");
  if (fresh && fresh.innerHTML !== part.innerHTML) part.replaceChildren(...fresh.childNodes);
};
if (part) setInterval(refresh, 10000);
