/** The part of a distinguished name that all certificates of a project share (RFC 5280 §4.1.2.4). */
export interface ProjectSubject {
  /** ISO 3166 code of two capital letters. */
  readonly country?: string | undefined;
  readonly state?: string | undefined;
  readonly city?: string | undefined;
  readonly organisation?: string | undefined;
  readonly organisationalUnit?: string | undefined;
}
