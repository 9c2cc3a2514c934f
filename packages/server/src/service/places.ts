import type { FleetStore, Inventory } from '../fleet/fleet.ts';
import type { Found } from '../preflight/report.ts';
import type { Instance, Provider, Volume } from '../providers/provider.ts';

/** A worker that was not seen for so long is not counted on. */
const LATELY_MS = 60_000;

/** Volumes and instances wherever they are managed: here, or by a worker elsewhere. */
export class Places {
  readonly #provider: Provider | undefined;
  readonly #fleet: FleetStore;
  #inventories: Promise<readonly Inventory[]> | undefined;
  readonly #clock: () => number;

  constructor(provider: Provider | undefined, fleet: FleetStore, clock: () => number = Date.now) {
    this.#provider = provider;
    this.#fleet = fleet;
    this.#clock = clock;
  }

  async volume(id: string): Promise<Found<Volume> | undefined> {
    const here = (await this.#provider?.listVolumes())?.find((volume) => volume.id === id);
    return here ? this.#here(here) : this.#elsewhere(({ volumes }) => volumes.find((volume) => volume.id === id));
  }

  async instance(id: string): Promise<Found<Instance> | undefined> {
    const here = (await this.#provider?.listInstances())?.find((instance) => instance.id === id);
    return here ? this.#here(here) : this.#elsewhere(({ instances }) => instances.find((each) => each.id === id));
  }

  async #here<Thing>(thing: Thing): Promise<Found<Thing> | undefined> {
    if (this.#provider === undefined) return undefined;
    const { name: provider, limits } = this.#provider;
    return { thing, provider, limits, regions: await this.#provider.regions(), reachable: true };
  }

  async #elsewhere<Thing>(find: (inventory: Inventory) => Thing | undefined): Promise<Found<Thing> | undefined> {
    this.#inventories ??= this.#fleet.inventories();
    for (const inventory of await this.#inventories) {
      const thing = find(inventory);
      if (thing === undefined || inventory.provider === this.#provider?.name) continue;
      const { provider, limits, regions, seenAt } = inventory;
      return { thing, provider, limits, regions, reachable: this.#clock() - seenAt < LATELY_MS };
    }
    return undefined;
  }
}
