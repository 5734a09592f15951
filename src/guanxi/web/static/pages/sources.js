// Files dropped anywhere on the page, or chosen, are sent with a bar that shows how far they are.
(() => {
  const form = document.getElementById("drop");
  if (!form) return;
  const files = form.querySelector("input[type=file]");
  const veil = document.querySelector(".drop-veil");
  const bar = form.querySelector("progress");
  const text = form.querySelector(".drop-text");
  const result = document.getElementById("upload-result");
  form.querySelector("[data-without-script]").hidden = true;
  let depth = 0;
  let sending = false;

  const brings = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  window.addEventListener("dragenter", (event) => {
    if (!brings(event)) return;
    event.preventDefault();
    depth += 1;
    veil.hidden = false;
  });
  window.addEventListener("dragover", (event) => {
    if (brings(event)) event.preventDefault();
  });
  window.addEventListener("dragleave", (event) => {
    if (!brings(event)) return;
    depth = Math.max(0, depth - 1);
    veil.hidden = depth === 0;
  });
  window.addEventListener("drop", (event) => {
    if (!brings(event)) return;
    event.preventDefault();
    depth = 0;
    veil.hidden = true;
    files.files = event.dataTransfer.files;
    send();
  });
  files.addEventListener("change", send);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });

  function tell(message) {
    const box = document.createElement("div");
    box.className = "banner banner-bad";
    box.setAttribute("role", "alert");
    box.textContent = message;
    result.replaceChildren(box);
    still();
  }

  function still() {
    sending = false;
    bar.hidden = text.hidden = true;
    files.value = "";
  }

  function send() {
    if (sending || !files.files.length) return;
    const bytes = [...files.files].reduce((sum, each) => sum + each.size, 0);
    if (bytes > Number(form.dataset.limit) * 1024 * 1024) {
      tell(form.dataset.tooLarge);
      return;
    }
    sending = true;
    result.replaceChildren();
    bar.hidden = text.hidden = false;
    bar.value = 0;
    text.textContent = [...files.files].map((each) => each.name).join(" · ");
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("HX-Request", "true");
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) bar.value = (100 * event.loaded) / event.total;
      if (event.loaded === event.total) text.textContent = form.dataset.reading;
    });
    request.addEventListener("load", () => answer(request));
    request.addEventListener("error", () => tell(form.dataset.lost));
    request.send(new FormData(form));
  }

  function answer(request) {
    const next = request.getResponseHeader("HX-Redirect");
    if (next) {
      location.assign(next);
      return;
    }
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    const wrong = page.querySelector("[data-wrong]");
    if (wrong) {
      tell(wrong.textContent);
      return;
    }
    const told = page.getElementById("upload-result");
    if (!told) {
      tell(form.dataset.lost);
      return;
    }
    result.replaceChildren(...told.childNodes);
    const cards = page.querySelector(".source-cards");
    const shown = document.querySelector(".source-cards");
    if (cards && shown) shown.replaceWith(cards);
    else if (cards) form.after(cards);
    still();
  }
})();
