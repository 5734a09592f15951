// The stack by keyboard: the next pair is fetched ahead, so that after a decision it is there at once; the server
// hears of decisions one after the other, and what it refuses comes back with its reason.
(() => {
  const stack = document.querySelector("[data-stack]");
  if (!stack) return;
  const place = stack.querySelector("[data-place]");
  const list = stack.querySelector("[data-list]");
  const ahead = new Map();
  const decided = [];
  const settled = new Set();
  let line = Promise.resolve();

  const items = () => [...list.querySelectorAll("li[data-pair]")];
  const itemOf = (id) => list.querySelector(`li[data-pair="${id}"]`);
  const pair = () => place.querySelector(".pair");
  // The pair that is shown, or that will be as soon as it has come.
  let showing = pair()?.dataset.id;
  const here = () => showing;
  const address = (id) => `/duplicates/${id}${stack.dataset.query ? `?${stack.dataset.query}` : ""}`;

  function tell(element) {
    const notices = document.getElementById("notices");
    notices.replaceChildren(element);
    setTimeout(() => element.remove(), 8000);
  }
  function say(text) {
    const box = document.createElement("div");
    box.className = "notice";
    box.textContent = text;
    tell(box);
  }
  function count(name, by) {
    document.querySelectorAll(`[data-${name}]`).forEach((figure) => {
      if (/^\d+$/.test(figure.textContent)) figure.textContent = String(Math.max(0, Number(figure.textContent) + by));
    });
  }

  async function load(id) {
    const answer = await fetch(`/duplicates/${id}`, { headers: { "HX-Request": "true" } });
    if (!answer.ok) throw new Error(await reason(answer));
    return answer.text();
  }
  function fetchAhead(id) {
    if (id && !ahead.has(id)) {
      const coming = load(id);
      coming.catch(() => ahead.delete(id));
      ahead.set(id, coming);
    }
    return ahead.get(id);
  }
  async function reason(answer) {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return page.querySelector("[data-wrong]")?.textContent.trim() || document.body.dataset.failed;
  }
  const next = (id, step = 1) => {
    const all = items();
    const at = all.findIndex((each) => each.dataset.pair === id);
    return all[at + step]?.dataset.pair;
  };

  let turn = 0;
  async function show(id, { address: move = true } = {}) {
    const mine = ++turn;
    showing = id;
    items().forEach((each) => each.querySelector("a").toggleAttribute("aria-current", each.dataset.pair === id));
    itemOf(id)?.scrollIntoView({ block: "nearest" });
    try {
      const html = await fetchAhead(id);
      if (mine !== turn) return;
      place.innerHTML = html;
      if (move) history.replaceState(null, "", address(id));
      if (window.scrollY > place.offsetTop) window.scrollTo({ top: 0 });
      fetchAhead(next(id));
    } catch (error) {
      say(error.message === "Failed to fetch" ? document.body.dataset.lost : error.message);
    }
  }
  function finish() {
    turn += 1;
    showing = undefined;
    place.replaceChildren(document.querySelector("[data-done]").content.cloneNode(true));
  }
  function goOn(from, gone) {
    const to = next(from) || next(from, -1);
    if (gone) itemOf(from)?.remove();
    if (to) show(to);
    else finish();
  }

  // What the server is told waits for its turn: an undo finds the decision before it already on record.
  function inTurn(work) {
    const done = line.then(work);
    line = done.catch(() => {});
    return done;
  }
  function send(path, body = new URLSearchParams()) {
    return fetch(path, { method: "POST", body, headers: { "HX-Request": "true", "X-CSRF-Token": stack.dataset.csrf } });
  }

  const concerns = (customers) => pair().dataset.customers.split(" ").some((each) => each && customers.includes(each));

  function decide(decision) {
    const form = place.querySelector("[data-decide]");
    if (!form || pair().dataset.state !== "undecided" || pair().dataset.id !== here()) return;
    const id = here();
    const customers = pair().dataset.customers.split(" ");
    const body = new URLSearchParams(new FormData(form));
    body.set("decision", decision);
    const item = itemOf(id);
    const after = item?.nextElementSibling;
    const shown = place.innerHTML;
    count("left", -1);
    count("today", 1);
    goOn(id, true);
    inTurn(() => put(id, body, { item, after, shown, customers }));
  }
  async function put(id, body, { item, after, shown, customers }) {
    try {
      const answer = await send(`/duplicates/${id}/decide`, body);
      if (answer.status === 409) return gone(id, await reason(answer));
      if (!answer.ok) throw new Error(await reason(answer));
      const told = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-told]");
      decided.push({ id, item, after });
      tell(told);
      ahead.clear();
      const followed = told.dataset.followed.split(" ").filter(Boolean);
      followed.forEach((each) => settled.add(each));
      count("left", -followed.length);
      count("today", followed.length);
      const current = here();
      followed.forEach((each) => each !== current && itemOf(each)?.remove());
      if (followed.includes(current)) goOn(current, true);
      else if (current && (pair()?.dataset.id !== current || concerns(customers))) show(current);
      else fetchAhead(next(current));
    } catch (error) {
      count("left", 1);
      count("today", -1);
      if (item) list.insertBefore(item, after?.isConnected ? after : list.querySelector(".stack-more"));
      turn += 1;
      showing = id;
      place.innerHTML = shown;
      items().forEach((each) => each.querySelector("a").toggleAttribute("aria-current", each.dataset.pair === id));
      say(error.message === "Failed to fetch" ? document.body.dataset.lost : error.message);
    }
  }

  // Somebody was faster, or an earlier decision settled the pair too: it is not put back, and counted once.
  function gone(id, text) {
    if (settled.has(id)) count("left", 1);
    count("today", -1);
    say(text);
  }

  const undo = () => inTurn(takeBack);
  async function takeBack() {
    const last = decided.pop();
    if (!last) return say(stack.dataset.undone);
    const answer = await send(`/duplicates/${last.id}/undo`).catch(() => null);
    if (!answer?.ok) {
      decided.push(last);
      return say(answer ? await reason(answer) : document.body.dataset.lost);
    }
    tell(new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-told]"));
    ahead.clear();
    count("left", 1);
    count("today", -1);
    if (last.item) {
      const before = last.after?.isConnected ? last.after : list.querySelector(".stack-more");
      list.insertBefore(last.item, before);
    }
    show(last.id);
  }

  function step(by) {
    const to = here() ? next(here(), by) : items()[0]?.dataset.pair;
    if (to) show(to);
    else say(stack.dataset.last);
  }
  function skip() {
    const id = here();
    itemOf(id)?.classList.add("is-skipped");
    if (next(id)) show(next(id));
    else say(stack.dataset.end);
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    const target = event.target;
    const isRadio = target.type === "radio";
    if (!isRadio && /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) return;
    const acts = { y: () => decide("join"), n: () => decide("apart"), s: skip, u: undo };
    if (!isRadio) Object.assign(acts, { arrowdown: () => step(1), arrowup: () => step(-1) });
    const act = acts[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act();
  });
  stack.addEventListener("submit", (event) => {
    const decision = event.submitter?.value;
    if (event.target.matches("[data-decide]") && ["join", "apart"].includes(decision)) {
      event.preventDefault();
      decide(decision);
    }
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-undo]")) undo();
    if (event.target.closest("[data-skip]")) skip();
    const link = event.target.closest("[data-list] a");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      show(link.closest("li").dataset.pair);
    }
  });
  if (window.matchMedia("(max-width: 900px)").matches) stack.querySelector(".stack-side").removeAttribute("open");
  if (here()) fetchAhead(next(here()));
})();
