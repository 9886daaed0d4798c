// What a page does besides being read. Every page works without this.
(function () {
  var root = document.documentElement;

  // dark and light
  var button = document.querySelector("[data-theme-switch]");
  function name() {
    button.textContent = root.getAttribute("data-bs-theme") === "dark" ? button.dataset.light : button.dataset.dark;
  }
  if (button) {
    button.hidden = false;
    name();
    button.addEventListener("click", function () {
      var next = root.getAttribute("data-bs-theme") === "dark" ? "light" : "dark";
      root.setAttribute("data-bs-theme", next);
      try { localStorage.setItem("liantu-theme", next); } catch (e) { /* it holds for this page */ }
      name();
    });
  }

  // a filter is applied as soon as it is chosen
  document.querySelectorAll("form[data-auto] select, form[data-auto] input[type=checkbox]").forEach(function (field) {
    field.addEventListener("change", function () { field.form.requestSubmit(); });
  });

  // the part of the menu where we are, on a narrow screen
  var active = document.querySelector(".menu .active");
  if (active && active.parentElement.parentElement.scrollTo) {
    active.parentElement.parentElement.scrollTo({ left: active.offsetLeft - 40 });
  }

  // the chain map: what belongs to a plant or a flow stands out
  var map = document.querySelector("svg.chain-map");
  if (!map) { return; }
  var wires = Array.prototype.slice.call(map.querySelectorAll(".wire"));
  var boxes = Object.create(null);
  map.querySelectorAll("[data-plant]").forEach(function (box) { boxes[box.dataset.plant] = box; });
  var frame = map.parentElement;
  if (boxes[frame.dataset.focus]) {
    var box = boxes[frame.dataset.focus].getBoundingClientRect(), view = frame.getBoundingClientRect();
    frame.scrollTo({
      left: box.left + box.width / 2 - view.left - view.width / 2,
      top: box.top + box.height / 2 - view.top - view.height / 2
    });
  }
  function clear() {
    map.classList.remove("focused");
    map.querySelectorAll(".near").forEach(function (e) { e.classList.remove("near"); });
  }
  function show(test, own) {
    clear();
    map.classList.add("focused");
    if (own) { own.classList.add("near"); }
    wires.forEach(function (wire) {
      if (!test(wire)) { return; }
      wire.classList.add("near");
      [wire.dataset.from, wire.dataset.to].forEach(function (id) {
        if (boxes[id]) { boxes[id].classList.add("near"); }
      });
    });
  }
  Object.keys(boxes).forEach(function (id) {
    function mine(wire) { return wire.dataset.from === id || wire.dataset.to === id; }
    var link = boxes[id].closest("a");  // it takes the focus
    ["mouseenter", "focusin"].forEach(function (e) {
      link.addEventListener(e, function () { show(mine, boxes[id]); });
    });
    ["mouseleave", "focusout"].forEach(function (e) { link.addEventListener(e, clear); });
  });
  wires.forEach(function (wire) {
    wire.addEventListener("mouseenter", function () {
      show(function (other) {
        return other.dataset.from === wire.dataset.from && other.dataset.what === wire.dataset.what;
      });
    });
    wire.addEventListener("mouseleave", clear);
  });
})();
