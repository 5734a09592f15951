// What server-rendered pages cannot do alone: palette, menus, pickers, live runs, notices, leaving with unsaved text.
(() => {
  const root = document.documentElement;
  const byId = (id) => document.getElementById(id);

  function notice(text) {
    const box = document.createElement("div");
    box.className = "notice";
    box.textContent = text;
    byId("notices").append(box);
    setTimeout(() => box.remove(), 6000);
  }

  // Palette: Ctrl-K or ⌘K from anywhere, arrows choose, Enter opens.
  const palette = byId("palette");
  // Who types fast and presses Enter wants what was typed, not what stands there from before: the answer is waited for.
  let sent = "";
  let shown = null;
  let hurried = false;
  function openPalette() {
    if (!palette || palette.open) return;
    palette.showModal();
    const words = byId("palette-words");
    words.select();
    words.dispatchEvent(new Event("open"));
  }
  function choose(step) {
    const options = [...palette.querySelectorAll("[role=option]")];
    if (!options.length) return;
    const now = options.findIndex((each) => each.getAttribute("aria-selected") === "true");
    options.forEach((each) => each.setAttribute("aria-selected", "false"));
    const next = options[(now + step + options.length) % options.length];
    next.setAttribute("aria-selected", "true");
    next.scrollIntoView({ block: "nearest" });
    byId("palette-words").setAttribute("aria-activedescendant", next.id);
  }
  function openChosen() {
    const chosen = palette.querySelector("[role=option][aria-selected=true]");
    if (chosen) location.assign(chosen.getAttribute("href"));
  }
  function answered() {
    shown = sent;
    choose(1);
    if (hurried && shown === byId("palette-words").value) openChosen();
  }
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      openPalette();
    } else if (event.key === "/" && !/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) {
      const box = document.querySelector("[data-search]");
      if (box) {
        event.preventDefault();
        box.focus();
      }
    } else if (event.key === "Escape") {
      const cancel = event.target.closest?.("[data-edit]")?.querySelector("[data-cancel]");
      if (cancel) cancel.click();
      const open = event.target.closest?.("details.menu[open]");
      document.querySelectorAll("details.menu[open]").forEach((each) => each.removeAttribute("open"));
      open?.querySelector("summary").focus();
    }
  });
  if (palette) {
    palette.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        choose(event.key === "ArrowDown" ? 1 : -1);
      } else if (event.key === "Enter") {
        hurried = byId("palette-words").value !== shown;
        if (!hurried) openChosen();
      }
    });
    palette.addEventListener("input", () => (hurried = false));
    palette.addEventListener("htmx:beforeRequest", () => (sent = byId("palette-words").value));
    palette.addEventListener("click", (event) => {
      if (event.target === palette) palette.close();
    });
    if (/Mac|iPhone|iPad/.test(navigator.platform)) {
      document.querySelectorAll(".finder kbd").forEach((each) => (each.textContent = "⌘K"));
    }
  }

  // Tabs wider than the page: the open one is in sight, the wheel moves them, a fading edge tells of more.
  document.querySelectorAll(".tabs").forEach((tabs) => {
    const open = tabs.querySelector("[aria-current]");
    const tell = () => tabs.classList.toggle("tabs-more", tabs.scrollWidth - tabs.clientWidth - tabs.scrollLeft > 1);
    if (open) tabs.scrollLeft = open.offsetLeft - tabs.offsetLeft - (tabs.clientWidth - open.offsetWidth) / 2;
    tabs.addEventListener("scroll", tell, { passive: true });
    new ResizeObserver(tell).observe(tabs);
    tabs.addEventListener("wheel", (event) => {
      const before = tabs.scrollLeft;
      if (!event.shiftKey) tabs.scrollLeft += event.deltaY;
      if (tabs.scrollLeft !== before) event.preventDefault();
    });
  });

  // Help: the drawer of this page; `?` opens it, `C` opens what may be created, `N` begins a note on a record.
  const help = byId("help");
  function openHelp() {
    if (!help || help.open) return;
    help.showModal();
    byId("help-body").dispatchEvent(new Event("open"));
  }
  document.addEventListener("keydown", (event) => {
    const writing = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (writing || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (document.querySelector("dialog[open]")) return;
    const create = document.querySelector(".create-menu");
    if (event.key === "?") {
      event.preventDefault();
      openHelp();
    } else if (event.key === "c" && create) {
      event.preventDefault();
      create.open = true;
      create.querySelector("a").focus();
    } else if (event.key === "n" && document.querySelector("#composer textarea")) {
      event.preventDefault();
      document.querySelector("#composer textarea").focus();
    }
  });
  help?.addEventListener("click", (event) => {
    if (event.target === help) help.close();
  });

  // A menu is walked with the arrows.
  document.addEventListener("keydown", (event) => {
    const menu = event.target.closest?.("details.menu[open]");
    if (!menu || !/^Arrow(Up|Down)$/.test(event.key) || event.target.closest("input, select, textarea")) return;
    const stops = [...menu.querySelectorAll("summary, .menu-list a, .menu-list button")];
    const now = stops.indexOf(document.activeElement);
    event.preventDefault();
    stops[(now + (event.key === "ArrowDown" ? 1 : stops.length - 1)) % stops.length].focus();
  });

  document.addEventListener("click", (event) => {
    const on = (name) => event.target.closest(`[data-${name}]`);
    if (on("palette")) openPalette();
    if (on("help")) {
      event.preventDefault();
      openHelp();
    }
    if (on("fold")) {
      const folded = root.dataset.menu !== "folded";
      if (folded) root.dataset.menu = "folded";
      else delete root.dataset.menu;
      try {
        localStorage.setItem("menu", folded ? "folded" : "open");
      } catch {
        // Not kept; the fold lasts for this page.
      }
    }
    if (event.target.closest("button[data-menu], .side-shade")) {
      const open = root.dataset.drawer !== "open";
      root.dataset.drawer = open ? "open" : "closed";
      document.querySelector(".side-shade").hidden = !open;
    }
    document.querySelectorAll("details.menu[open]").forEach((each) => {
      if (!each.contains(event.target)) each.removeAttribute("open");
    });
    // Where a page only leads down to what is written, the cursor goes there too.
    const there = on("focus");
    if (there) setTimeout(() => document.querySelector(there.dataset.focus)?.focus({ preventScroll: true }));
    const dialog = on("dialog");
    if (dialog) byId(dialog.dataset.dialog).showModal();
    if (on("close")) event.target.closest("dialog").close();
  });

  // Filters act when a choice is made.
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-at-once]");
    if (form) form.requestSubmit();
  });

  // Pickers: a link to a record is found by typing.
  let asked = 0;
  document.addEventListener("input", async (event) => {
    const picker = event.target.closest("[data-picker]");
    if (!picker || event.target.getAttribute("role") !== "combobox") return;
    const turn = ++asked;
    if (!picker.dataset.many) picker.querySelector("input[type=hidden]").value = "";
    const list = picker.querySelector(".picker-list");
    await new Promise((done) => setTimeout(done, 150));
    if (turn !== asked) return;
    const address = `${picker.dataset.picker}?q=${encodeURIComponent(event.target.value)}`;
    const answer = await fetch(address, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (turn !== asked || !answer?.ok) return;
    list.innerHTML = await answer.text();
    list.hidden = !list.children.length;
    event.target.setAttribute("aria-expanded", String(!list.hidden));
  });
  // Of several links each is a tick that can be taken away again, also after it was chosen twice.
  function add(picker, option) {
    const picked = picker.querySelector(".picked");
    const known = [...picked.querySelectorAll("input")].find((each) => each.value === option.dataset.id);
    if (known) {
      known.checked = true;
      return;
    }
    const label = document.createElement("label");
    const tick = document.createElement("input");
    const name = document.createElement("span");
    label.className = "picked-one";
    Object.assign(tick, { type: "checkbox", name: picker.dataset.many, value: option.dataset.id, checked: true });
    name.textContent = option.dataset.title;
    label.append(tick, name);
    picked.append(label);
  }
  function take(picker, option) {
    const many = Boolean(picker.dataset.many);
    if (many) add(picker, option);
    else picker.querySelector("input[type=hidden]").value = option.dataset.id;
    const box = picker.querySelector("input[role=combobox]");
    box.value = many ? "" : option.dataset.title;
    box.removeAttribute("aria-activedescendant");
    box.setAttribute("aria-expanded", "false");
    picker.querySelector(".picker-list").hidden = true;
  }
  document.addEventListener("mousedown", (event) => {
    const option = event.target.closest(".picker-list [role=option]");
    if (option) {
      event.preventDefault();
      take(option.closest("[data-picker]"), option);
    }
  });
  document.addEventListener("keydown", (event) => {
    const picker = event.target.closest?.("[data-picker]");
    const list = picker?.querySelector(".picker-list");
    if (!list) return;
    if (event.key === "Backspace" && picker.dataset.many && event.target.matches("[role=combobox]") && !event.target.value) {
      const last = [...picker.querySelectorAll(".picked input:checked")].pop();
      if (last) last.checked = false;
      return;
    }
    if (list.hidden) return;
    const options = [...list.querySelectorAll("[role=option]")];
    const now = options.findIndex((each) => each.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      const next = options[(now + step + options.length) % options.length];
      options.forEach((each) => each.setAttribute("aria-selected", String(each === next)));
    } else if (event.key === "Enter" && now >= 0) {
      event.preventDefault();
      take(picker, options[now]);
    } else if (event.key === "Escape") {
      list.hidden = true;
      event.stopPropagation();
    }
  });
  document.addEventListener("focusout", (event) => {
    const picker = event.target.closest?.("[data-picker]");
    if (picker) picker.querySelector(".picker-list").hidden = true;
  });

  // Unsaved text is not lost by a slip.
  let unsaved = false;
  document.addEventListener("input", (event) => {
    if (event.target.closest("form[data-guard]")) unsaved = true;
  });
  document.addEventListener("submit", () => (unsaved = false));
  window.addEventListener("beforeunload", (event) => {
    if (unsaved) event.preventDefault();
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    // What was replaced as a whole has left the page; what came in its stead tells of itself.
    const before = event.detail.target;
    const place = before.isConnected ? before : event.target;
    if (place.id === "palette-results") answered();
    const unread = before.id === "unread" && byId("unread");
    if (unread && Number(unread.dataset.count) > Number(before.dataset.count)) notice(unread.dataset.news);
    const first = place.querySelector?.("[aria-invalid=true], [data-edit] input:not([type=hidden]), [data-edit] select, [data-edit] textarea");
    if (first && place.closest?.("[data-edit], .fact")) first.focus();
  });
  document.addEventListener("htmx:sendError", () => notice(document.body.dataset.lost));
  document.addEventListener("htmx:responseError", () => notice(document.body.dataset.failed));
})();
