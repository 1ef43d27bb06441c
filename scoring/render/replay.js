"use strict";

const PLAY_MS = 1200;

/** Show one board of a replay at a time; returns what moves it to the frame that is linked to. */
function animate(replay) {
  const frames = [...replay.querySelectorAll(".frame")];
  const slider = replay.querySelector("input");
  const play = replay.querySelector("[data-play]");
  let timer = 0;
  let middle = 0;

  /** Where a picture is wider than its sheet, scroll to what it marks, or stay where it was. */
  const centre = (frame) => {
    const shown = [...frame.querySelectorAll("img")].find((image) => image.getClientRects().length);
    if (!shown) return;
    middle = Number(shown.dataset.middle ?? middle);
    const sheet = shown.closest(".sheet");
    sheet.scrollLeft = middle * shown.clientWidth - sheet.clientWidth / 2;
  };
  const show = (place) => {
    const at = Math.max(0, Math.min(frames.length - 1, place));
    frames.forEach((frame, index) => frame.classList.toggle("current", index === at));
    slider.value = String(at);
    slider.setAttribute("aria-valuetext", `${at + 1} of ${frames.length}: ${frames[at].dataset.words}`);
    for (const stop of replay.querySelectorAll(".stops a")) {
      const here = stop.hash === `#${frames[at].id}`;
      here ? stop.setAttribute("aria-current", "step") : stop.removeAttribute("aria-current");
    }
    centre(frames[at]);
  };
  const stop = () => {
    clearInterval(timer);
    timer = 0;
    play.textContent = "Play";
  };
  const forward = () => (slider.value === slider.max ? stop() : show(Number(slider.value) + 1));
  const start = () => {
    if (slider.value === slider.max) show(0);
    timer = setInterval(forward, PLAY_MS);
    play.textContent = "Pause";
  };

  slider.addEventListener("input", () => {
    stop();
    show(Number(slider.value));
  });
  for (const button of replay.querySelectorAll("[data-step]")) {
    button.addEventListener("click", () => {
      stop();
      show(Number(slider.value) + Number(button.dataset.step));
    });
  }
  play.addEventListener("click", () => (timer ? stop() : start()));

  replay.classList.add("live");
  replay.querySelector(".scrub").hidden = frames.length < 2;
  show(frames.length - 1);
  return (target) => {
    const place = frames.findIndex((frame) => frame.contains(target));
    if (place < 0) return;
    stop();
    show(place);
    replay.scrollIntoView();
  };
}

const moves = [...document.querySelectorAll(".replay")].map(animate);

function follow(hash) {
  const target = hash.length > 1 && document.getElementById(decodeURIComponent(hash.slice(1)));
  if (target) moves.forEach((move) => move(target));
}

addEventListener("hashchange", () => follow(location.hash));
addEventListener("click", (event) => {
  const link = event.target.closest('a[href^="#"]');
  if (link && link.hash === location.hash) follow(link.hash);
});
follow(location.hash);
