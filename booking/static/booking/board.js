/*
 * Dragging the lines of a term: the plan stands in the page as a table that works without this; here it becomes a board
 * (@event-calendar/build). A drop is sent to the same draft that the form writes, and the list of clashes is fetched anew.
 */
const board = document.querySelector("[data-board]");
if (board && window.EventCalendar && window.matchMedia("(min-width: 60rem)").matches) {
  const plan = JSON.parse(document.getElementById("board-plan").textContent);
  const monday = new Date(`${plan.monday}T00:00:00`);
  const status = document.querySelector("[data-board-status]");
  const byResource = plan.resources.length > 0;

  const pad = (number) => String(number).padStart(2, "0");
  const clock = (moment) => `${pad(moment.getHours())}:${pad(moment.getMinutes())}`;
  const dayOf = (weekday) => {
    const day = new Date(monday);
    day.setDate(day.getDate() + weekday);
    return `${day.getFullYear()}-${pad(day.getMonth() + 1)}-${pad(day.getDate())}`;
  };
  const weekdayOf = (moment) => (moment.getDay() + 6) % 7;
  const known = new Set(plan.resources.map((each) => each.id));
  const hours = plan.lines.flatMap((line) => [line.starts, line.ends]).sort();

  const events = (lines) => lines.flatMap((line) => line.weekdays.map((weekday) => ({
    id: `${line.id}/${weekday}`,
    title: line.title,
    start: `${dayOf(weekday)} ${line.starts}`,
    end: `${dayOf(weekday)} ${line.ends}`,
    resourceIds: line.resources.filter((each) => known.has(each)),
    classNames: ["board-line", ...line.tone.split(" ").filter(Boolean)],
    startEditable: line.movable,
    durationEditable: line.movable,
    extendedProps: { line, weekday },
  })));

  const say = (text, isWrong = false) => {
    status.textContent = text;
    status.classList.toggle("notice--danger", isWrong);
    status.hidden = false;
  };

  const element = (name, className, text) => {
    const made = document.createElement(name);
    made.className = className;
    made.textContent = text;
    return made;
  };

  const content = ({ event, timeText }) => {
    const { line } = event.extendedProps;
    const top = element("span", "board-top", "");
    top.append(element("span", "board-time", isNarrow ? timeText.split(/\s*[-–]\s*/)[0] : timeText));
    for (const mark of line.marks) top.append(" ", element("span", `tag${mark.tone ? ` tag--${mark.tone}` : ""}`, mark.label));
    const nodes = [top];
    const title = element("a", "board-title", line.title);
    title.href = line.url;
    title.draggable = false;
    nodes.push(title);
    const beside = plan.way === "person" ? line.where : plan.way === "room" ? line.who : [line.where, line.who].filter(Boolean).join(", ");
    if (beside) nodes.push(element("span", "board-beside", beside));
    return { domNodes: nodes };
  };

  const send = async (info) => {
    const { line, weekday } = info.event.extendedProps;
    const facts = new FormData();
    facts.set("old_weekday", weekday);
    facts.set("weekday", weekdayOf(info.event.start));
    facts.set("starts", clock(info.event.start));
    facts.set("ends", clock(info.event.end));
    if (info.newResource) {
      facts.set(plan.way, info.newResource.id);
      facts.set("instead_of", info.oldResource.id);
    }
    try {
      const answer = await fetch(line.shift, {
        method: "POST",
        body: facts,
        headers: { Accept: "application/json", "X-CSRFToken": board.dataset.csrf },
      });
      if (!answer.ok) {
        info.revert();
        say((await answer.json()).detail, true);
        return;
      }
      await refresh();
      say(plan.words.saved);
    } catch {
      info.revert();
      say(plan.words.failed, true);
    }
  };

  const refresh = async () => {
    const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
    for (const part of document.querySelectorAll("[data-board-part]")) {
      const fresh = page.querySelector(`[data-board-part="${part.dataset.boardPart}"]`);
      if (fresh) part.replaceChildren(...fresh.childNodes);
    }
    onPaper.replaceChildren(...page.querySelector("[data-board]").childNodes);
    plan.lines = JSON.parse(page.getElementById("board-plan").textContent).lines;
    calendar.setOption("events", events(plan.lines));
  };

  // How many lines at most stand side by side: columns are wide enough for them, and the board scrolls sideways.
  const lanes = Math.max(1, ...plan.lines.flatMap((line) => line.weekdays.flatMap((weekday) => {
    const column = byResource ? line.resources.filter((each) => known.has(each)) : [""];
    return column.map((key) => plan.lines.filter((other) => (
      other.weekdays.includes(weekday) && (!byResource || other.resources.includes(key)) && other.starts <= line.starts && line.starts < other.ends
    )).length);
  })));
  const isNarrow = byResource || lanes > 2;

  // What prints well stays for paper: the table, not the board.
  const onPaper = document.createElement("div");
  onPaper.className = "only-print";
  onPaper.append(...board.childNodes);

  const views = { whole: byResource ? "resourceTimelineWeek" : "timeGridWeek", day: byResource ? "resourceTimeGridDay" : "timeGridDay" };
  const place = document.createElement("div");
  place.className = "board-calendar no-print";
  place.setAttribute("role", "group");
  place.setAttribute("aria-label", document.querySelector("h1").textContent);

  // The component calls itself a table with links between its rows, which no screen reader can follow: read as plain
  // text it is in order, and the list says the same.
  const ofTables = ["role", "aria-colindex", "aria-rowindex", "aria-colcount", "aria-rowcount", "aria-colspan", "aria-rowspan"];
  const plain = () => {
    for (const name of ofTables) {
      for (const each of place.querySelectorAll(`[${name}]`)) each.removeAttribute(name);
    }
  };
  new MutationObserver(plain).observe(place, { subtree: true, childList: true, attributes: true, attributeFilter: ofTables });
  const calendar = EventCalendar.create(place, {
    view: byResource ? views.day : views.whole,
    date: dayOf(0),
    locale: document.documentElement.lang,
    firstDay: 1,
    headerToolbar: { start: "", center: "", end: "" },
    dayHeaderFormat: { weekday: "long" },
    height: "auto",
    allDaySlot: false,
    nowIndicator: false,
    slotDuration: "00:15",
    slotLabelInterval: "01:00",
    slotHeight: 15,
    columnWidth: isNarrow ? `${Math.max(7.5, lanes * 5.5)}rem` : undefined,
    views: { resourceTimelineWeek: { slotDuration: "00:30", slotWidth: 36 } },
    slotMinTime: `${pad(Math.min(Number.parseInt(hours[0] || "13", 10), 13))}:00`,
    slotMaxTime: `${pad(Math.max(Number.parseInt(hours.at(-1) || "18", 10) + 1, 19))}:00`,
    slotEventOverlap: false,
    hiddenDays: plan.lines.some((line) => line.weekdays.some((day) => day > 4)) ? [] : [0, 6],
    filterResourcesWithEvents: false,
    resources: plan.resources,
    events: events(plan.lines),
    eventContent: content,
    editable: true,
    eventResourceEditable: plan.way === "room" || plan.way === "person",
    eventDurationEditable: true,
    dragScroll: true,
    snapDuration: "00:15",
    eventDrop: send,
    eventResize: send,
    // The link inside is what the keyboard reaches; the box around it is there for the mouse.
    eventDidMount: ({ el }) => el.removeAttribute("tabindex"),
    eventClick: ({ event }) => location.assign(event.extendedProps.line.url),
    dateClick: ({ date, resource }) => {
      const query = new URLSearchParams({ weekday: weekdayOf(date), starts: clock(date) });
      if (resource) query.set(plan.way === "person" ? "leader" : plan.way, resource.id);
      location.assign(`${plan.new}?${query}`);
    },
  });

  const days = document.createElement("div");
  days.className = "chips board-days no-print";
  const choices = [...(byResource ? [] : [[plan.words.week, views.whole, 0]]), ...plan.weekdays.slice(0, 6).map((name, weekday) => [name, views.day, weekday])];
  if (byResource) choices.push([plan.words.week, views.whole, 0]);
  choices.forEach(([label, view, weekday], number) => {
    const button = element("button", "chip", label);
    button.type = "button";
    if (number === 0) button.setAttribute("aria-current", "true");
    button.addEventListener("click", () => {
      calendar.setOption("view", view).setOption("date", dayOf(weekday));
      for (const each of days.children) each.toggleAttribute("aria-current", false);
      button.setAttribute("aria-current", "true");
    });
    days.append(button);
  });
  board.replaceChildren(days, place, onPaper);
}
