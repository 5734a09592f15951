// Ticks what a new password needs while it is typed; the server judges it again with all its rules.
(() => {
  for (const list of document.querySelectorAll("[data-password]")) {
    const box = document.getElementById(list.dataset.password);
    const about = list.dataset.about.split(" ").map((id) => document.getElementById(id)).filter(Boolean);
    const judge = () => {
      const word = box.value.normalize("NFC").toLowerCase();
      const names = about.map((each) => each.value.trim().toLowerCase()).filter((each) => each.length > 2);
      const met = {
        length: word.length >= 10,
        variety: new Set(word).size >= 5 && !/^(.*)(password|passw0rd|123456|qwerty|abc123)(.{0,4})$/.test(word),
        about: word.length > 0 && !names.some((each) => word.includes(each)),
      };
      for (const line of list.querySelectorAll("[data-rule]")) line.classList.toggle("rule-met", met[line.dataset.rule]);
    };
    for (const each of [box, ...about]) each.addEventListener("input", judge);
    judge();
  }
})();
