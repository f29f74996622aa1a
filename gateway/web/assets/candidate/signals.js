// What a browser can tell of what happens around the page. Where it cannot, that is said.

const EACH_MS = 1000;

const SIGNALS = {
  // Another tab or window is in front.
  page_left: {
    known: () => "visibilityState" in document && "hasFocus" in document,
    watch: (on) => {
      const look = () => setTimeout(() => state(document.hidden || !document.hasFocus()));
      const state = changes("page_left", on);
      const over = new AbortController();
      document.addEventListener("visibilitychange", look, { signal: over.signal });
      for (const event of ["blur", "focus"]) addEventListener(event, look, { signal: over.signal });
      look();
      return () => over.abort();
    },
  },
  // Browsers tell that there is another screen, and no page whether it is shared.
  second_screen: {
    known: () => typeof screen.isExtended === "boolean",
    watch: (on) => {
      const state = changes("second_screen", on);
      const look = () => state(screen.isExtended);
      look();
      const timer = setInterval(look, EACH_MS);
      return () => clearInterval(timer);
    },
  },
  // That something was pasted; what it was is not looked at.
  paste: {
    known: () => "onpaste" in document,
    watch: (on) => heard(document, "paste", () => on.once("paste")),
  },
  device_change: {
    known: () => "ondevicechange" in (navigator.mediaDevices ?? {}),
    watch: (on) => heard(navigator.mediaDevices, "devicechange", () => on.once("device_change")),
  },
};

// Watches those of `signals` that this browser can tell, until `stop` is called. `on` has `begin`, `end` and `once`.
export function watched(signals, on) {
  const measured = signals.filter((name) => SIGNALS[name]?.known());
  const stops = [];
  queueMicrotask(() => stops.push(...measured.map((name) => SIGNALS[name].watch(on))));
  return {
    measured,
    notMeasured: signals.filter((name) => !measured.includes(name)),
    stop: () => {
      for (const stop of stops) stop();
    },
  };
}

function changes(name, on) {
  let is = false;
  return (now) => {
    if (now === is) return;
    is = now;
    if (is) on.begin(name);
    else on.end(name);
  };
}

function heard(target, event, listener) {
  target.addEventListener(event, listener);
  return () => target.removeEventListener(event, listener);
}
