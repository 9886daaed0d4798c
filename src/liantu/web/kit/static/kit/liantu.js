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
})();
