import { BOOT_REACHED, PROOF_VERDICTS } from '@diskferry/protocol';
import { list, members, yesOrNo, oneOf, orNull, text, whole, type Shape } from './shape.ts';

const name = text(1000);
/** Links are long. */
const long = text(10_000);

const identity = members({}, { size: whole, etag: name, lastModified: name, version: name });

const layer = members({ kind: oneOf('package', 'image'), name }, { size: whole, member: long, subformat: name });

const image = members({
  source: long,
  identity,
  checksum: orNull(name),
  layers: list(100, layer),
  warnings: list(1000, long),
  fileSize: orNull(whole),
  virtualSize: whole,
  digest: orNull(name),
  readBack: oneOf('none', 'written', 'full'),
  target: members({ provider: name, volume: name, instance: orNull(name), size: whole }),
});

const bootProof = members({
  verdict: oneOf(...PROOF_VERDICTS),
  reached: oneOf(...BOOT_REACHED),
  evidence: list(100, name),
  seconds: whole,
  accelerator: name,
  screenshot: yesOrNo,
});

/** Of `Receipt`: the compiler cannot compare them, a test that takes out each member does. */
export const RECEIPT_SHAPE: Shape = members(
  {
    receipt: oneOf('diskferry-1'),
    migration: members({ id: name, name, kind: oneOf('instance', 'data') }),
    by: name,
    createdAt: whole,
    startedAt: whole,
    endedAt: whole,
    images: list(1000, image),
    startedInstance: orNull(name),
    worker: name,
    version: name,
  },
  { bootProof: orNull(bootProof) },
);

export const SIGNED_SHAPE: Shape = members({
  receipt: RECEIPT_SHAPE,
  signature: members({ algorithm: oneOf('Ed25519'), publicKey: text(44), value: text(88) }),
});
