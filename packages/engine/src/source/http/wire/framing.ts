/** How the end of a body is found. */
export interface Framing {
  /** Nothing more of the body follows. */
  readonly ended: boolean;
  /** Whether the body is complete when the connection ends here. */
  readonly mayEndHere: boolean;
  /** What is still to come of the body, where that is known beforehand. */
  readonly left: number | undefined;
  /**
   * Takes the framing off, in place. Not to be called when it has ended.
   * @returns what there was of the body, and how many bytes belonged to the answer
   * @throws ProtocolError
   */
  take(bytes: Uint8Array): Unframed;
}

export interface Unframed {
  readonly body: Uint8Array;
  readonly used: number;
}
