// The reader's page: text and list are linked, keys accept, reject, correct and mark.
(function () {
  "use strict";
  var next = null, acted = null, settling = false, waiting = null;

  function rows() { return Array.prototype.slice.call(document.querySelectorAll("[data-proposal]")); }
  function row(n) { return document.getElementById("f" + n); }

  function light(n, scroll) {
    document.querySelectorAll(".figmark.now").forEach(function (m) { m.classList.remove("now"); });
    var mark = document.querySelector('.figmark[data-numbers~="' + n + '"]');
    if (!mark) { return; }
    mark.classList.add("now");
    if (scroll) { mark.scrollIntoView({ block: "center" }); }
  }

  function go(step) {
    var all = rows(), at = all.indexOf(document.activeElement.closest("[data-proposal]"));
    var to = all[Math.max(0, Math.min(all.length - 1, at + step))];
    if (to) { to.focus(); }
  }

  function after(one) {
    var all = rows(), at = all.indexOf(one);
    var left = all.slice(at + 1).concat(all.slice(0, at)).filter(function (other) { return other.dataset.open; });
    return (left[0] || one).dataset.proposal;
  }

  function press(one, what) {
    var button = one.querySelector('[data-act="' + what + '"]');
    if (!button) { return; }
    if (settling) {  // its form is not bound yet: a click would load the whole page
      waiting = function () { var again = row(one.dataset.proposal); if (again) { press(again, what); } };
      return;
    }
    next = after(one);
    acted = one.dataset.proposal;
    button.click();
  }

  function markSelection() {
    var form = document.getElementById("mark"), picked = window.getSelection(), text = document.getElementById("text");
    if (!form || !picked || picked.isCollapsed || !text.contains(picked.anchorNode) || !text.contains(picked.focusNode)) { return; }
    var range = picked.getRangeAt(0), before = document.createRange();
    before.setStart(text, 0);
    before.setEnd(range.startContainer, range.startOffset);
    var start = Array.from(before.toString()).length;
    form.elements.start.value = start;
    form.elements.end.value = start + Array.from(range.toString()).length;
    form.requestSubmit();
  }

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) && event.target.type !== "checkbox") { return; }
    if (!document.getElementById("reader")) { return; }
    if (event.key === "m") { markSelection(); return; }
    var one = event.target.closest && event.target.closest("[data-proposal]");
    if (event.key === "j" || event.key === "k") { go(event.key === "j" ? 1 : -1); event.preventDefault(); return; }
    if (!one) { return; }
    var what = { a: "accept", r: "reject", c: "correct" }[event.key];
    if (what) { press(one, what); event.preventDefault(); }
    if (event.key === "x") { var box = one.querySelector("input[type=checkbox]"); if (box) { box.checked = !box.checked; } event.preventDefault(); }
  });

  document.addEventListener("focusin", function (event) {
    var one = event.target.closest && event.target.closest("[data-proposal]");
    if (one && one.dataset.proposal !== next && one.dataset.proposal !== acted) { next = null; }
    if (one) { light(one.dataset.proposal, true); }
  });

  document.addEventListener("click", function (event) {
    var mark = event.target.closest && event.target.closest(".figmark");
    if (!mark) { return; }
    var to = row(mark.dataset.numbers.split(" ")[0]);
    if (to) { event.preventDefault(); to.focus(); to.scrollIntoView({ block: "center" }); }
  });

  document.addEventListener("change", function (event) {
    if (event.target.id !== "every") { return; }
    document.querySelectorAll("#reader input[name=n]").forEach(function (box) { box.checked = event.target.checked; });
  });

  document.addEventListener("htmx:beforeSwap", function (event) { settling = event.detail.shouldSwap; });

  document.addEventListener("htmx:afterSettle", function () {
    var act = waiting;
    settling = false;
    waiting = null;
    if (act) { act(); }
  });

  document.addEventListener("htmx:afterSwap", function () {
    if (next === null) { return; }
    var done = !row(acted) || !row(acted).dataset.open;  // else it was another swap, which took the focus along
    if (row(next)) { row(next).focus(); }
    if (done) { next = null; }
  });
}());
