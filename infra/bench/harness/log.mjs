/** One line of progress with the time of day, on stderr: stdout is for the figures. */
export function log(...words) {
  console.error(new Date().toISOString().slice(11, 23), ...words);
}
