// How large the picture is drawn: whole if it can be read so, else in its own scroll area.
const MIN_SCALE = 0.75; // 9 px text; smaller can't be read
const MARGIN = 16;

/** Lays the picture out over the container's width and lets the container be as high as it. */
export function fit(canvas, container, scroller) {
  const room = container.clientWidth;
  if (!room) return; // in a fold that was closed, or about to be left
  const svg = scroller.querySelector(':scope > svg');
  const { inner } = canvas.viewbox();
  const scale = Math.min(1, Math.max(MIN_SCALE, (room - 2 * MARGIN) / inner.width));
  const width = Math.max(room, Math.ceil(inner.width * scale) + 2 * MARGIN);
  const height = Math.ceil(inner.height * scale) + 2 * MARGIN;
  scroller.style.overflow = 'auto hidden';
  svg.style.width = `${width}px`;
  svg.style.height = `${height}px`;
  container.style.height = `${height + (width > room ? scrollbarOf(scroller) : 0)}px`;
  canvas.resized();
  canvas.viewbox({
    x: inner.x - (width / scale - inner.width) / 2,
    y: inner.y - MARGIN / scale,
    width: scroller.clientWidth / scale,
    height: scroller.clientHeight / scale,
  });
}

const scrollbarOf = scroller => scroller.offsetHeight - scroller.clientHeight;

/** Puts the shape in the middle of what is seen. */
export function scrollTo(scroller, canvas, shape) {
  if (!shape) return;
  const { x, scale } = canvas.viewbox();
  scroller.scrollLeft = (shape.x + shape.width / 2 - x) * scale - scroller.clientWidth / 2;
}
