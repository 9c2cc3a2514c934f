import type { Target } from '@diskferry/engine';
import type { TargetTraits } from '@diskferry/engine/guest';
import type { BootProof } from '@diskferry/protocol';

/**
 * The contract of providers: places that have volumes and instances. A recipe decides what is done in which order, a
 * provider only does it.
 *
 *     createInstance ─► stopped ──startInstance─► running ──stopInstance─► stopped
 *                          └ its volumes may be opened, grown, attached, detached
 *
 * - A call settles when what it asks for is reached; `changing` is what others see meanwhile.
 * - The key of an operation is stored on what it made or changed. The same call with the same key adopts what is there;
 *   the key with another call is refused (`operation-key-reused`). A step that crashed is simply run again.
 * - Deleting what is gone, attaching what is attached there, stopping what is stopped succeeds.
 * - A volume may be there that nobody has made here: a device of the machine. It is a data volume like the others, but
 *   cannot be grown or deleted (`volume-is-device`), and nothing is known of what it holds.
 * - What is held refuses every change by others (`held`) and names the holder; a change to a volume counts as one to the
 *   instance that it is attached to.
 * - Errors are ProviderErrors (provider-error.ts), or those of the engine from an open target; aborted is AbortError.
 */
export interface Provider extends AsyncDisposable {
  readonly name: string;
  readonly limits: Limits;
  /** What a system that starts here meets. Of the firmware each instance has one. */
  readonly traits: TargetTraits;
  readonly features: Features;
  regions(signal?: AbortSignal): Promise<readonly Region[]>;
  listVolumes(signal?: AbortSignal): Promise<readonly Volume[]>;
  listInstances(signal?: AbortSignal): Promise<readonly Instance[]>;
  getVolume(id: string, signal?: AbortSignal): Promise<Volume>;
  getInstance(id: string, signal?: AbortSignal): Promise<Instance>;
  /** What the operation of this key made or changed; undefined where it did nothing, or that is deleted. */
  find(key: OperationKey, signal?: AbortSignal): Promise<Ref | undefined>;
  /** A data volume that reads as zeros. */
  createVolume(wanted: NewVolume, act: Act): Promise<Volume>;
  /** To exactly `size`; the new end reads as zeros. Never shrinks. */
  growVolume(id: string, act: Act & { readonly size: number }): Promise<Volume>;
  attachVolume(id: string, act: Act & { readonly instance: string }): Promise<Volume>;
  detachVolume(id: string, act: Act): Promise<Volume>;
  deleteVolume(id: string, act: Act): Promise<void>;
  /** Stopped, with a system volume that reads as zeros. */
  createInstance(wanted: NewInstance, act: Act): Promise<Instance>;
  /** With its system volume; data volumes are detached and stay. */
  deleteInstance(id: string, act: Act): Promise<void>;
  startInstance(id: string, act: Act): Promise<Instance>;
  /** Asks the guest to shut down; what still runs after `graceMs` is switched off. 0: at once. */
  stopInstance(id: string, act: Act & { readonly graceMs: number }): Promise<Instance>;
  /**
   * The disk of a volume that no running instance has, for one writer at a time (`volume-in-use`). While it is open, its
   * instance cannot start and it cannot be grown or deleted. Who opened it disposes it.
   */
  openVolume(id: string, how: { readonly holder?: string; readonly signal?: AbortSignal }): Promise<Target>;
  /** Again by the same holder replaces the sentence. */
  hold(ref: Ref, by: Hold, signal?: AbortSignal): Promise<void>;
  /** Of what is not held, or gone, succeeds; of what another holds is refused. */
  release(ref: Ref, holder: string, signal?: AbortSignal): Promise<void>;
}

