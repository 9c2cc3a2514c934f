/**
 * Which parts of a read have arrived. Chunks may come in any order, but no byte twice and none left out: a server that
 * does otherwise would let stale memory pass for the content of the disk.
 */
export class Coverage {
  readonly #length: number;
  /** Ends and starts in ascending order, neighbours joined: [start, end, start, end …]. */
  readonly #edges: number[] = [];

  constructor(length: number) {
    this.#length = length;
  }

  get isFull(): boolean {
    return this.#length === 0 || (this.#edges.length === 2 && this.#edges[1] === this.#length && this.#edges[0] === 0);
  }

  /** False, and nothing is noted, where the part is empty, leaves the whole or meets an earlier one. */
  add(start: number, length: number): boolean {
    const end = start + length;
    if (start < 0 || length <= 0 || end > this.#length) return false;
    const at = this.#firstEdgeAbove(start);
    const next = this.#edges[at];
    if (at % 2 === 1 || (next !== undefined && next < end)) return false;
    const joinsLeft = at > 0 && this.#edges[at - 1] === start;
    const joinsRight = next === end;
    const kept = [...(joinsLeft ? [] : [start]), ...(joinsRight ? [] : [end])];
    this.#edges.splice(joinsLeft ? at - 1 : at, Number(joinsLeft) + Number(joinsRight), ...kept);
    return true;
  }

  #firstEdgeAbove(place: number): number {
    let low = 0;
    let high = this.#edges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#edges[middle] ?? 0) > place) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
