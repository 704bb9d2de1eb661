/* The keyboard of the console: / finds, j and k move, Enter opens, x ticks, g and a letter goes somewhere, ? helps.
   Nothing depends on this file: every page works without it. */
(function () {
  "use strict";
  var MOST_ROWS = 200;
  var waiting = false;

  function rows() {
    return Array.prototype.slice.call(document.querySelectorAll("tr.row"));
  }

  function move(step) {
    var all = rows();
    if (!all.length) { return; }
    var at = all.indexOf(document.querySelector("tr.at"));
    if (at >= 0) { all[at].classList.remove("at"); }
    var next = all[Math.max(0, Math.min(all.length - 1, at < 0 ? 0 : at + step))];
    next.classList.add("at");
    var target = next.querySelector("a.go") || next.querySelector("a, input");
    if (target) { target.focus({ preventScroll: true }); }
    next.scrollIntoView({ block: "nearest" });
  }

  function tick() {
    var box = document.querySelector("tr.at input[type=checkbox]");
    if (box) { box.click(); }
  }

  function help() {
    var dialog = document.getElementById("keys");
    if (dialog && dialog.showModal) { if (dialog.open) { dialog.close(); } else { dialog.showModal(); } }
  }

  function find() {
    var field = document.querySelector("[data-key='/']");
    if (field) { field.focus(); field.select(); }
  }

  /* The list of keys on the page says which letter leads where. */
  function go(letter) {
    var places = Array.prototype.slice.call(document.querySelectorAll("[data-go]"));
    var place = places.filter(function (one) { return one.textContent === letter; })[0];
    if (place) { location.href = place.getAttribute("data-go"); }
    return Boolean(place);
  }

  var KEYS = {
    "/": find,
    "?": help,
    j: function () { move(1); },
    k: function () { move(-1); },
    x: tick,
    g: function () { waiting = true; setTimeout(function () { waiting = false; }, 1500); }
  };

  function isTyping(element) {
    return /^(input|select|textarea)$/i.test(element.tagName) && element.type !== "checkbox";
  }

  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && isTyping(event.target)) { event.target.blur(); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) { return; }
    if (waiting && go(event.key)) { return; }
    waiting = false;
    if (KEYS[event.key]) { event.preventDefault(); KEYS[event.key](); }
  });

  /* A tick in the head of a list ticks every line; how many are ticked is said beside the buttons. */
  document.addEventListener("change", function (event) {
    var box = event.target;
    if (box.hasAttribute && box.hasAttribute("data-all")) {
      var every = document.querySelectorAll("input[name=" + box.getAttribute("data-all") + "]");
      Array.prototype.forEach.call(every, function (one) { one.checked = box.checked; });
    }
    var count = document.getElementById("count");
    if (count) { count.textContent = String(document.querySelectorAll("tr.row input:checked").length); }
  });

  /* What came while the page was open: an attempt stands in the list once, and the list stays short. */
  function take(body, html) {
    var parsed = document.createElement("template");
    parsed.innerHTML = html;
    body.insertBefore(parsed.content, body.firstChild);
    var seen = {};
    rows().forEach(function (row, place) {
      if (seen[row.id] || place >= MOST_ROWS) { row.parentNode.removeChild(row); }
      seen[row.id] = true;
    });
  }

  /* "Live" is only said while it is true. The browser connects again by itself. */
  function showLive(on) {
    var live = document.getElementById("live");
    if (live) { live.className = on ? "live" : "live off"; }
  }

  /* The overview asks again by itself: a call that failed shows that what stands there is old. */
  document.addEventListener("htmx:afterRequest", function (event) {
    if (event.detail.elt.id === "overview") { showLive(event.detail.successful); }
  });

  /* On a phone the menu is one line that scrolls: where one is must be in sight. */
  var here = document.querySelector(".side a[aria-current]");
  if (here) {
    var side = document.querySelector(".side");
    side.scrollLeft = here.offsetLeft - (side.clientWidth - here.offsetWidth) / 2;
  }

  var source = null;
  function follow() {
    var body = document.querySelector("[data-follow]");
    if (source) { source.close(); source = null; }
    if (!document.querySelector("#lines")) { return; }
    showLive(false);
    if (!body || !window.EventSource) { return; }
    source = new EventSource(body.getAttribute("data-follow"));
    source.onopen = function () { showLive(true); };
    source.onerror = function () { showLive(false); };
    source.addEventListener("lines", function (event) {
      if (body.tagName === "TBODY") { take(body, event.data); } else { location.reload(); }
    });
  }
  document.addEventListener("htmx:afterSettle", function (event) {
    if (event.detail.target && event.detail.target.id === "lines") { follow(); }
  });
  window.addEventListener("pagehide", function () { if (source) { source.close(); } });
  follow();
})();
