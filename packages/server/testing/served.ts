/** What tests of sources and preflight use of the engine's: servers, object stores, folders and makers of images. */
export { dynamicVhd, fixedVhd } from '../../engine/testing/vhd-image.ts';
export { makeQcow2, tablesFirst } from '../../engine/testing/make-qcow2.ts';
export { collect } from '../../engine/testing/memory-bytes.ts';
export { MemorySource } from '../../engine/testing/memory-source.ts';
export { startNginx } from '../../engine/testing/nginx.ts';
export { KEYS, startObjectStore } from '../../engine/testing/object-store.ts';
export { seededBytes } from '../../engine/testing/seeded.ts';
export type { ServedObject } from '../../engine/testing/served-object.ts';
export { makeTar } from '../../engine/testing/tar-maker.ts';
export { tempFolder } from '../../engine/testing/temp.ts';
export { startTestServer, type TestServer } from '../../engine/testing/test-server.ts';
export { hasTool } from '../../engine/testing/tools.ts';
