// The chain map: figures beside what is pointed at, what belongs together stands out, zoom and move by mouse,
// touch and keyboard, a picture to take along. The map can be read and followed without this.
(function () {
  // a picture of the drawing: the server's SVG on a canvas
  document.querySelectorAll("[data-png]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { picture(button); });
  });
  function picture(button) {
    button.disabled = true;
    fetch(button.dataset.png).then(function (answer) {
      if (!answer.ok) { throw new Error(String(answer.status)); }
      return answer.text();
    }).then(function (text) {
      return new Promise(function (done, failed) {
        var image = new Image();
        image.onload = function () { done(image); };
        image.onerror = failed;
        image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(text);
      });
    }).then(function (image) {
      var most = Math.sqrt(6e7 / (image.width * image.height)), ratio = Math.max(0.2, Math.min(2, most));
      var canvas = document.createElement("canvas");
      canvas.width = Math.round(image.width * ratio);
      canvas.height = Math.round(image.height * ratio);
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob(function (blob) {
        var link = document.createElement("a");
        link.href = URL.createObjectURL(blob);
        link.download = button.dataset.name;
        link.click();
        setTimeout(function () { URL.revokeObjectURL(link.href); }, 10000);
        button.disabled = false;
      }, "image/png");
    }).catch(function () {
      button.disabled = false;
      window.alert(button.dataset.failed);
    });
  }

  document.querySelectorAll(".map-frame").forEach(function (frame) { enliven(frame, frame.querySelector("svg.chain-map")); });

  function enliven(frame, map) {
    if (!map) { return; }
    var boxes = Object.create(null), at = null;
    map.querySelectorAll("[data-plant]").forEach(function (box) { boxes[box.dataset.plant] = box; });
    function wiresOf(id) {  // looked up when first asked for: a large map is drawn before
      if (!at) {
        at = Object.create(null);
        map.querySelectorAll(".wire").forEach(function (wire) {
          [wire.dataset.from, wire.dataset.to].forEach(function (end) { (at[end] = at[end] || []).push(wire); });
        });
      }
      return at[id] || [];
    }

    // the figures, in place of the browser's slow title, which the keyboard never reaches
    var tip = document.createElement("div");
    tip.className = "map-tip";
    tip.setAttribute("aria-hidden", "true");  // the link's own name says the same
    tip.hidden = true;
    document.body.appendChild(tip);
    map.querySelectorAll(".wire > title, [data-plant] > title").forEach(function (title) {
      var owner = title.parentElement, text = title.textContent.split("\n").map(function (t) { return t.trim(); }).filter(Boolean).join("\n");
      owner.dataset.tip = text;
      if (owner.matches("a")) { owner.setAttribute("aria-label", text.replace(/\n/g, "; ")); }
      title.remove();
    });
    function tell(owner, x, y) {
      tip.textContent = owner.dataset.tip || "";
      tip.hidden = !tip.textContent;
      var wide = tip.offsetWidth, tall = tip.offsetHeight;
      tip.style.left = Math.max(4, Math.min(x + 14, window.innerWidth - wide - 6)) + "px";
      tip.style.top = Math.max(4, y + 18 + tall > window.innerHeight ? y - tall - 10 : y + 18) + "px";
    }
    function hush() { tip.hidden = true; }

    function clear() {
      map.classList.remove("focused");
      map.querySelectorAll(".near").forEach(function (e) { e.classList.remove("near"); });
    }
    function show(some, own) {
      clear();
      map.classList.add("focused");
      if (own) { own.classList.add("near"); }
      some.forEach(function (wire) {
        wire.classList.add("near");
        [wire.dataset.from, wire.dataset.to].forEach(function (id) { if (boxes[id]) { boxes[id].classList.add("near"); } });
      });
    }
    // one listener for all: two thousand would cost more than the drawing
    var hot = null, touched = null;
    function owner(e) { return e.target.closest(".box, .wire"); }
    function leave() { hot = null; clear(); hush(); }
    map.addEventListener("mouseover", function (e) {
      var found = owner(e);
      if (found === hot) { return; }
      leave();
      hot = found;
      if (!hot) { return; }
      if (hot.dataset.plant) { show(wiresOf(hot.dataset.plant), hot); }
      else { show(wiresOf(hot.dataset.from).filter(function (other) { return other.dataset.from === hot.dataset.from && other.dataset.what === hot.dataset.what; })); }
      tell(hot, e.clientX, e.clientY);
    });
    map.addEventListener("mouseleave", leave);
    map.addEventListener("focusin", function (e) {
      var box = owner(e);
      if (!box) { return; }
      bring(box);
      var r = box.getBoundingClientRect();
      show(wiresOf(box.dataset.plant), box);
      tell(box, r.left, r.bottom - 10);
    });
    map.addEventListener("focusout", leave);
    map.addEventListener("pointerdown", function (e) {
      var box = owner(e);
      touched = box && e.pointerType === "touch" && document.activeElement !== box ? box : null;
    });
    map.addEventListener("click", function (e) {
      var box = owner(e);
      if (!box || !box.dataset.plant) { return; }
      if (moved) { e.preventDefault(); } else if (touched === box) { e.preventDefault(); touched = null; box.focus(); }  // a finger first asks, then opens
    });
    map.addEventListener("dragstart", function (e) { e.preventDefault(); });

    // zoom and move: the part of the drawing that is seen
    var whole = map.viewBox.baseVal, full = { x: 0, y: 0, w: whole.width, h: whole.height };
    var seen = null, moved = false, pointers = new Map();
    var tools = frame.previousElementSibling && frame.previousElementSibling.matches(".map-tools") ? frame.previousElementSibling : null;
    function begin() {  // from scrolling to a window on the drawing
      if (seen) { return; }
      var k = map.getBoundingClientRect().width / full.w;
      var left = frame.scrollLeft, top = frame.scrollTop, tall = frame.clientHeight;
      seen = { x: left / k, y: top / k, w: frame.clientWidth / k, h: tall / k };
      frame.style.height = frame.offsetHeight + "px";
      frame.classList.add("zoomed");
      map.style.width = "100%";
      map.style.height = "100%";
      map.style.minWidth = "0";
      frame.scrollTo(0, 0);
      apply();
    }
    function apply() {
      var w = Math.max(seen.w, 1), h = Math.max(seen.h, 1);
      seen.x = Math.min(Math.max(seen.x, -w / 2), full.w - w / 2);
      seen.y = Math.min(Math.max(seen.y, -h / 2), full.h - h / 2);
      map.setAttribute("viewBox", [seen.x, seen.y, w, h].map(function (v) { return v.toFixed(2); }).join(" "));
      map.setAttribute("preserveAspectRatio", "xMinYMin meet");
    }
    function zoom(factor, x, y) {
      begin();
      var scale = frame.clientWidth / seen.w * factor;
      if (scale > 4 || scale < Math.min(0.08, frame.clientWidth / full.w / 2)) { return; }
      var r = frame.getBoundingClientRect();
      var px = seen.x + (x - r.left) / r.width * seen.w, py = seen.y + (y - r.top) / r.height * seen.h;
      seen = { x: px - (px - seen.x) / factor, y: py - (py - seen.y) / factor, w: seen.w / factor, h: seen.h / factor };
      apply();
    }
    function centre(factor) { var r = frame.getBoundingClientRect(); zoom(factor, r.left + r.width / 2, r.top + r.height / 2); }
    function pan(dx, dy) {  // px of the screen
      begin();
      var k = seen.w / frame.clientWidth;
      seen.x -= dx * k;
      seen.y -= dy * k;
      apply();
    }
    function reset() {
      if (!seen) { return; }
      seen = null;
      frame.classList.remove("zoomed");
      frame.style.height = map.style.width = map.style.height = map.style.minWidth = "";
      map.setAttribute("viewBox", "0 0 " + full.w + " " + full.h);
      map.removeAttribute("preserveAspectRatio");
    }
    function fit() {
      begin();
      var k = Math.max(full.w / frame.clientWidth, full.h / frame.clientHeight);
      seen = { w: frame.clientWidth * k, h: frame.clientHeight * k, x: 0, y: 0 };
      seen.x = (full.w - seen.w) / 2;
      seen.y = (full.h - seen.h) / 2;
      apply();
    }
    function bring(box) {  // what has the focus is seen
      if (!seen) { return; }
      var r = box.getBoundingClientRect(), f = frame.getBoundingClientRect();
      if (r.left < f.left || r.right > f.right || r.top < f.top || r.bottom > f.bottom) {
        pan(f.left + f.width / 2 - r.left - r.width / 2, f.top + f.height / 2 - r.top - r.height / 2);
      }
    }
    if (tools) {
      tools.hidden = false;
      tools.addEventListener("click", function (e) {
        var what = e.target.dataset.zoom;
        if (what === "in") { centre(1.4); } else if (what === "out") { centre(1 / 1.4); } else if (what === "fit") { fit(); } else if (what === "reset") { reset(); }
      });
    }
    frame.addEventListener("wheel", function (e) {
      if (!e.ctrlKey && !e.metaKey && !seen) { return; }  // the page scrolls until someone zooms
      e.preventDefault();
      zoom(Math.exp(-e.deltaY * (e.ctrlKey ? 0.008 : 0.0015)), e.clientX, e.clientY);
    }, { passive: false });
    frame.addEventListener("keydown", function (e) {
      if (e.ctrlKey || e.metaKey || e.altKey) { return; }
      var step = 80;
      if (e.key === "+" || e.key === "=") { centre(1.25); } else if (e.key === "-") { centre(0.8); } else if (e.key === "0") { reset(); }
      else if (e.key === "f") { fit(); } else if (e.key === "Escape") { clear(); hush(); return; }
      else if (seen && e.key === "ArrowLeft") { pan(step, 0); } else if (seen && e.key === "ArrowRight") { pan(-step, 0); }
      else if (seen && e.key === "ArrowUp") { pan(0, step); } else if (seen && e.key === "ArrowDown") { pan(0, -step); } else { return; }
      e.preventDefault();
    });
    map.addEventListener("pointerdown", function (e) {
      if (e.button !== 0) { return; }
      pointers.set(e.pointerId, { x: e.clientX, y: e.clientY });
      moved = false;
    });
    window.addEventListener("pointermove", function (e) {
      var last = pointers.get(e.pointerId);
      if (!last) { return; }
      var dx = e.clientX - last.x, dy = e.clientY - last.y;
      if (!moved && Math.abs(dx) + Math.abs(dy) < 5) { return; }
      moved = true;
      hush();
      frame.classList.add("held");
      if (pointers.size === 2) {
        var other;
        pointers.forEach(function (p, id) { if (id !== e.pointerId) { other = p; } });
        var before = Math.hypot(last.x - other.x, last.y - other.y), now = Math.hypot(e.clientX - other.x, e.clientY - other.y);
        if (before > 0) { zoom(now / before, (e.clientX + other.x) / 2, (e.clientY + other.y) / 2); }
      } else {
        pan(dx, dy);
      }
      pointers.set(e.pointerId, { x: e.clientX, y: e.clientY });
    });
    ["pointerup", "pointercancel"].forEach(function (name) {
      window.addEventListener(name, function (e) {
        pointers.delete(e.pointerId);
        frame.classList.remove("held");
        setTimeout(function () { if (!pointers.size) { moved = false; } }, 0);
      });
    });

    if (boxes[frame.dataset.focus]) {
      var box = boxes[frame.dataset.focus].getBoundingClientRect(), view = frame.getBoundingClientRect();
      frame.scrollTo({ left: box.left + box.width / 2 - view.left - view.width / 2, top: box.top + box.height / 2 - view.top - view.height / 2 });
    }
  }
})();
