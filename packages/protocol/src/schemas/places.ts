import { Type, type Static } from 'typebox';
import { PROVIDER_FEATURES } from '../provider-features.ts';
import { answered, asked, CURSOR, Id, LIMIT, listOf, nullable, oneOf, pageOf, text, whole } from './shapes.ts';

/** Where a thing is, and who can do something with it. */
const PLACED = {
  id: Type.String(),
  name: Type.String(),
  provider: Type.String(),
  region: Type.String(),
  zone: Type.String(),
  /** The machine whose worker manages it. */
  host: Type.String(),
  /** Whether this service manages it: otherwise it can be looked at, and migrations onto it can be created. */
  managedHere: Type.Boolean(),
  heldBy: nullable(answered('Hold', { holder: Type.String(), why: Type.String() })),
  /** Why it cannot be chosen as a target now; null where it can. */
  notATarget: nullable(answered('NotATarget', { code: Type.String(), reason: Type.String() })),
};

export const VolumeView = answered('Volume', {
  ...PLACED,
  size: Type.Integer(),
  role: oneOf(['system', 'data']),
  state: oneOf(['available', 'attached', 'changing']),
  /** It is this device of its host: the path as the administrator has listed it, and the name that the disk keeps. */
  device: nullable(answered('Device', { path: Type.String(), name: Type.String() })),
  attachment: nullable(answered('Attachment', { instance: Type.String(), slot: Type.Integer() })),
});
export type VolumeView = Static<typeof VolumeView>;
export const VolumePage = pageOf('VolumePage', VolumeView);

export const InstanceView = answered('Instance', {
  ...PLACED,
  firmware: oneOf(['bios', 'uefi']),
  cpus: Type.Integer(),
  memory: Type.Integer(),
  state: oneOf(['stopped', 'running', 'changing']),
  systemVolume: Type.String(),
  dataVolumes: Type.Array(Type.String()),
});
export type InstanceView = Static<typeof InstanceView>;
export const InstancePage = pageOf('InstancePage', InstanceView);

const PLACE_QUERY = {
  provider: Type.Optional(text(100, 1)),
  region: Type.Optional(text(100, 1)),
  zone: Type.Optional(text(100, 1)),
  text: Type.Optional(text(200)),
  cursor: CURSOR,
  limit: LIMIT,
};
export const VolumeQuery = asked('VolumeQuery', {
  ...PLACE_QUERY,
  state: Type.Optional(oneOf(['available', 'attached', 'changing'])),
  role: Type.Optional(oneOf(['system', 'data'])),
});
export const InstanceQuery = asked('InstanceQuery', {
  ...PLACE_QUERY,
  state: Type.Optional(oneOf(['stopped', 'running', 'changing'])),
});

const NEW = { name: text(200, 1), region: text(100, 1), zone: text(100, 1) };
export const VolumeInput = asked('VolumeInput', { ...NEW, size: whole(1) });
export const InstanceInput = asked('InstanceInput', {
  ...NEW,
  firmware: oneOf(['bios', 'uefi']),
  cpus: whole(1, 1024),
  memory: whole(1),
  systemSize: whole(1),
});
export const GrowInput = asked('GrowInput', { size: whole(1) });
export const AttachInput = asked('AttachInput', { instance: Id });
/** The guest is asked to shut down; what still runs after so many seconds is switched off. */
export const StopInput = asked('StopInput', { graceSeconds: Type.Integer({ minimum: 0, maximum: 600, default: 60 }) });
export const SerialQuery = asked('SerialQuery', {
  last: Type.Integer({ minimum: 1, maximum: 2 ** 20, default: 65_536 }),
});
/** As a keyboard sends it: Enter is a carriage return. */
export const SerialInput = asked('SerialInput', { text: Type.String({ minLength: 1, maxLength: 4096 }) });
export const SerialView = answered('SerialLog', {
  text: Type.String(),
  /** How many bytes the guest has written since it was started. */
  end: Type.Integer(),
});

/** What a system meets that starts on an instance: by this it is foreseen whether it will. */
export const InstanceTraits = answered('InstanceTraits', {
  bus: oneOf(['virtio-blk', 'virtio-scsi', 'ide']),
  firmware: Type.Array(oneOf(['bios', 'uefi'])),
  /** Null: instances have no network. */
  nic: nullable(oneOf(['virtio-net'])),
  /** Of the first network interface; null: it depends on the system. */
  interfaceName: nullable(Type.String()),
  tables: Type.Array(oneOf(['mbr', 'gpt'])),
  /** Where cloud-init finds its data; null: there are none. */
  datasources: nullable(Type.Array(Type.String())),
  needsCloudInit: Type.Boolean(),
  /** Whether the serial line is read. */
  serial: Type.Boolean(),
  architectures: Type.Array(Type.String()),
});
export type InstanceTraits = Static<typeof InstanceTraits>;

export const RegionList = listOf(
  'RegionList',
  answered('Region', {
    provider: Type.String(),
    name: Type.String(),
    zones: Type.Array(Type.String()),
    host: Type.String(),
    managedHere: Type.Boolean(),
    /** Whether a worker that reaches it was seen lately. */
    reachable: Type.Boolean(),
    /** What else the provider can do, as far as that differs. */
    features: Type.Array(oneOf(PROVIDER_FEATURES)),
    limits: answered('Limits', {
      sizeStep: Type.Integer(),
      minSize: Type.Integer(),
      maxSize: Type.Integer(),
      dataVolumes: Type.Integer(),
    }),
    /** Null where its worker does not tell. */
    traits: nullable(InstanceTraits),
  }),
);

export const WorkerList = listOf(
  'WorkerList',
  answered('Worker', {
    id: Type.String(),
    host: Type.String(),
    version: Type.String(),
    labels: Type.Array(Type.String()),
    concurrency: Type.Integer(),
    startedAt: Type.Integer(),
    seenAt: Type.Integer(),
    busyWith: Type.Array(Type.String()),
    draining: Type.Boolean(),
  }),
);
