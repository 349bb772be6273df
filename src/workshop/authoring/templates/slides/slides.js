// The sizes of text that are tried on a slide, in pixels of a frame 720 high. A slide that needs less scrolls instead.
const SIZES = [28, 26, 24, 22, 20.5];
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

function scrollers(frame) {
  return [...frame.querySelectorAll(".jp-CodeCell > .jp-Cell-inputWrapper, .jp-CodeCell > .jp-Cell-outputWrapper, .prediction")];
}

function fit(frame) {
  const fits = (size) => {
    frame.style.setProperty("--text", `${size}px`);
    return ![frame, ...scrollers(frame)].some(tooTall);
  };
  if (!SIZES.some(fits)) {
    fits(SCROLLING);
    // Text without a box that could scroll has to fit.
    SIZES.filter((size) => size < SCROLLING).some((size) => !tooTall(frame) || (fits(size), !tooTall(frame)));
  }
  for (const part of scrollers(frame).filter(tooTall)) {
    part.classList.add("scrolls");
    part.tabIndex = 0;
  }
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
