/** What a code means, one sentence, and what the person can do. */
export type Text = readonly [meaning: string, remedy: string];

export type TextsOf<Code extends string> = Readonly<Record<Code, Text>>;
