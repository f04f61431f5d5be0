/** The least-squares slope of points `{ minute, mb }`, in MB per minute. */
export function slopeOf(points) {
  const count = points.length;
  const mean = (of) => points.reduce((sum, point) => sum + of(point), 0) / count;
  const [x, y] = [mean(({ minute }) => minute), mean(({ mb }) => mb)];
  const above = points.reduce((sum, { minute, mb }) => sum + (minute - x) * (mb - y), 0);
  const below = points.reduce((sum, { minute }) => sum + (minute - x) ** 2, 0);
  return below === 0 ? 0 : above / below;
}
