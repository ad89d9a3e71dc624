/** A document to be printed, as plain text in its parts: no markup crosses the bridge. */
export interface PrintedDocument {
  readonly language: string;
  readonly title: string;
  /** Beside the page's number at the foot of each page. */
  readonly foot: string;
  /** `Page {page} of {pages}` in the document's language. */
  readonly pageNumber: string;
  readonly blocks: readonly PrintedBlock[];
}

export type PrintedBlock =
  /** `signature`: with room above it for a pen. */
  | { readonly kind: 'heading' | 'text' | 'code' | 'signature'; readonly text: string }
  /** Framed, with a sign that needs no colour. */
  | { readonly kind: 'verdict'; readonly good: boolean; readonly title: string; readonly lines: readonly string[] }
  | { readonly kind: 'facts'; readonly facts: readonly (readonly [term: string, value: string])[] }
  | {
      readonly kind: 'table';
      readonly columns: readonly string[];
      /** Columns whose values are numbers or hexadecimal, by their place. */
      readonly mono: readonly number[];
      readonly rows: readonly (readonly string[])[];
    };