/** Powers that only some providers have. */
export interface Features {
  /** The last bytes of what the guest wrote to its serial console since it was started, at most `last`. */
  readonly serialLog?: (instance: string, how: { last: number; signal?: AbortSignal }) => Promise<SerialTail>;
  /**
   * Types into the serial console of a running instance, at most 16 KiB; settles when the instance has been given all of it.
   * Whether anybody in there reads it is seen in the log alone. `console-unread` where it did not take it.
   */
  readonly serialWrite?: (instance: string, how: { bytes: Uint8Array; signal?: AbortSignal }) => Promise<void>;
  /** The screen of a running instance as PNG. */
  readonly screenshot?: (instance: string, how: { signal?: AbortSignal }) => Promise<Uint8Array>;
  /**
   * How many bytes of the volume can hold data before the place where it lies is full, at most its size. Other volumes may
   * take of the same room meanwhile.
   */
  readonly roomFor?: (volume: string, signal?: AbortSignal) => Promise<number>;
  /**
   * Starts a throw-away copy of a stopped instance, with its firmware and without a network, and looks what becomes of it:
   * until it is up, has failed for good, or `withinMs` is over. Meanwhile its volumes are read and nobody can change them
   * (`volume-in-use`); nothing is ever written to them. What the guest does is no error.
   */
  readonly proveBoot?: (
    instance: string,
    how: { readonly holder?: string; readonly withinMs: number; readonly signal?: AbortSignal },
  ) => Promise<ProvedBoot>;
  /**
   * Comes each time that volumes or instances may look another way than when they were last listed, from the call on; it does
   * not say what. Ends with the signal, or when the provider is closed.
   */
  readonly changes?: (signal: AbortSignal) => AsyncIterable<void>;
}

/** With the picture of its screen as PNG where there is one, at most 256 KiB. */
export type ProvedBoot = Omit<BootProof, 'screenshot'> & { readonly screenshot?: Uint8Array };

/** `end` counts all bytes since the start of the instance, so that what is new since the last look can be told. */
export type SerialTail = { readonly bytes: Uint8Array; readonly end: number };

/** 1 to 64 printable characters of ASCII, what clouds take as a token; made by the caller, new for every operation. */
export type OperationKey = string;
export type Ref = { readonly kind: 'volume' | 'instance'; readonly id: string };
/** Who changes, under which key. `holder` is needed for what is held. */
export type Act = { readonly key: OperationKey; readonly holder?: string; readonly signal?: AbortSignal };
/** `why` is a sentence for people: "migration m-7 writes it". */
export type Hold = { readonly holder: string; readonly why: string };
export type Region = { readonly name: string; readonly zones: readonly string[] };
/** Sizes in bytes; one that is asked for is a multiple of `sizeStep`, and so is `minSize`. */
export type Limits = Readonly<Record<'sizeStep' | 'minSize' | 'maxSize' | 'dataVolumes', number>>;

type Placed = { readonly name: string; readonly region: string; readonly zone: string };
export type NewVolume = Placed & { readonly size: number };
/** Memory in bytes. */
type Machine = { readonly firmware: 'bios' | 'uefi'; readonly cpus: number; readonly memory: number };
export type NewInstance = Placed & Machine & { readonly systemSize: number };

/** `unusable` says why nothing but deleting can be done with it: damaged, expired. */
type Managed = Placed & { readonly id: string; readonly heldBy?: Hold; readonly unusable?: string };
/** The path as it was listed, and the name that the disk keeps whatever its path: of its maker, by its serial number or WWN. */
export type DeviceOfVolume = { readonly path: string; readonly name: string };
export type Volume = Managed & {
  readonly size: number;
  readonly role: 'system' | 'data';
  readonly state: 'available' | 'attached' | 'changing';
  /** It is this device of a machine, as the administrator has listed it: it has the size that it has, and is never deleted. */
  readonly device?: DeviceOfVolume;
  /** Slot 0 is the system volume; the guest sees its disks in the order of slots. */
  readonly attachment?: { readonly instance: string; readonly slot: number };
};
export type Instance = Managed &
  Machine & {
    readonly state: 'stopped' | 'running' | 'changing';
    /** Ids of volumes, in the order of slots. */
    readonly systemVolume: string;
    readonly dataVolumes: readonly string[];
  };
