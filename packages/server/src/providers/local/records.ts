import { ProviderError } from '../provider-error.ts';
import type { Hold, Instance, OperationKey, Volume } from '../provider.ts';

/** What is kept of a volume and of an instance, as JSON. */
export interface Operation {
  readonly key: OperationKey;
  /** The call and what it asked for: the same key with another sentence is refused. */
  readonly what: string;
}

interface Common {
  readonly version: 1;
  readonly id: string;
  readonly name: string;
  readonly region: string;
  readonly zone: string;
  readonly heldBy?: Hold | undefined;
  /** The first one made it. */
  readonly operations: readonly Operation[];
}

export interface VolumeRecord extends Common, Pick<Volume, 'size' | 'role' | 'attachment'> {
  /** The device that it is; where there is none, it is a file. */
  readonly device?: DeviceRecord | undefined;
}

export interface DeviceRecord {
  /** As the administrator has written it. */
  readonly path: string;
  /** Whatever is found at the path must have this name (`describeDevice` of the engine). */
  readonly name: string;
  /** Whether the configuration named it when the folder was opened. */
  readonly listed: boolean;
}

export interface InstanceRecord extends Common, Pick<Instance, 'firmware' | 'cpus' | 'memory' | 'systemVolume'> {
  /** What the guest sees as the machine's UUID: the same at every start. */
  readonly uuid: string;
  readonly guest?: GuestRecord | undefined;
}

/** A guest that was started, or was about to be: `process` is missing where the service died in between. */
export interface GuestRecord {
  /** The id and a UUID of this start: the name that QEMU is given, and gives when it is asked. */
  readonly launch: string;
  readonly process?: { readonly pid: number; readonly startTime: string } | undefined;
}

/** Changes beyond this many are forgotten, the oldest first; the one that made the thing is kept. */
const OPERATIONS_KEPT = 64;

export function withOperation<Record extends Common>(record: Record, operation: Operation): Record {
  const [first, ...rest] = [...record.operations, operation];
  return { ...record, operations: first === undefined ? [] : [first, ...rest.slice(-OPERATIONS_KEPT)] };
}

/** Files are written as a whole, so one that does not read as a record was changed by somebody else. */
export function parseRecord(path: string, id: string, text: string): VolumeRecord | InstanceRecord {
  const record = parsed(text);
  const fault = record === undefined ? 'no JSON object' : faultOf(record, id);
  if (fault !== undefined) throw new ProviderError('folder-damaged', `${path}: ${fault}`);
  return record as unknown as VolumeRecord | InstanceRecord;
}

type Fields = Readonly<Record<string, unknown>>;

function parsed(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Fields) : undefined;
  } catch {
    return undefined;
  }
}

function faultOf(record: Fields, id: string): string | undefined {
  if (record['version'] !== 1) return `version ${String(record['version'])}, and 1 is known`;
  if (record['id'] !== id) return `the record of ${String(record['id'])}`;
  const texts = ['name', 'region', 'zone', ...(id.startsWith('i') ? ['systemVolume', 'uuid', 'firmware'] : ['role'])];
  const numbers = id.startsWith('i') ? ['cpus', 'memory'] : ['size'];
  const missing = [
    ...texts.filter((field) => typeof record[field] !== 'string'),
    ...numbers.filter((field) => !Number.isSafeInteger(record[field])),
    ...(Array.isArray(record['operations']) ? [] : ['operations']),
  ];
  if (missing.length > 0) return `without ${missing.join(', ')}`;
  if (record['device'] !== undefined && !isDevice(record['device'])) return 'a device without its path and name';
  const launch = (record['guest'] as Partial<GuestRecord> | undefined)?.launch;
  if (record['guest'] === undefined || (typeof launch === 'string' && LAUNCH.test(launch))) return undefined;
  return 'a guest without its launch';
}

function isDevice(value: unknown): boolean {
  const { path, name, listed } = (value ?? {}) as Partial<Record<keyof DeviceRecord, unknown>>;
  return typeof path === 'string' && typeof name === 'string' && typeof listed === 'boolean';
}

const LAUNCH = /^i-[0-9a-f]{16}\.[0-9a-f-]{36}$/;
