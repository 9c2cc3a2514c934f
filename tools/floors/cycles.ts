/** Things that point at each other, by name. */
export type Graph = ReadonlyMap<string, readonly string[]>;

/** Each ring that is met by walking the graph once: its names in order, the first one again at the end. */
export function findCycles(graph: Graph): string[][] {
  const cycles: string[][] = [];
  const finished = new Set<string>();
  const path: string[] = [];
  const walk = (name: string): void => {
    const at = path.indexOf(name);
    if (at >= 0) {
      cycles.push([...path.slice(at), name]);
      return;
    }
    if (finished.has(name)) return;
    path.push(name);
    for (const next of graph.get(name) ?? []) walk(next);
    path.pop();
    finished.add(name);
  };
  for (const name of graph.keys()) walk(name);
  return cycles;
}
