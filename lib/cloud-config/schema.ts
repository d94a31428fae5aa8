/** What every field of the schema may say about itself. */
interface FieldFacts {
    /** The item is useless without this field: the agent skips it. */
    readonly required?: true;
    /** The reason that the original validator prints behind `deprecated key`. */
    readonly deprecated?: string;
}

/** A text. */
export interface StringField extends FieldFacts {
    readonly kind: "string";
    /** All values that the agent takes. */
    readonly oneOf?: readonly string[];
    /** What a value must look like, with `allowed` to say it in words. */
    readonly pattern?: RegExp;
    readonly allowed?: string;
    /** What to say about values that were once right. */
    readonly formerly?: Readonly<Record<string, string>>;
    /** May hold line breaks: the text of a file or a unit. */
    readonly multiline?: true;
    /** Holds a secret by its nature. */
    readonly secret?: true;
}

/** A text or bytes. */
export interface BytesField extends FieldFacts {
    readonly kind: "bytes";
}

/** `true` or `false`. */
export interface BooleanField extends FieldFacts {
    readonly kind: "boolean";
}

/** A number, whole or not. */
export interface NumberField extends FieldFacts {
    readonly kind: "integer" | "number";
}

/** A list of items of one kind. */
export interface ListField<Item extends Field = Field> extends FieldFacts {
    readonly kind: "list";
    readonly of: Item;
}

/** A mapping with known keys. */
export interface SectionField<Known = Fields> extends FieldFacts {
    readonly kind: "section";
    readonly fields: Known;
}

/** One field of the schema. */
export type Field =
    | StringField
    | BytesField
    | BooleanField
    | NumberField
    | ListField
    | SectionField;

/** The known keys of a mapping, in the order in which they are rendered. */
export type Fields = { readonly [key: string]: Field };

/** The field that describes a value of this type. */
type FieldFor<Value> = [Value] extends [string]
    ? StringField
    : [Value] extends [string | Uint8Array]
      ? BytesField
      : [Value] extends [boolean]
        ? BooleanField
        : [Value] extends [number]
          ? NumberField
          : [Value] extends [readonly (infer Item)[]]
            ? { readonly kind: "list"; readonly of: FieldFor<Item>; readonly deprecated?: string }
            : {
                  readonly kind: "section";
                  readonly fields: FieldsFor<Value>;
                  readonly deprecated?: string;
              };

/** A field for each key of this type: keeps the schema and the TypeScript types in step. */
export type FieldsFor<Section> = {
    readonly [Key in keyof Section]-?: FieldFor<Exclude<Section[Key], undefined>>;
};

/** A text of one line. */
export const text = { kind: "string" } as const satisfies StringField;

/** `true` or `false`. */
export const flag = { kind: "boolean" } as const satisfies BooleanField;

/** A whole number. */
export const integer = { kind: "integer" } as const satisfies NumberField;

/** A number, whole or not. */
export const number = { kind: "number" } as const satisfies NumberField;

/** A password. */
export const password = { kind: "string", secret: true } as const satisfies StringField;

/** The field, marked as deprecated for this reason. */
export function deprecated<Marked extends Field>(
    field: Marked,
    reason: string,
): Marked & { readonly deprecated: string } {
    return { ...field, deprecated: reason };
}

/** A list of items of one kind. */
export function list<Item extends Field>(of: Item): ListField<Item> {
    return { kind: "list", of };
}

/** A mapping with these keys. */
export function section<Known extends Fields>(fields: Known): SectionField<Known> {
    return { kind: "section", fields };
}
