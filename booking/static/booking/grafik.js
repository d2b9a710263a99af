/* Small comforts; every page works without them: copying an address, closing an open menu, printing, folding days. */
document.documentElement.classList.add("js");
if (navigator.clipboard) document.documentElement.classList.add("can-copy");

document.addEventListener("click", async (event) => {
  const copy = event.target.closest("[data-copy]");
  if (copy) {
    await navigator.clipboard.writeText(document.getElementById(copy.dataset.copy).textContent.trim());
    copy.querySelector("[data-copy-label]").textContent = copy.dataset.copied;
  }
  if (event.target.closest("[data-print]")) window.print();
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

/* A long week on a phone: the day that matters now is open, the others say when they begin and end and open at a tap. */
const foldable = document.querySelector("[data-fold]");
if (foldable && window.matchMedia("(width < 40rem)").matches) {
  const folds = [...foldable.querySelectorAll(".week-day:has(.week-sessions)")].map((day) => {
    const list = day.querySelector(".week-sessions");
    const heading = day.querySelector("h2");
    const button = document.createElement("button");
    list.id = `${day.id}-list`;
    button.type = "button";
    button.className = "fold";
    button.append(...heading.childNodes);
    const times = list.querySelectorAll("time");
    const last = list.querySelectorAll(".until");
    const ends = [...last].map((each) => each.textContent.slice(1)).sort().at(-1);
    const span = document.createElement("span");
    span.className = "fold-span";
    span.textContent = `${times[0].textContent}–${ends}`;
    button.append(" ", span);
    button.setAttribute("aria-controls", list.id);
    heading.append(button);
    const show = (open) => {
      list.classList.toggle("is-folded", !open);
      button.setAttribute("aria-expanded", String(open));
    };
    button.addEventListener("click", () => show(list.classList.contains("is-folded")));
    return { day, show };
  });
  const asked = () => folds.find(({ day }) => `#${day.id}` === location.hash);
  const first = asked() ?? folds.find(({ day }) => day.classList.contains("week-day--today")) ?? folds[0];
  for (const fold of folds) fold.show(fold === first);
  window.addEventListener("hashchange", () => asked()?.show(true));
  const all = foldable.querySelector("[data-fold-all]");
  if (all) {
    all.hidden = folds.length < 2;
    all.addEventListener("click", () => {
      for (const fold of folds) fold.show(true);
      all.hidden = true;
    });
  }
}

// What takes longer than a second says so, and is not sent twice.
document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-busy]");
  const status = form?.querySelector("[data-busy-status]");
  if (!status) return;
  if (!status.hidden) {
    event.preventDefault();
    return;
  }
  status.textContent = form.dataset.busy;
  status.hidden = false;
});

// A page that the browser kept and shows again is not busy any more.
window.addEventListener("pageshow", () => {
  for (const status of document.querySelectorAll("[data-busy-status]")) status.hidden = true;
});

/* Who is on duty now: read anew when somebody comes back to the page, and each minute while nobody uses it. */
const fresh = document.querySelector("[data-refresh]");
if (fresh) {
  document.addEventListener("visibilitychange", () => document.hidden || location.reload());
  const idle = () => !document.hidden && document.activeElement === document.body;
  setInterval(() => idle() && location.reload(), fresh.dataset.refresh * 1000);
}
