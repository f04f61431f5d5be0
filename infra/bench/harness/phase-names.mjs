/** All phases, in the order in which they run. */
export const phaseNames = ['proxy', 'connection', 'action', 'sync', 'records'];

/** Throws when a name is none of a phase. */
export function requirePhases(names) {
  const unknown = names.filter((name) => !phaseNames.includes(name));
  if (unknown.length > 0) throw new Error(`no such phase: ${unknown.join(', ')} (there are ${phaseNames.join(', ')})`);
}
