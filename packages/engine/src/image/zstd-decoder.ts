import { constants, createZstdDecompress, type ZstdDecompress } from 'node:zlib';

/**
 * The native half of a stream of node:zlib (src/node_zlib.cc of Node 24, `ZstdStream`). It is not part of Node's documented
 * interface: `ZstdDecoder.start` looks whether it is as expected.
 */
interface NativeStream {
  /** Then `state` holds the room that is left of the output and the bytes that are left of the input. */
  writeSync(
    flush: number,
    ...regions: [input: Uint8Array, at: number, length: number, output: Uint8Array, at: number, length: number]
  ): void;
  /** Called from within `writeSync`. */
  onerror: (message: string, errno: number, code: string) => void;
}
interface Opened {
  readonly _handle?: Partial<NativeStream> | null;
  readonly _writeState?: unknown;
}

/**
 * One zstd decoder for many frames. `zstdDecompressSync` makes a new one for each, whose memory costs as much as decoding
 * 64 KiB and waits for the collector: twice the time, and 100 MiB more of the process.
 */
export class ZstdDecoder {
  readonly #stream: ZstdDecompress;
  readonly #native: NativeStream;
  readonly #state: Uint32Array;
  readonly #beyond = new Uint8Array(1);
  #failure: Error | undefined;

  /** Undefined where this Node's streams are built in another way. */
  static start(): ZstdDecoder | undefined {
    const stream = createZstdDecompress({ chunkSize: 64 });
    const { _handle: native, _writeState: state } = stream as unknown as Opened;
    const isKnown =
      typeof native?.writeSync === 'function' &&
      typeof native.onerror === 'function' &&
      state instanceof Uint32Array &&
      state.length === 2;
    if (isKnown) return new ZstdDecoder(stream, native as NativeStream, state);
    stream.destroy();
    return undefined;
  }

  private constructor(stream: ZstdDecompress, native: NativeStream, state: Uint32Array) {
    this.#stream = stream;
    this.#native = native;
    this.#state = state;
    // oxlint-disable-next-line unicorn/prefer-add-event-listener
    native.onerror = (message, _errno, code) => {
      this.#failure = Object.assign(new Error(message), { code });
    };
  }

  /**
   * Decodes one whole frame and nothing else. Behind its last byte the decoder waits for the next frame by itself; Node's
   * own `reset` makes a new one, which costs a twelfth of decoding 64 KiB.
   * @returns how many bytes of `into` were filled
   *   Fewer than there should be: it may have been cut off, and the decoder is of no use any more
   * @throws Error where the frame is damaged or longer than `into`; the decoder is of no use then
   */
  decode(frame: Uint8Array, into: Uint8Array): number {
    let left = this.#run(frame, into);
    const filled = into.length - left.output;
    // Behind a full output something may be waiting: the end of the frame, or more content than there should be.
    left = this.#run(frame.subarray(frame.length - left.input), this.#beyond);
    if (left.output === 0) throw new Error(`the content is longer than ${into.length} bytes`);
    if (left.input > 0) throw new Error('the frame ends before its last byte');
    return filled;
  }

  close(): void {
    this.#stream.destroy();
  }

  #run(input: Uint8Array, output: Uint8Array): { readonly input: number; readonly output: number } {
    const { ZSTD_e_continue } = constants;
    this.#native.writeSync(ZSTD_e_continue, input, 0, input.length, output, 0, output.length);
    if (this.#failure) throw this.#failure;
    const [outputLeft = 0, inputLeft = 0] = this.#state;
    return { input: inputLeft, output: outputLeft };
  }
}
