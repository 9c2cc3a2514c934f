import { describe, expect, it } from 'vitest';
import { DirectInbox, GatheringInbox, type Inbox } from './inbox.ts';

function receive(inbox: Inbox, ...bytes: number[]): boolean {
  inbox.buffer.set(bytes);
  return inbox.put(bytes.length);
}

describe('DirectInbox', () => {
  it('gives the buffer of the socket itself', () => {
    const inbox = new DirectInbox();
    expect(inbox.take()).toBeUndefined();
    expect(receive(inbox, 1, 2, 3)).toBe(true);
    const taken = inbox.take();
    expect([...(taken ?? [])]).toEqual([1, 2, 3]);
    expect(taken?.buffer).toBe(inbox.buffer.buffer);
  });

  it('has no room as long as something is at hand or out', () => {
    const inbox = new DirectInbox();
    receive(inbox, 1);
    expect(receive(inbox, 2)).toBe(false);
    inbox.take();
    expect(receive(inbox, 2)).toBe(false);
    expect(inbox.take()).toBeUndefined();
    expect(receive(inbox, 2)).toBe(true);
  });
});

describe('GatheringInbox', () => {
  it('keeps what is out while more comes, and gives that together', () => {
    const inbox = new GatheringInbox();
    receive(inbox, 1, 2);
    const first = inbox.take();
    receive(inbox, 3);
    receive(inbox, 4, 5);
    expect([...(first ?? [])]).toEqual([1, 2]);
    expect([...(inbox.take() ?? [])]).toEqual([3, 4, 5]);
    expect(inbox.take()).toBeUndefined();
  });

  it('grows, up to a limit', () => {
    const inbox = new GatheringInbox();
    const record = new Uint8Array(inbox.buffer.length).map((_, at) => at % 251);
    inbox.buffer.set(record);
    let taken = 0;
    while (inbox.put(record.length)) taken += record.length;
    expect(taken).toBe(1024 * 1024);
    const all = inbox.take() ?? new Uint8Array(0);
    expect(all).toHaveLength(taken);
    for (let at = 0; at < taken; at += record.length) {
      expect(Buffer.compare(all.subarray(at, at + record.length), record)).toBe(0);
    }
  });
});
