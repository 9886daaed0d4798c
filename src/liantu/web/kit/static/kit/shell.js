// The frame of a page: its menu, the person's own menu, questions before a deed, messages.
(function () {
  // the menu on a narrow screen
  var button = document.querySelector("[data-menu-button]"), side = document.getElementById("menu");
  function open(yes) {
    side.classList.toggle("open", yes);
    button.setAttribute("aria-expanded", yes ? "true" : "false");
  }
  if (button && side) {
    button.hidden = false;
    button.addEventListener("click", function () { open(!side.classList.contains("open")); });
    var here = side.querySelector(".active");
    if (here && here.offsetTop > side.clientHeight) { side.scrollTop = here.offsetTop - 80; }
  }
  document.addEventListener("keydown", function (e) {
    if (e.key !== "Escape") { return; }
    if (side && side.classList.contains("open")) { open(false); button.focus(); }
    document.querySelectorAll("details[data-popup][open]").forEach(function (d) {
      d.open = false;
      d.querySelector("summary").focus();
    });
  });
  document.addEventListener("click", function (e) {
    document.querySelectorAll("details[data-popup][open]").forEach(function (d) {
      if (!d.contains(e.target)) { d.open = false; }
    });
    var close = e.target.closest("[data-dismiss]");
    if (close) { close.closest("[data-toast]").remove(); }
    var ask = e.target.closest("details[data-confirm] > summary");
    if (ask) { e.preventDefault(); question(ask.parentElement); }
    if (e.target.closest("[data-print]")) { window.print(); }
  });

  // a question before a deed: what unfolds without scripts becomes a dialog
  function question(details) {
    var body = details.querySelector(".confirm-body"), dialog = document.createElement("dialog");
    dialog.className = "confirm-dialog";
    dialog.setAttribute("aria-label", body.querySelector(".confirm-question").textContent);
    dialog.appendChild(body);
    details.parentNode.insertBefore(dialog, details.nextSibling);  // inside it, it would stay hidden
    dialog.addEventListener("click", function (e) { if (e.target === dialog) { dialog.close(); } });
    dialog.addEventListener("close", function () {
      details.appendChild(body);
      dialog.remove();
      details.querySelector("summary").focus();
    });
    body.querySelectorAll("[data-cancel]").forEach(function (b) {
      b.hidden = false;
      b.onclick = function () { dialog.close(); };
    });
    dialog.showModal();
  }

  // after a page or a part of it came
  function ready(root) {
    root.querySelectorAll("[data-dismiss]").forEach(function (b) { b.hidden = false; });
    var wrong = root.querySelector("[data-focus]");
    if (wrong && !wrong.closest("[data-sample]")) { wrong.focus(); }
  }
  ready(document);
  document.addEventListener("htmx:afterSettle", function (e) { ready(e.target); });
})();
