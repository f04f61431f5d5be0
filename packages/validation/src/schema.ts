/** A JSON schema of draft 07, as far as models need it. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/** Models by name; references between them are `#/definitions/<model>`. */
export type SchemaDocument = { readonly definitions?: { readonly [model: string]: JsonSchema } };
