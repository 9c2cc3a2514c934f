/** What the command and the service use of the engine. */
export type { Bytes, ByteStream, Range, Run } from './base/bytes.ts';
export { CATALOGUE } from './base/catalogue.ts';
export { lockExclusive, punchHole } from './base/system-calls.ts';
export {
  asDiskferryError,
  DiskferryError,
  isAbort,
  type ErrorCode,
  type ErrorKind,
  type Retry,
} from './base/errors.ts';
export type { Extent, FormatName, Image, ImageFacts, Scan } from './image/image.ts';
export { isDescriptor } from './image/vmdk/descriptor.ts';
export { openImage, type OpenOptions as OpenImageOptions } from './open/open-image.ts';
export type { ImageOrigin, Layer, Opened } from './open/opened.ts';
export { isAddressRange } from './source/address-range.ts';
export { Bandwidth } from './source/bandwidth.ts';
export { parseChecksum, type Checksum } from './source/checksum.ts';
export type { Credentials } from './source/credentials.ts';
export { parseLocator, type Locator } from './source/locator.ts';
export { type RetryEvent } from './source/retry-policy.ts';
export { openSource, type OpenOptions as OpenSourceOptions } from './source/open-source.ts';
export { SERVICE_POLICY, type AddressPolicy } from './source/policy.ts';
export { openBytes } from './source/ranged-bytes.ts';
export type { Identified, Identity, Source } from './source/source.ts';
export { claimDevice } from './target/block/claim-device.ts';
export { describeDevice, type DeviceDescription } from './target/block/describe-device.ts';
export { labelOf, labelOfUrl } from './source/label.ts';
export { withTiming } from './source/timed.ts';
export { FileTarget } from './target/file/file-target.ts';
export { parseTargetLocator, type TargetLocator } from './target/locator.ts';
export { describeOccupant, type Occupant } from './target/occupant.ts';
export { openTarget } from './target/open-target.ts';
export type { Target } from './target/target.ts';
export { noCheckpoint, type Binding, type Checkpoint } from './transfer/checkpoint.ts';
export { checkLanded, requireUnchanged, type CheckOptions } from './transfer/check-landed.ts';
export { CheckpointFile } from './transfer/checkpoint-file.ts';
export { compareDisks, diskDigest } from './transfer/compare.ts';
export { CELL_STATES, DiskMap, type CellState } from './transfer/disk-map.ts';
export { Meter, type Stage, type Wait } from './transfer/meter.ts';
export { Workshop } from './transfer/workshop.ts';
export { requireFit, transfer, type Landed, type Verify } from './transfer/transfer.ts';
