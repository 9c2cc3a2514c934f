/** What a code means, one sentence, and what the person can do. */
export type Text = readonly [meaning: string, remedy: string];

export type TextsOf<Code extends string> = Readonly<Record<Code, Text>>;

/** What a check looks at, and what the person can do where it does not pass; null where nothing is to be done. */
export type CheckTextsOf<Code extends string> = Readonly<Record<Code, readonly [title: string, remedy: string | null]>>;
