import type { Use } from './partition.ts';

const MBR_USES: Readonly<Record<number, Use>> = {
  0x01: 'fat',
  0x04: 'fat',
  0x06: 'fat',
  0x07: 'windows',
  0x0b: 'fat',
  0x0c: 'fat',
  0x0e: 'fat',
  0x27: 'windows-recovery',
  0x42: 'windows-dynamic',
  0x82: 'swap',
  0x83: 'linux',
  0x8e: 'lvm',
  0xa5: 'bsd',
  0xa6: 'bsd',
  0xa9: 'bsd',
  0xaf: 'apple',
  0xbf: 'solaris',
  0xe8: 'luks',
  0xef: 'esp',
  0xfd: 'raid',
};

/** The first group of a GUID tells nearly all apart; whole GUIDs are compared all the same. */
const GPT_USES: Readonly<Record<string, Use>> = {
  'c12a7328-f81f-11d2-ba4b-00a0c93ec93b': 'esp',
  '21686148-6449-6e6f-744e-656564454649': 'bios-boot',
  'ebd0a0a2-b9e5-4433-87c0-68b6b72699c7': 'windows',
  'e3c9e316-0b5c-4db8-817d-f92df00215ae': 'windows-reserved',
  'de94bba4-06d1-4d40-a16a-bfd50179d6ac': 'windows-recovery',
  '5808c8aa-7e8f-42e0-85d2-e1e90434cfb3': 'windows-dynamic',
  'af9b60a0-1431-4f62-bc68-3311714a69ad': 'windows-dynamic',
  '0fc63daf-8483-4772-8e79-3d69d8477de4': 'linux',
  '44479540-f297-41b2-9af7-d131d5f0458a': 'linux-root',
  '4f68bce3-e8cd-4db1-96e7-fbcaf984b709': 'linux-root',
  '69dad710-2ce4-4e3c-b16c-21a1d49abed3': 'linux-root',
  'b921b045-1df0-41c3-af44-4c6f280d3fae': 'linux-root',
  '933ac7e1-2eb4-4f13-b844-0e14e2aef915': 'linux-home',
  'bc13c2ff-59e6-4262-a352-b275fd6f7172': 'linux-boot',
  '0657fd6d-a4ab-43c4-84e5-0933c84b4f4f': 'swap',
  'e6d6d379-f507-44c2-a23c-238f2a3df928': 'lvm',
  'a19d880f-05fc-4d3b-a006-743f0f84911e': 'raid',
  'ca7d7ccb-63ed-4c53-861c-1742536059cc': 'luks',
  '516e7cb4-6ecf-11d6-8ff8-00022d09712b': 'bsd',
  '516e7cb6-6ecf-11d6-8ff8-00022d09712b': 'bsd',
  '83bd6b9d-7f41-11dc-be0b-001560b84f0f': 'bsd',
  '48465300-0000-11aa-aa11-00306543ecac': 'apple',
  '7c3457ef-0000-11aa-aa11-00306543ecac': 'apple',
};

export function useOfMbrType(type: number): Use {
  return MBR_USES[type] ?? 'other';
}

export function useOfGptType(guid: string): Use {
  return GPT_USES[guid] ?? 'other';
}
