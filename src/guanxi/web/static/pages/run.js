// A run under way is followed as it changes; a lost connection is told and taken up again.
(() => {
  const place = document.getElementById("run-state");
  const lost = document.getElementById("run-lost");
  if (!place?.dataset.follow) return;
  const SECONDS_UNTIL_AGAIN = 3;

  function follow() {
    const events = new EventSource(place.dataset.follow);
    events.addEventListener("state", (event) => {
      lost.hidden = true;
      const focused = document.activeElement?.id;
      const open = [...place.querySelectorAll("details")].map((each) => each.open);
      place.innerHTML = event.data;
      place.querySelectorAll("details").forEach((each, at) => (each.open = open[at] ?? false));
      if (focused) document.getElementById(focused)?.focus();
      window.htmx?.process(place);
    });
    events.addEventListener("end", () => {
      events.close();
      location.reload();
    });
    events.addEventListener("error", () => {
      lost.hidden = false;
      // A browser gives up for good when a server that restarts answers with a fault.
      if (events.readyState === EventSource.CLOSED) setTimeout(follow, SECONDS_UNTIL_AGAIN * 1000);
    });
  }
  follow();
})();
