// Lists: picking rows, changing cells in place, pulling columns wider, arranging columns, redrawing the filter.
(() => {
  const sheet = document.querySelector("table.wide");
  const panel = document.getElementById("panel");
  const csrf = JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRF-Token"] || "";

  // Picking: a click, shift-click for all between, the head for everything shown.
  let last = null;
  const boxes = () => [...document.querySelectorAll("td.pick input")];
  function count() {
    const picked = boxes().filter((each) => each.checked);
    const all = document.querySelector("[data-all]");
    const shown = document.querySelector("[data-picked]");
    if (shown) shown.textContent = all?.checked ? document.querySelector("[data-count-here]").textContent || "…" : picked.length;
    boxes().forEach((each) => each.closest("tr").classList.toggle("picked", each.checked));
    const head = document.querySelector("[data-pick-all]");
    if (head) {
      head.checked = picked.length > 0 && picked.length === boxes().length;
      head.indeterminate = picked.length > 0 && !head.checked;
    }
    if (!picked.length && all) all.checked = false;
  }
  document.addEventListener("click", (event) => {
    const box = event.target.closest?.("td.pick input");
    if (box) {
      const every = boxes();
      if (event.shiftKey && last && every.includes(last)) {
        const [from, to] = [every.indexOf(last), every.indexOf(box)].sort((a, b) => a - b);
        every.slice(from, to + 1).forEach((each) => (each.checked = box.checked));
      }
      last = box;
      count();
    }
    if (event.target.closest?.("[data-unpick]")) {
      boxes().forEach((each) => (each.checked = false));
      count();
    }
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-pick-all]")) {
      boxes().forEach((each) => (each.checked = event.target.checked));
      count();
    } else if (event.target.matches("[data-all]")) {
      if (event.target.checked) boxes().forEach((each) => (each.checked = true));
      count();
    } else if (event.target.matches("[data-redraw]")) {
      // A question that asks for the same kind of value keeps the row as it is.
      const asks = event.target.selectedOptions[0]?.dataset.asks;
      if (asks && asks === event.target.dataset.asks) return;
      event.target.form.querySelector("[data-redraw-now]")?.click();
    } else if (event.target.matches("[data-add]") && event.target.value) {
      event.target.form.querySelector("[data-add-now]")?.click();
    } else if (event.target.closest(".pick-many")) {
      const menu = event.target.closest(".pick-many");
      const names = [...menu.querySelectorAll("input:checked")].map((each) => each.parentElement.textContent.trim());
      if (names.length) menu.querySelector("summary span").textContent = names.join(", ");
    }
  });
  // A browser that comes back keeps ticks: show them as picked.
  window.addEventListener("pageshow", count);

  // Among many views the open one is in sight.
  document.querySelector(".view-menu")?.addEventListener("toggle", (event) => {
    event.target.querySelector(".all-views [aria-current]")?.scrollIntoView({ block: "nearest" });
  });

  // Panels: filter and columns open under the tools and close without leaving the list.
  document.addEventListener("click", (event) => {
    const close = event.target.closest?.("[data-panel-close]");
    if (close && sheet && panel) {
      event.preventDefault();
      panel.replaceChildren();
      document.querySelector(".chip-more")?.focus();
    }
    const cancel = event.target.closest?.("#bulk [data-close]");
    if (cancel) event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && panel?.contains(event.target) && sheet) {
      panel.replaceChildren();
      document.querySelector(".chip-more")?.focus();
    }
  });
  let kept = null;
  document.addEventListener("htmx:beforeSwap", (event) => {
    kept = event.detail.target === panel ? document.activeElement?.getAttribute("name") : null;
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    const place = event.detail.target;
    if (place === panel) {
      const wrong = panel.querySelector("[aria-invalid=true]");
      const same = kept && panel.querySelector(`[name="${CSS.escape(kept)}"]`);
      (wrong || (same && same.tagName === "SELECT" ? same : null) || panel.querySelector(".rule:last-of-type select, [data-add]"))?.focus();
    }
    const foot = document.querySelector("tfoot [data-count]");
    const here = document.querySelector("[data-count-here]");
    if (foot && here && !here.textContent) {
      here.textContent = foot.dataset.count;
      here.hidden = false;
    }
  });

  // The question opens when htmx knows its form: a choice made before would be sent as a page of its own.
  document.addEventListener("htmx:afterSettle", (event) => {
    const place = event.detail.target;
    if (place.id !== "bulk-place") return;
    const dialog = document.getElementById("bulk");
    if (dialog && !dialog.open) dialog.showModal();
    place.querySelector("[aria-invalid=true], select, input:not([type=hidden]), .btn-primary, .btn-danger")?.focus();
  });

  // Columns: arrows and dragging move them without asking the server.
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-move]");
    if (!button) return;
    event.preventDefault();
    const item = button.closest("li");
    const other = button.dataset.move === "-1" ? item.previousElementSibling : item.nextElementSibling;
    if (!other) return;
    if (button.dataset.move === "-1") other.before(item);
    else other.after(item);
    button.focus();
  });
  let dragged = null;
  document.addEventListener("dragstart", (event) => {
    dragged = event.target.closest?.("[data-order] li");
    dragged?.classList.add("dragged");
  });
  document.addEventListener("dragover", (event) => {
    const item = event.target.closest?.("[data-order] li");
    if (!dragged || !item || item === dragged) return;
    event.preventDefault();
    const box = item.getBoundingClientRect();
    const before = event.clientY < box.top + box.height / 2 && event.clientX < box.left + box.width / 2;
    if (before) item.before(dragged);
    else item.after(dragged);
  });
  document.addEventListener("dragend", () => {
    dragged?.classList.remove("dragged");
    dragged = null;
  });

  if (!sheet) return;

  // Widths: pull the edge of a head; the server remembers it for this person and view.
  function wear(column, width) {
    const place = [...column.parentElement.children].indexOf(column);
    for (const row of sheet.rows) {
      const cell = row.children[place];
      if (!cell || cell.colSpan > 1) continue;
      cell.className = cell.className.replace(/\bw-\d+\b/g, "").trim();
      cell.classList.add(`w-${width}`);
    }
  }
  sheet.addEventListener("pointerdown", (event) => {
    if (!event.target.closest("[data-resize]")) return;
    event.preventDefault();
    const column = event.target.closest("th");
    const begin = event.clientX;
    const wide = column.getBoundingClientRect().width;
    let width = 0;
    const move = (moved) => {
      width = Math.round(Math.min(Math.max(wide + moved.clientX - begin, 60), 600) / 10) * 10;
      wear(column, width);
    };
    const end = () => {
      document.removeEventListener("pointermove", move);
      document.removeEventListener("pointerup", end);
      if (width) remember(column.dataset.path, width);
    };
    document.addEventListener("pointermove", move);
    document.addEventListener("pointerup", end);
  });
  function remember(path, width) {
    const body = new URLSearchParams({ csrf, look: sheet.dataset.look, path, width });
    fetch(`${sheet.dataset.list}/width`, { method: "POST", body, headers: { "HX-Request": "true" } }).catch(() => {});
  }

  // Cells: arrows walk, Enter or a double click changes, Escape leaves it as it was.
  const cells = () => [...sheet.tBodies[0].rows].filter((row) => row.dataset.record).map((row) => [...row.children]);
  function stand(cell, look = true) {
    sheet.querySelectorAll("tbody [tabindex]").forEach((each) => each.removeAttribute("tabindex"));
    cell.setAttribute("tabindex", "0");
    if (look) cell.focus();
  }
  function place(cell) {
    const rows = cells();
    const row = rows.findIndex((each) => each.includes(cell));
    return row < 0 ? null : { rows, row, column: rows[row].indexOf(cell) };
  }
  function walk(cell, down, right) {
    const here = place(cell);
    const row = here?.rows[here.row + down];
    const next = row?.[here.column + right];
    if (!next) return;
    if (next.classList.contains("pick")) next.querySelector("input").focus();
    else stand(next);
    if (peek?.open) look(next.closest("tr").querySelector("[data-peek]")?.dataset.peek);
  }
  // Beside the list: Space or the eye shows a record in a drawer that follows the arrows; Escape closes it.
  const peek = document.getElementById("peek");
  let waiting = 0;
  function look(address) {
    if (!address || !peek) return;
    peek.dataset.of = address;
    sheet.querySelector("tr.peeked")?.classList.remove("peeked");
    sheet.querySelector(`[data-peek="${address}"]`)?.closest("tr").classList.add("peeked");
    if (!peek.open) {
      const here = document.activeElement;
      peek.show();
      here?.focus();  // a dialog takes the cursor; the list keeps it, so that the arrows go on
    }
    clearTimeout(waiting);
    // Who holds an arrow key down asks for the record they stop at.
    waiting = setTimeout(() => window.htmx.ajax("GET", address, { target: peek, swap: "innerHTML" }), 80);
  }
  function closePeek() {
    peek.close();
    peek.replaceChildren();
    sheet.querySelector("tr.peeked")?.classList.remove("peeked");
    sheet.querySelector("tbody [tabindex='0']")?.focus();
  }
  document.addEventListener("click", (event) => {
    const mark = event.target.closest?.("[data-peek]");
    if (mark && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      stand(mark.closest("th"));
      look(mark.dataset.peek);
    }
    if (event.target.closest?.("[data-peek-close]")) closePeek();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && peek?.open && !event.target.closest("[data-cell], dialog:modal")) closePeek();
  });
  function open(cell) {
    const at = cell.dataset.editAt;
    if (!at || cell.querySelector("[data-cell]")) return;
    window.htmx.ajax("GET", `${at}?open=1`, { target: cell, swap: "innerHTML" });
  }
  sheet.addEventListener("dblclick", (event) => {
    const cell = event.target.closest("[data-edit-at]");
    if (!cell || event.target.closest("[data-cell]")) return;
    event.preventDefault();
    open(cell);
  });
  // In a cell that can be changed a click stands on it; its link (a phone, a mail) is followed with Ctrl or ⌘.
  sheet.addEventListener("click", (event) => {
    const link = event.target.closest("[data-edit-at] a:not(.line-link, .peek-mark)");
    if (link && !event.ctrlKey && !event.metaKey && matchMedia("(hover: hover)").matches) {
      event.preventDefault();
      stand(link.closest("[data-edit-at]"));
    }
  });
  sheet.addEventListener("click", (event) => {
    const cell = event.target.closest("tbody td, tbody th");
    if (cell && !event.target.closest("a, button, input, select, textarea, form") && !cell.classList.contains("pick")) stand(cell);
  });
  sheet.addEventListener("keydown", (event) => {
    const form = event.target.closest("[data-cell]");
    const cell = event.target.closest("tbody td, tbody th");
    if (!cell) return;
    if (form) {
      if (event.key === "Escape") {
        event.stopPropagation();
        // Asked for directly: the button of a form that has only just come does not answer yet.
        const back = form.querySelector("[data-cell-cancel]").getAttribute("hx-get");
        window.htmx.ajax("GET", back, { target: form.closest("[data-edit-at]"), swap: "innerHTML" });
      } else if (event.key === "Enter" && event.target.tagName === "TEXTAREA" && (event.ctrlKey || event.metaKey)) {
        event.target.form.requestSubmit();
      }
      return;
    }
    const steps = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] };
    const step = steps[event.key];
    if (step) {
      event.preventDefault();
      walk(cell, ...step);
    } else if ((event.key === "Enter" || event.key === "F2") && event.target === cell && cell.dataset.editAt) {
      event.preventDefault();
      open(cell);
    } else if (event.key === "Enter" && event.target === cell) {
      cell.querySelector("a")?.click();
    } else if (event.key === " " && event.target === cell && peek) {
      event.preventDefault();
      const address = cell.closest("tr").querySelector("[data-peek]")?.dataset.peek;
      if (peek.open && peek.dataset.of === address) closePeek();
      else look(address);
    } else if (event.key === "x" && event.target === cell && !event.ctrlKey && !event.metaKey) {
      cell.closest("tr").querySelector("td.pick input").click();
    }
  });
  // A choice is saved when it is made; anything else by Enter or the button.
  sheet.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-cell]");
    if (form && event.target.tagName === "SELECT") form.requestSubmit();
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    const cell = event.detail.target;
    if (!cell?.matches?.("[data-edit-at]")) return;
    const box = cell.querySelector("[data-cell] input:not([type=hidden]), [data-cell] select, [data-cell] textarea, [data-cell] button");
    cell.classList.toggle("cell-open", Boolean(box));
    if (box) {
      // At the right edge the form is wider than its cell: the list moves until it can be seen.
      cell.querySelector("[data-cell]").scrollIntoView({ block: "nearest", inline: "nearest" });
      box.focus({ preventScroll: true });
      box.select?.();
    } else {
      cell.classList.toggle("is-empty", !cell.textContent.trim());
      stand(cell);
    }
  });
  const first = sheet.querySelector("tbody th");
  if (first) stand(first, false);
})();
