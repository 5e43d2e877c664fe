/** A text that depends on `{count}`; Vietnamese has only `other`. */
export interface Plural {
  one?: string;
  other: string;
}

export interface Texts {
  [key: string]: string | Plural | Texts;
}

/** The same keys as `T`, with texts of one's own: what every other language has to have, no more and no less. */
export type Like<T> = T extends string
  ? string
  : T extends { readonly other: string }
    ? Plural
    : { [K in keyof T]: Like<T[K]> };

/** `a.b.c` for each text in `T`. */
export type Keys<T> = {
  [K in keyof T & string]: T[K] extends string | { readonly other: string } ? K : `${K}.${Keys<T[K]>}`;
}[keyof T & string];

type At<T, Key extends string> = Key extends `${infer Head}.${infer Rest}`
  ? Head extends keyof T
    ? At<T[Head], Rest>
    : never
  : Key extends keyof T
    ? T[Key]
    : never;

type Names<Text> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;
type NamesOf<Text> = Text extends { readonly other: infer Other } ? Names<Other> | "count" : Names<Text>;

/** What has to be filled into the text at `Key`: nothing, or an object. */
export type Values<T, Key extends string> = [NamesOf<At<T, Key>>] extends [never]
  ? []
  : [values: Record<NamesOf<At<T, Key>>, string | number>];
