// The sizes of text that are tried on a slide, in pixels of a frame 720 high. A slide that needs less scrolls instead.
const SIZES = [34, 31, 28, 26, 24, 22, 20.5];
const SCROLLING = 22;

const sections = [...document.querySelectorAll(".slides > section > section")];

const frames = sections.map((section) => {
  const frame = document.createElement("div");
  frame.className = "frame";
  frame.append(...section.childNodes);
  section.append(frame);
  return frame;
});

function tooTall(part) {
  return part.scrollHeight > part.clientHeight + 1;
}

function tooLarge(part) {
  return tooTall(part) || part.scrollWidth > part.clientWidth + 1;
}

function boxes(frame) {
  return [...frame.querySelectorAll(".jp-CodeCell > .jp-Cell-inputWrapper, .jp-CodeCell > .result")];
}

// Whether all of a slide, or of each step of a slide that is shown in turns, can be seen without scrolling.
function fits(frame, size) {
  frame.style.setProperty("--text", `${size}px`);
  return steps(frame, () => ![frame, ...boxes(frame)].some(tooLarge)).every(Boolean);
}

function steps(frame, look) {
  if (!frame.classList.contains("turns")) {
    return [look()];
  }
  return [false, true].map((shown) => {
    frame.querySelectorAll(".fragment").forEach((part) => part.classList.toggle("visible", shown));
    const seen = look();
    frame.querySelectorAll(".fragment").forEach((part) => part.classList.remove("visible"));
    return seen;
  });
}

function fit(frame) {
  if (SIZES.some((size) => fits(frame, size))) {
    return;
  }
  // Code and output do not fit together: the output takes the place of the code.
  const results = [...frame.querySelectorAll(".result")];
  if (results.length) {
    frame.classList.add("turns");
    results.forEach((part) => part.classList.add("fragment"));
    if (SIZES.some((size) => fits(frame, size))) {
      return;
    }
  }
  // No size will do: a readable one, and boxes that scroll. Text that stands in no box has to be smaller.
  SIZES.filter((size) => size <= SCROLLING).some((size) => {
    frame.style.setProperty("--text", `${size}px`);
    return !steps(frame, () => tooTall(frame)).some(Boolean);
  });
  steps(frame, () => {
    for (const box of boxes(frame).filter(tooLarge)) {
      box.classList.add("scrolls");
      box.tabIndex = 0;
    }
  });
}

for (const cell of document.querySelectorAll(".jp-CodeCell")) {
  const lines = (cell.querySelector(".jp-Cell-inputWrapper pre")?.textContent ?? "").trimEnd().split("\n").length;
  cell.classList.toggle("short", lines <= 3);
}
for (const link of document.querySelectorAll(".frame a[href]")) {
  link.target = "_blank";
}

document.body.classList.add("measuring");
frames.forEach(fit);
document.body.classList.remove("measuring");

Reveal.initialize({
  width: 1280,
  height: 720,
  margin: 0.02,
  center: false,
  controls: false,
  hash: true,
  slideNumber: "h.v",
  transition: "none",
  plugins: [RevealNotes],
});
